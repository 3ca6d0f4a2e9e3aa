import Machine
import MicroPython

/// What `machine.Pin` is on the boards of the rp2 port and not on others (ports/rp2/machine_pin.c).
extension Hardware {
  func defineRP2PinMethods(_ type: TypeBuilder) {
    type.method("toggle", 0...0) { [unowned self] (_, args) throws(Raised) in
      try pin(args[0]).toggle()
      return .none
    }
  }

  func configureRP2(_ pin: Pin, _ arguments: Arguments) throws(Raised) {
    let options = try vm.parse(
      arguments, positional: ["mode", "pull"], required: 0, keywordOnly: ["value", "alt"])
    func isGiven(_ index: Int) -> Bool { !options[index].isUnbound && !options[index].isNone }
    let pull: Pull
    switch isGiven(1) ? try vm.int(options[1]) & 3 : 0 {
    case 1: pull = .up
    case 2: pull = .down
    // Both at once are a bus keeper on the chip; here they cancel out.
    default: pull = .none
    }
    guard isGiven(0) else {
      pin.configure(pin.mode, pull: pull, alternateFunction: pin.alternateFunction)
      return
    }
    var level: Level?
    if isGiven(2) { level = try vm.isTrue(options[2]) ? .high : .low }
    let number = try vm.int(options[0])
    switch pinConstants.modes.first(where: { $0.number == number })?.mode {
    case .input: pin.configure(.input, pull: pull)
    case .outputPushPull: pin.configure(.outputPushPull, pull: pull, level: level)
    case .outputOpenDrain: pin.configure(.outputOpenDrain, pull: pull, level: level ?? .high)
    default:
      let function = options[3].isUnbound ? 5 : try vm.int(options[3])
      guard pin.functions.contains(where: { $0.number == function }) else {
        throw vm.error(.valueError, "invalid pin af: \(function)")
      }
      pin.configure(.alternatePushPull, pull: pull, alternateFunction: function)
    }
  }

  func rp2Text(of pin: Pin) -> String {
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
}
