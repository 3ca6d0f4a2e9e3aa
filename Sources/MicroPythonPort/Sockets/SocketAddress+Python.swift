import Asyncio
import MicroPython

/// Addresses as firmware writes them: `('127.0.0.1', 8080)`.
extension SocketAddress {
  func value(_ vm: Interpreter) -> Value {
    vm.heap.tuple([vm.heap.string(hostText), Value(smallInt: Int(port))])
  }

  /// The address in a tuple or list of host and port.
  /// - Parameter listens: the empty host and 0.0.0.0 stand for the loopback address.
  init(_ value: Value, listens: Bool = false, _ vm: Interpreter) throws(Raised) {
    guard
      let items = TupleHandle(value).map({ Array($0.items) }) ?? ListHandle(value).map({ Array($0.items) })
    else {
      throw vm.notSequence(value)
    }
    guard items.count == 2 else { throw vm.error(.valueError, "address is a tuple of host and port") }
    let host = try SocketAddress.resolve(try vm.string(items[0]), vm)
    let port = try vm.int(items[1])
    guard let port = UInt16(exactly: port) else { throw vm.error(.valueError, "port must be 0 to 65535") }
    self.init(host: host == 0 && listens ? SocketAddress.loopback : host, port: port)
    guard isLoopback else {
      throw vm.osError(
        .ehostunreach,
        "\(hostText): the emulated board reaches only 127.0.0.1; see `vpyboard docs compatibility`")
    }
  }

  /// The address of a host by its name. There is no name service, only `localhost`.
  static func resolve(_ name: String, _ vm: Interpreter) throws(Raised) -> UInt32 {
    if name.isEmpty { return 0 }
    guard let host = host(named: name) else {
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

  func osError(_ error: SocketError) -> Raised { osError(Int(error.number)) }
}
