import Machine
import MicroPython

/// `machine.UART` on the boards of the stm32 port (ports/stm32/machine_uart.c).
extension STM32Port {
  var uartConstants: UARTConstants { .stm32 }

  private struct UARTSetup {
    var baudRate: Int
    var bits: Int
    var parity: Int?
    var stopBits: Int
    var flow: Int
    var timeout: Int
    var timeoutBetweenBytes: Int
    var receiveBufferSize: Int
    /// The older name of `rxbuf`, which goes before it.
    var readBufferLength: Int
  }

  private static var uartSetup: Signature<UARTSetup> {
    Signature(
      UARTSetup.init, .required("baudrate", .int), .optional("bits", .int, default: 8),
      .optional("parity", .orNone(.int), default: nil), .optional("stop", .int, default: 1),
      .keyword("flow", .int, default: 0), .keyword("timeout", .int, default: 0),
      .keyword("timeout_char", .int, default: 0), .keyword("rxbuf", .int, default: -1),
      .keyword("read_buf_len", .int, default: 64))
  }

  func construct(_ uart: UART, _ arguments: Arguments, _ hardware: Hardware) throws {
    if !arguments.isEmpty { try start(uart, arguments, hardware) }
  }

  func start(_ uart: UART, _ arguments: Arguments, _ hardware: Hardware) throws {
    let setup = try Self.uartSetup.read(arguments, hardware.vm)
    try uart.start(
      UARTSettings(
        baudRate: setup.baudRate, bits: setup.bits, parity: setup.parity.map { $0 & 1 == 0 ? .even : .odd },
        stopBits: setup.stopBits, timeout: Int64(setup.timeout),
        timeoutBetweenBytes: Int64(setup.timeoutBetweenBytes),
        receiveBufferSize: setup.receiveBufferSize >= 0 ? setup.receiveBufferSize : setup.readBufferLength,
        usesRTS: setup.flow & 0x100 != 0, usesCTS: setup.flow & 0x200 != 0))
  }

  func text(of uart: UART) -> String {
    guard let settings = uart.settings else { return "UART(\(uart.number))" }
    let parity = settings.parity.map { String($0.rawValue) } ?? "None"
    let irq = String(uartConstants.number(uart.trigger), radix: 16)
    return "UART(\(uart.number), baudrate=\(uart.actualBaudRate), bits=\(settings.bits), parity=\(parity), "
      + "stop=\(settings.stopBits), flow=\(flowText(settings)), timeout=\(settings.timeout), "
      + "timeout_char=\(settings.timeoutBetweenBytes), rxbuf=\(settings.receiveBufferSize)"
      + (uart.trigger.isEmpty ? ")" : "; irq=0x\(irq))")
  }

  private func flowText(_ settings: UARTSettings) -> String {
    let lines = (settings.usesRTS ? ["RTS"] : []) + (settings.usesCTS ? ["CTS"] : [])
    return lines.isEmpty ? "0" : lines.joined(separator: "|")
  }

  func unsupportedTrigger(_ number: Int) -> PythonError {
    .value("trigger 0x\(uartConstants.unknownBits(number, digits: 8)) unsupported")
  }

  func addUARTMembers(to type: PythonClassBuilder<Hardware, UARTObject>) {
    type.method("writechar", .required("char", .int)) { object, character in
      _ = try object.uart.write(characters: [UInt16(truncatingIfNeeded: character)])
    }
    type.method("readchar") { object -> Int in
      try object.uart.read(characters: 1)?.first.map(Int.init) ?? -1
    }
  }
}
