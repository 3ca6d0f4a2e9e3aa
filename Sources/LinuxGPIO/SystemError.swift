import Glibc

/// A system call's refusal.
public struct SystemError: Error, Hashable, CustomStringConvertible {
  /// As in `errno`.
  public let number: Int32

  public init(number: Int32) { self.number = number }

  public var description: String { String(cString: strerror(number)) }
}
