import MicroPython

extension Hardware {
  /// Returns the arguments of a bus that is made as firmware made one on any pins once: without a number, or with the number -1.
  /// A Pyboard still makes a `SoftI2C` or `SoftSPI` of that, and warns (extmod/modmachine.h).
  /// - Returns: nil for a bus with a number, and on other ports.
  func softBusArguments(_ arguments: Arguments, _ bus: String) -> Arguments? {
    guard port.makesSoftBusesByNumber, arguments.count == 0 || arguments[0] == Value(smallInt: -1) else {
      return nil
    }
    vm.write(Array("Warning: \(bus)(-1, ...) is deprecated, use Soft\(bus)(...) instead\n".utf8))
    return arguments.count == 0 ? arguments : arguments.dropFirst()
  }
}
