import Timebase

/// Controls and signals by name: `PART.CONTROL`, `PART.SIGNAL`.
extension Board {
  /// The control of this name: `USR.pressed`.
  /// - Throws: `ControlError`, which says what there is instead.
  public func control(_ name: String) throws(ControlError) -> Control {
    guard let (part, control) = splitName(name) else { throw .malformed(name) }
    return try self.control(control, of: part)
  }

  /// The signal of this name: `led1.brightness`.
  /// - Returns: `nil` when there is none.
  public func signal(_ name: String) -> Signal? {
    guard let (part, signal) = splitName(name) else { return nil }
    for part in candidates(part) {
      if let found = part.signals.first(where: { $0.name == signal }) { return found }
    }
    return nil
  }

  /// Sets a control to what a person wrote: `board.set("accel.acceleration", to: "10,0,20")`.
  /// - Throws: `ControlError` for a control that there is not, and for a value that it does not take.
  public func set(_ name: String, to text: String) throws(ControlError) {
    let control = try control(name)
    control.set(try Self.setting(text, of: control, named: name))
    interrupts.poll()
  }

  /// Sets a control.
  /// - Throws: `ControlError` for a control that there is not, and for a value that it does not take.
  public func set(_ name: String, to value: PartValue) throws(ControlError) {
    let control = try control(name)
    guard control.set(value) else {
      throw .badValue(name, "\(value)", expected: control.summary, example: control.example)
    }
    interrupts.poll()
  }

  /// - Throws: the error that `set(_:to:)` with this text would throw.
  public func check(_ name: String, takes text: String) throws(ControlError) {
    _ = try Self.setting(text, of: try control(name), named: name)
  }

  // MARK: Stimuli

  /// Lets every stimulus happen at its time, or behind what it waits for; those whose time has come happen at once.
  /// - Throws: `ControlError` when one of them names what the board does not have, or a value that is out of range; then
  ///   none is scheduled.
  public func schedule(_ stimuli: [Stimulus]) throws(ControlError) {
    for stimulus in stimuli {
      _ = try resolve(stimulus)
      context.stimulatedParts.insert(stimulus.part)
    }
    for stimulus in stimuli {
      if let trigger = stimulus.trigger {
        try arm(stimulus, on: trigger) { [weak self] in try? self?.perform(stimulus) }
        continue
      }
      guard stimulus.time > clock.now else {
        try perform(stimulus)
        continue
      }
      clock.schedule(at: stimulus.time) { [weak self] in
        // Checked above: the parts of a board do not change.
        try? self?.perform(stimulus)
      }
    }
  }

  /// Lets a stimulus happen here behind what it waits for on another board.
  /// - Parameter other: the board whose pin or signal its trigger names; both are of one `BoardGroup`.
  /// - Throws: `ControlError`, as `schedule(_:)`.
  package func schedule(_ stimulus: Stimulus, behind other: Board) throws(ControlError) {
    _ = try resolve(stimulus)
    guard let trigger = stimulus.trigger else { return }
    context.stimulatedParts.insert(stimulus.part)
    try other.arm(stimulus, on: trigger, clock: clock) { [weak self] in try? self?.perform(stimulus) }
  }

  /// - Throws: when one of them is for a pin that is a real line, which only what is wired to it can drive.
  public func refuseStimuli(_ stimuli: [Stimulus]) throws(ControlError) {
    for stimulus in stimuli { try refuse(try resolve(stimulus).control, of: stimulus.part) }
  }

  /// - Throws: when the control is one of a pin that is a real line.
  package func refuse(_ control: Control, of part: String) throws(ControlError) {
    if control.pins.contains(where: \.isHostPin) { throw .pinIsReal(part) }
  }

  private func perform(_ stimulus: Stimulus) throws(ControlError) {
    let (control, setting) = try resolve(stimulus)
    control.set(setting)
    interrupts.poll()
  }

  private func resolve(
    _ stimulus: Stimulus
  ) throws(ControlError) -> (control: Control, setting: Control.Setting) {
    let control = try control(stimulus.control, of: stimulus.part)
    return (control, try Self.setting(stimulus.value, of: control, named: stimulus.name))
  }

  private static func setting(
    _ text: String, of control: Control, named name: String
  ) throws(ControlError) -> Control.Setting {
    guard let setting = control.setting(of: text) else {
      throw .badValue(name, text, expected: control.summary, example: control.example)
    }
    return setting
  }

  // MARK: Looking up

  /// The parts that a name may mean: a switch may be called as its pin is.
  private func candidates(_ name: String) -> [any Part] {
    guard let part = part(named: name) else { return [] }
    guard let pin = pins.find(name), pin !== part else { return [part] }
    return [part, pin]
  }

  /// Names of parts as people list them: every name that the board has for a pin, in the order of the board file, and pins last.
  public func names(of parts: [any Part]) -> [String] {
    let pinNames = Set(parts.compactMap { $0 as? Pin }.map(\.name))
    return parts.filter { !($0 is Pin) }.map(\.name)
      + pins.boardNames.filter { pins.find($0).map { pinNames.contains($0.name) } ?? false }
  }

  private func control(_ control: String, of name: String) throws(ControlError) -> Control {
    let candidates = candidates(name)
    for part in candidates {
      if let found = part.allControls.first(where: { $0.name == control }) { return found }
    }
    guard candidates.isEmpty else {
      let names = candidates.flatMap { $0.allControls.map(\.name) }
      throw .noSuchControl(control, part: name, available: names)
    }
    let able = parts.filter { $0.allControls.contains { $0.name == control } }
    // Of a control that no part has, all parts could be meant.
    throw .noSuchPart(name, available: names(of: able.isEmpty ? parts : able))
  }
}

/// Takes `PART.NAME` apart at the last dot, in front of which something has to be.
func splitName(_ text: some StringProtocol) -> (part: String, name: String)? {
  guard let dot = text.lastIndex(of: "."), dot > text.startIndex else { return nil }
  return (String(text[..<dot]), String(text[text.index(after: dot)...]))
}
