import Glibc

/// An IPv4 address and port.
///
/// Only the host's own loopback addresses exist for the board: firmware in an emulator must reach nothing
/// outside by accident, and nobody outside must reach it.
public struct SocketAddress: Hashable, Sendable {
  /// In the host's byte order.
  package var host: UInt32
  public var port: UInt16

  package static let loopback: UInt32 = 0x7f00_0001

  package var isLoopback: Bool { host >> 24 == 0x7f }

  /// `127.0.0.1`
  public var hostText: String { [24, 16, 8, 0].map { String(host >> $0 & 0xff) }.joined(separator: ".") }

  /// Four numbers with dots between them, or `localhost`, the only name that the board knows; nil for anything else.
  package static func host(named text: String) -> UInt32? {
    if text == "localhost" { return loopback }
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var host: UInt32 = 0
    for part in parts {
      guard let number = UInt8(part) else { return nil }
      host = host << 8 | UInt32(number)
    }
    return host
  }

  package init(host: UInt32, port: UInt16) {
    self.host = host
    self.port = port
  }

  /// - Parameter listens: the empty host and 0.0.0.0 stand for the loopback address.
  init(_ name: String, _ port: Int, listens: Bool) throws(SocketError) {
    let named = name.isEmpty ? 0 : Self.host(named: name)
    guard let named else {
      throw SocketError(EHOSTUNREACH, "\(name): the emulated board knows no name but localhost")
    }
    guard let port = UInt16(exactly: port) else { throw SocketError(EINVAL, "port must be 0 to 65535") }
    self.init(host: named == 0 && listens ? Self.loopback : named, port: port)
    guard isLoopback else {
      throw SocketError(EHOSTUNREACH, "\(hostText): the emulated board reaches only 127.0.0.1")
    }
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
}

extension SocketAddress: CustomStringConvertible {
  public var description: String { "\(hostText):\(port)" }
}
