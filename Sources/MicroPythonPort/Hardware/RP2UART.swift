import Machine
import MicroPython

/// How `machine.UART` is set up on the boards of the rp2 port: what is not given stays as it was, and the pins can be
/// chosen among those that have the signal (ports/rp2/machine_uart.c).
extension Hardware {
  /// - Parameter isNew: from the constructor, which starts with buffers of the usual size.
  func startRP2(_ uart: UART, _ arguments: Arguments, isNew: Bool) throws(Raised) {
    let options = try vm.parse(
      arguments, positional: ["baudrate", "bits", "parity", "stop"], required: 0,
      keywordOnly: [
        "tx", "rx", "cts", "rts", "timeout", "timeout_char", "invert", "flow", "txbuf", "rxbuf",
      ])
    var settings = uart.settings ?? UARTSettings(baudRate: 115_200)
    if isNew || uart.settings == nil {
      settings.receiveBufferSize = 256
      settings.transmitBufferSize = 256
    }
    func number(_ index: Int, atLeast minimum: Int) throws(Raised) -> Int? {
      guard !options[index].isUnbound else { return nil }
      let number = try vm.int(options[index])
      return number >= minimum ? number : nil
    }
    if let rate = try number(0, atLeast: 1) { settings.baudRate = rate }
    if let bits = try number(1, atLeast: 1) { settings.bits = bits }
    if options[2].isNone {
      settings.parity = nil
    } else if let parity = try number(2, atLeast: 0) {
      settings.parity = parity & 1 == 1 ? .odd : .even
    }
    if let stop = try number(3, atLeast: 1) { settings.stopBits = stop }
    let tx = try uartPin(options[4], uart, "TX")
    let rx = try uartPin(options[5], uart, "RX")
    _ = try uartPin(options[6], uart, "CTS")
    _ = try uartPin(options[7], uart, "RTS")
    if let timeout = try number(8, atLeast: 0) { settings.timeout = Int64(timeout & 0xffff) }
    if let timeout = try number(9, atLeast: 0) { settings.timeoutBetweenBytes = Int64(timeout & 0xffff) }
    for (index, name, mask) in [(10, "inversion", 3), (11, "hardware flow control", 3)] {
      let value = try number(index, atLeast: 0) ?? 0
      guard value & ~mask == 0 else { throw vm.error(.valueError, "bad \(name) mask") }
      guard value == 0 else {
        throw vm.error(.notImplementedError, "UART \(name) is not emulated; see docs/compatibility.md")
      }
    }
    if let size = try bufferSize("txbuf", number(12, atLeast: 1)) { settings.transmitBufferSize = size }
    if let size = try bufferSize("rxbuf", number(13, atLeast: 1)) { settings.receiveBufferSize = size }
    do throws(UARTError) {
      try uart.start(settings, tx: tx, rx: rx)
    } catch { throw vm.error(.valueError, error.description) }
  }

  private func uartPin(_ value: Value, _ uart: UART, _ signal: String) throws(Raised) -> Pin? {
    guard !value.isUnbound, !value.isNone else { return nil }
    let pin = try pin(pinObject(value))
    guard pin.functions.contains(where: { $0.signal == "UART\(uart.number)_\(signal)" }) else {
      throw vm.error(.valueError, "bad \(signal) pin")
    }
    return pin
  }

  private func bufferSize(_ name: String, _ size: Int?) throws(Raised) -> Int? {
    guard let size else { return nil }
    guard size <= 32766 else { throw vm.error(.valueError, "\(name) too large") }
    return max(32, size)
  }

  func rp2Text(of uart: UART) -> String {
    let settings = uart.settings ?? UARTSettings(baudRate: 0)
    let parity = settings.parity.map { String($0.rawValue) } ?? "None"
    let irq = UARTConstants(port).number(uart.trigger)
    return "UART(\(uart.number), baudrate=\(settings.baudRate), bits=\(settings.bits), parity=\(parity), "
      + "stop=\(settings.stopBits), tx=\(uart.txPin.number), rx=\(uart.rxPin.number), "
      + "txbuf=\(settings.transmitBufferSize), rxbuf=\(settings.receiveBufferSize), "
      + "timeout=\(settings.timeout), timeout_char=\(settings.timeoutBetweenBytes), invert=None, irq=\(irq))"
  }
}
