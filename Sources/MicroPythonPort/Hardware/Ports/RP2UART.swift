import Diagnostics
import Machine
import MicroPython

/// `machine.UART` on the boards of the rp2 port: settings that are not given stay as they were, and the pins
/// can be chosen among those that have the signal (ports/rp2/machine_uart.c).
extension RP2Port {
  var uartConstants: UARTConstants { .rp2 }

  /// Numbers below the least that the port takes stand for "as it was".
  private struct UARTSetup {
    var baudRate: Int
    var bits: Int
    var parity: Value
    var stopBits: Int
    var tx: Value
    var rx: Value
    var cts: Value
    var rts: Value
    var timeout: Int
    var timeoutBetweenBytes: Int
    var inversion: Int
    var flow: Int
    var transmitBufferSize: Int
    var receiveBufferSize: Int
  }

  private static var uartSetup: Signature<UARTSetup> {
    Signature(
      UARTSetup.init, .optional("baudrate", .int, default: 0), .optional("bits", .int, default: 0),
      .optional("parity", .value, default: Value(smallInt: -1)), .optional("stop", .int, default: 0),
      .keyword("tx", .value, default: .none), .keyword("rx", .value, default: .none),
      .keyword("cts", .value, default: .none), .keyword("rts", .value, default: .none),
      .keyword("timeout", .int, default: -1), .keyword("timeout_char", .int, default: -1),
      .keyword("invert", .int, default: -1), .keyword("flow", .int, default: -1),
      .keyword("txbuf", .int, default: 0), .keyword("rxbuf", .int, default: 0))
  }

  func construct(_ uart: UART, _ arguments: Arguments, _ hardware: Hardware) throws {
    // It starts with buffers of the usual size.
    if !arguments.isEmpty || uart.settings == nil { try start(uart, arguments, hardware, isNew: true) }
  }

  func start(_ uart: UART, _ arguments: Arguments, _ hardware: Hardware) throws {
    try start(uart, arguments, hardware, isNew: uart.settings == nil)
  }

  private func start(_ uart: UART, _ arguments: Arguments, _ hardware: Hardware, isNew: Bool) throws {
    let setup = try Self.uartSetup.read(arguments, hardware.vm)
    var settings = uart.settings ?? UARTSettings(baudRate: 115_200)
    if isNew {
      settings.receiveBufferSize = 256
      settings.transmitBufferSize = 256
    }
    if setup.baudRate > 0 { settings.baudRate = setup.baudRate }
    if setup.bits > 0 { settings.bits = setup.bits }
    if setup.parity.isNone {
      settings.parity = nil
    } else {
      let parity = try hardware.vm.int(setup.parity)
      if parity >= 0 { settings.parity = parity & 1 == 1 ? .odd : .even }
    }
    if setup.stopBits > 0 { settings.stopBits = setup.stopBits }
    let tx = try pin(setup.tx, uart, "TX", hardware)
    let rx = try pin(setup.rx, uart, "RX", hardware)
    _ = try pin(setup.cts, uart, "CTS", hardware)
    _ = try pin(setup.rts, uart, "RTS", hardware)
    if setup.timeout >= 0 { settings.timeout = Int64(setup.timeout & 0xffff) }
    if setup.timeoutBetweenBytes >= 0 {
      settings.timeoutBetweenBytes = Int64(setup.timeoutBetweenBytes & 0xffff)
    }
    try check("inversion", setup.inversion)
    if setup.inversion >= 0 {
      if setup.inversion > 0, uart.isHostPort {
        throw PythonError.notEmulated("inverted lines of a real UART are")
      }
      settings.isTXInverted = setup.inversion & 1 != 0
      settings.isRXInverted = setup.inversion & 2 != 0
    }
    try check("hardware flow control", setup.flow)
    if setup.flow > 0 { throw PythonError.notEmulated("UART hardware flow control is") }
    if let size = try bufferSize("txbuf", setup.transmitBufferSize) { settings.transmitBufferSize = size }
    if let size = try bufferSize("rxbuf", setup.receiveBufferSize) { settings.receiveBufferSize = size }
    try uart.start(settings, tx: tx, rx: rx)
  }

  private func check(_ name: String, _ mask: Int) throws(PythonError) {
    guard mask <= 0 || mask & ~3 == 0 else { throw .value("bad \(name) mask") }
  }

  private func pin(_ value: Value, _ uart: UART, _ signal: String, _ hardware: Hardware) throws -> Pin? {
    guard !value.isNone else { return nil }
    let pin = try hardware.findPin(value)
    guard pin.carries("UART\(uart.number)_\(signal)") else {
      throw PythonError.value("bad \(signal) pin")
    }
    return pin
  }

  private func bufferSize(_ name: String, _ size: Int) throws(PythonError) -> Int? {
    guard size > 0 else { return nil }
    guard size <= 32766 else { throw .value("\(name) too large") }
    return max(32, size)
  }

  func text(of uart: UART) -> String {
    let settings = uart.settings ?? UARTSettings(baudRate: 0)
    let parity = settings.parity.map { String($0.rawValue) } ?? "None"
    let irq = uartConstants.number(uart.trigger)
    let inverted = (settings.isTXInverted ? ["INV_TX"] : []) + (settings.isRXInverted ? ["INV_RX"] : [])
    let inversion = inverted.isEmpty ? "None" : inverted.joined(separator: "|")
    return "UART(\(uart.number), baudrate=\(settings.baudRate), bits=\(settings.bits), parity=\(parity), "
      + "stop=\(settings.stopBits), tx=\(uart.txPin.number), rx=\(uart.rxPin.number), "
      + "txbuf=\(settings.transmitBufferSize), rxbuf=\(settings.receiveBufferSize), "
      + "timeout=\(settings.timeout), timeout_char=\(settings.timeoutBetweenBytes), "
      + "invert=\(inversion), irq=\(irq))"
  }

  func unsupportedTrigger(_ number: Int) -> PythonError {
    .value("trigger 0x\(uartConstants.unknownBits(number, digits: 4)) unsupported")
  }

  func addUARTMembers(to type: PythonClassBuilder<Hardware, UARTObject>) {}
}
