import Glibc
import MicroPython

/// An IPv4 address and port, as firmware writes it: `('127.0.0.1', 8080)`.
///
/// Only the host's own loopback addresses exist for the board: firmware in an emulator shall reach nothing outside by
/// accident, and nobody outside shall reach it.
struct SocketAddress: Hashable {
  /// In the host's byte order.
  var host: UInt32
  var port: UInt16

  static let loopback: UInt32 = 0x7f00_0001

  var isLoopback: Bool { host >> 24 == 0x7f }

  /// `127.0.0.1`
  var hostText: String { [24, 16, 8, 0].map { String(host >> $0 & 0xff) }.joined(separator: ".") }

  /// Four numbers with dots between them; nil for anything else.
  static func host(dotted text: String) -> UInt32? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var host: UInt32 = 0
    for part in parts {
      guard let number = UInt8(part) else { return nil }
      host = host << 8 | UInt32(number)
    }
    return host
  }

  init(host: UInt32, port: UInt16) {
    self.host = host
    self.port = port
  }

  init(_ native: sockaddr_in) {
    host = UInt32(bigEndian: native.sin_addr.s_addr)
    port = UInt16(bigEndian: native.sin_port)
  }

  private var native: sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = host.bigEndian
    return address
  }

  /// Calls a function of the C library that takes an address.
  func withNative<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
    var address = native
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }

  /// Calls a function of the C library that fills in an address.
  static func filled<Result>(
    by body: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Result
  ) -> (result: Result, address: SocketAddress) {
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, &length) }
    }
    return (result, SocketAddress(address))
  }

  // MARK: Firmware's form

  func value(_ vm: Interpreter) -> Value {
    vm.heap.tuple([vm.heap.string(hostText), Value(smallInt: Int(port))])
  }

  /// The address in a tuple or list of host and port.
  /// - Parameter listens: the empty host and 0.0.0.0 stand for the loopback address.
  init(_ value: Value, listens: Bool = false, _ vm: Interpreter) throws(Raised) {
    guard
      let items = TupleHandle(value).map({ Array($0.items) }) ?? ListHandle(value).map({ Array($0.items) })
    else {
      throw vm.error(.typeError, "object isn't a tuple or list")
    }
    guard items.count == 2 else { throw vm.error(.valueError, "address is a tuple of host and port") }
    let host = try SocketAddress.resolve(try vm.string(items[0]), vm)
    let port = try vm.int(items[1])
    guard let port = UInt16(exactly: port) else { throw vm.error(.valueError, "port must be 0 to 65535") }
    self.init(host: host == 0 && listens ? SocketAddress.loopback : host, port: port)
    guard isLoopback else {
      throw vm.osError(
        .ehostunreach, "\(hostText): the emulated board reaches only 127.0.0.1; see docs/compatibility.md")
    }
  }

  /// The address of a host by its name. There is no name service, only `localhost`.
  static func resolve(_ name: String, _ vm: Interpreter) throws(Raised) -> UInt32 {
    if name.isEmpty { return 0 }
    if name == "localhost" { return loopback }
    guard let host = host(dotted: name) else {
      throw vm.error(
        .osError,
        arguments: [
          Value(smallInt: -2), vm.heap.string("\(name): the emulated board knows no name but localhost"),
        ])
    }
    return host
  }
}

extension Interpreter {
  /// An `OSError` whose text says more than its number.
  func osError(_ number: ErrorNumber, _ text: String) -> Raised {
    error(.osError, arguments: [Value(smallInt: number.rawValue), heap.string(text)])
  }
}
