import Timebase

extension Pin: Part {
  public var signals: [Signal] {
    [
      Signal(
        "level", .level, read: { [self] in .level(net.state) },
        watch: { [self] observer in
          watchLevel { [self] edge in observer(.level(net.state), edge.time) }
        }),
      Signal(
        "voltage", .real(0...Net.supply), unit: "V", read: { [self] in .real(net.voltage) },
        watch: { [self] observer in
          let voltage = VoltageListener(self) { observer(.real($0), $1) }
          return Observation { voltage.stop() }
        }),
    ]
  }

  public var controls: [Control] {
    [
      Control("level", .level, example: "1", pins: [self]) { [self] value, _ in
        guard case .level(let state) = value else { return }
        let driver = context.probe(on: self).driver
        if state == .floating { driver.release() } else { driver.drive(state == .high ? .high : .low) }
        context.interrupts.poll()
      },
      Control("voltage", .real(0...Net.supply), unit: "V", example: "1.65", pins: [self]) {
        [self] value, _ in
        guard case .real(let voltage) = value else { return }
        context.probe(on: self).driver.drive(voltage: voltage)
        context.trace.record(.voltage(name, voltage), at: context.clock.now)
        context.interrupts.poll()
      },
      Control("pressed", .flag, example: "1,5ms", durationName: "bounce", pins: [self]) {
        [self] value, bounce in
        let probe = context.probe(on: self)
        context.moveContact(isClosed: value == .flag(true), bounce: bounce ?? probe.bounce) { isClosed in
          isClosed ? probe.driver.drive(.low) : probe.driver.release()
        }
      },
      Control("bounce", .interval(upTo: .seconds(1)), example: "5ms") { [self] value, _ in
        if case .interval(let bounce) = value { context.probe(on: self).bounce = bounce }
      },
    ]
  }

  /// A hard reset makes it an input. A pin on a real line keeps its setting: taking lines anew could be
  /// refused.
  public func reset(_ kind: ResetKind) {
    guard kind == .hard, !isHostPin, mode != .input || pull != .none || outputLevel != .low else { return }
    configure(.input, level: .low, at: nil)
  }

  /// Calls `observer` after each edge of the pin's net.
  func watchLevel(_ observer: @escaping (Net.Edge) -> Void) -> Observation {
    let listening = net.listen(observer)
    return Observation { listening.cancel() }
  }
}

extension TraceEntry {
  static func pin(_ name: String, _ level: Level) -> TraceEntry { TraceEntry("pin \(name) \(level)") }
  /// A voltage from outside.
  static func voltage(_ pin: String, _ voltage: Double) -> TraceEntry {
    TraceEntry("volts \(pin) \(voltage)")
  }
  /// Two drivers of one net.
  static func conflict(_ first: String, _ second: String) -> TraceEntry {
    TraceEntry("conflict \(first) \(second)")
  }
}
