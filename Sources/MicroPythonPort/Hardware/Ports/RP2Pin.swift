import Machine
import MicroPython

/// `machine.Pin` on the boards of the rp2 port (ports/rp2/machine_pin.c).
extension RP2Port {
  /// ports/rp2/machine_pin.h, and the function numbers of the RP2040.
  var pinConstants: PinConstants { .rp2 }

  private struct PinSetup {
    var mode: Int?
    var pull: Int?
    var value: Value
    var alt: Int
  }

  private static var pinSetup: Signature<PinSetup> {
    Signature(
      PinSetup.init, .optional("mode", .orNone(.int), default: nil),
      .optional("pull", .orNone(.int), default: nil), .keyword("value", .value, default: .none),
      // GPIO_FUNC_SIO
      .keyword("alt", .int, default: 5))
  }

  func configure(_ pin: Pin, _ arguments: Arguments, _ hardware: Hardware) throws {
    let setup = try Self.pinSetup.read(arguments, hardware.vm)
    let pull: Pull =
      switch setup.pull.map({ $0 & 3 }) ?? 0 {
      case 1: .up
      case 2: .down
      // Both at once are a bus keeper on the chip; here they cancel out.
      default: .none
      }
    guard let number = setup.mode else {
      pin.configure(pin.mode, pull: pull, alternateFunction: pin.alternateFunction)
      return
    }
    var level: Level?
    if !setup.value.isNone { level = try hardware.vm.isTrue(setup.value) ? .high : .low }
    switch pinConstants.modes.first(where: { $0.number == number })?.mode {
    case .input: pin.configure(.input, pull: pull)
    case .outputPushPull: pin.configure(.outputPushPull, pull: pull, level: level)
    case .outputOpenDrain: pin.configure(.outputOpenDrain, pull: pull, level: level ?? .high)
    default:
      guard pin.functions.contains(where: { $0.number == setup.alt }) else {
        throw PythonError.value("invalid pin af: \(setup.alt)")
      }
      pin.configure(.alternatePushPull, pull: pull, alternateFunction: setup.alt)
    }
  }

  func text(of pin: Pin) -> String {
    let mode = pinConstants.modes.first { $0.mode == pin.mode }?.names[0] ?? "ALT"
    var text = "Pin(\(pin.cpuName), mode=\(mode)"
    if let pull = pinConstants.pulls.first(where: { $0.pull == pin.pull }) { text += ", pull=\(pull.name)" }
    if pin.mode == .alternatePushPull {
      let number = pin.alternateFunction ?? 0x1f
      let signal = pin.functions.first { $0.number == number }?.signal
      text += ", alt=" + (signal ?? "\(number)")
    }
    return text + ")"
  }

  var pinNamesAreText: Bool { false }
  func noSuchPin(named name: String, isText: Bool) -> PythonError {
    .value(isText ? "unknown named pin \"\(name)\"" : "invalid pin")
  }

  /// Besides edges, 0 for none.
  func edgeTrigger(_ number: Int) throws(PythonError) -> EdgeTrigger? {
    number == 0 ? nil : try pinConstants.edgeTrigger(number)
  }

  var hasPinIRQObject: Bool { true }
  func pinComplaint(_ pin: Pin) -> String { Hardware.irqComplaint }

  func addPinMembers(to type: PythonClassBuilder<Hardware, Pin>) {
    type.method("toggle") { $0.toggle() }
  }
}
