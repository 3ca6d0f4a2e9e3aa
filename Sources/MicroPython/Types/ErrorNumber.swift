/// The numbers of `OSError`s as a Pyboard knows them (py/mperrno.h, the names that its `errno` module has).
package enum ErrorNumber: Int, CaseIterable, Sendable {
  case eperm = 1
  case enoent = 2
  case eio = 5
  case ebadf = 9
  case eagain = 11
  case enomem = 12
  case eacces = 13
  case eexist = 17
  case enodev = 19
  case eisdir = 21
  case einval = 22
  case eopnotsupp = 95
  case eaddrinuse = 98
  case econnaborted = 103
  case econnreset = 104
  case enobufs = 105
  case enotconn = 107
  case etimedout = 110
  case econnrefused = 111
  case ehostunreach = 113
  case ealready = 114
  case einprogress = 115

  /// As it is printed and named in `errno`.
  package var name: String { String(describing: self).uppercased() }

  static func name(of number: Int) -> String? { ErrorNumber(rawValue: number)?.name }
}
