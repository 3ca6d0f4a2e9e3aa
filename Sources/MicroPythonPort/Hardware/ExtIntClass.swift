import Diagnostics
import Machine
import MicroPython

/// An `ExtInt` object: one of the sixteen interrupt lines that have pins.
final class ExternalInterrupt {
  let line: Int
  init(line: Int) { self.line = line }
}

/// `pyb.ExtInt` (ports/stm32/extint.c).
enum ExtIntClass: HardwareClass {
  static let name = "ExtInt"
  static let modules = [HardwareModule.pyb]

  static func define(_ type: PythonClassBuilder<Hardware, ExternalInterrupt>) {
    type.make(
      rules: .named, .required("pin", .value), .required("mode", .int), .required("pull", .int),
      .required("callback", .value)
    ) { call, pin, mode, pull, callback in
      try make(pinWithLine(pin, call), mode, pull, callback, call)
    }
    type.print { "<ExtInt line=\($0.line)>" }
    let lines = type.host.board.externalInterrupts
    type.method("line") { $0.line }
    type.method("enable") { lines.setEnabled(true, line: $0.line) }
    type.method("disable") { lines.setEnabled(false, line: $0.line) }
    type.method("swint") { lines.trigger(line: $0.line) }
    let constants = type.host.port.pinConstants
    type.constant("IRQ_RISING", constants.rising)
    type.constant("IRQ_FALLING", constants.falling)
    type.constant("IRQ_RISING_FALLING", constants.rising | constants.falling)
    for (name, mode) in events { type.constant(name, mode) }
    type.function("regs") { call -> Value in
      call.vm.write(Array(registers(lines).utf8))
      return .none
    }
  }

  /// Modes in which a line makes events, which nobody sees, instead of interrupts (GPIO_MODE_EVT_* of the vendor's driver).
  private static let events: KeyValuePairs<String, Int> = [
    "EVT_RISING": 0x1012_0000, "EVT_FALLING": 0x1022_0000, "EVT_RISING_FALLING": 0x1032_0000,
  ]

  /// Describes the values of the external interrupts' registers (RM0090, 12.3).
  private static func registers(_ lines: EXTILines) -> String {
    let values = [
      ("IMR  ", lines.lines { $0.isEnabled }), ("EMR  ", 0), ("RTSR ", lines.lines { $0.rises }),
      ("FTSR ", lines.lines { $0.falls }), ("SWIER", 0), ("PR   ", lines.lines { $0.isPending }),
    ]
    return values.map { "EXTI_\($0.0) \(UInt32($0.1).hexadecimal(digits: 8))\n" }.joined()
  }

  private static func make(
    _ pin: Pin, _ mode: Int, _ pullNumber: Int, _ callback: Value, _ call: Call<Hardware>
  ) throws -> ExternalInterrupt {
    let port = call.host.port
    if events.contains(where: { $0.value == mode }) { return ExternalInterrupt(line: pin.number) }
    let edges = try port.edgeTrigger(mode) ?? .risingOrFalling
    guard let pull = port.pinConstants.pulls.first(where: { $0.number == pullNumber })?.pull else {
      throw PythonError.value("invalid ExtInt Pull: \(pullNumber)")
    }
    let handler = try call.host.handler(
      callback, argument: Value(smallInt: pin.number), .hard,
      complaint: Hardware.complaint(ofLine: pin.number))
    try call.host.attach(handler, to: pin, edges, as: .line)
    // Without a callback an ExtInt only frees the line.
    if handler != nil { pin.configure(.input, pull: pull) }
    return ExternalInterrupt(line: pin.number)
  }

  /// The pin of an `ExtInt`; the lines without a pin (16 and up) are those of other peripherals.
  private static func pinWithLine(_ identifier: Value, _ call: Call<Hardware>) throws -> Pin {
    guard identifier.isSmallInt else { return try call.host.findPin(identifier) }
    let number = identifier.smallInt
    guard number >= 16 else { throw PythonError.value("ExtInt vector \(number) < 16, use a Pin object") }
    guard number < 23 else { throw PythonError.value("ExtInt vector \(number) >= max of 23") }
    throw PythonError.notEmulated("ExtInt on line \(number), which has no pin, is")
  }
}
