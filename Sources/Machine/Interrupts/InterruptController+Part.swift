extension InterruptController: Part {
  public var name: String { "interrupts" }

  public var signals: [Signal] {
    [
      Signal(
        "handler", .text, read: { [self] in .text(runningHandlers.last ?? "") },
        watch: { [self] in handlerObservers.add($0) })
    ]
  }

  public func reset(_ kind: ResetKind) { enable() }
}

extension TraceEntry {
  static func interruptEntry(_ source: String) -> TraceEntry { TraceEntry("interrupt \(source) entry") }
  static func interruptExit(_ source: String) -> TraceEntry { TraceEntry("interrupt \(source) exit") }
  static func interruptMissed(_ source: String) -> TraceEntry { TraceEntry("interrupt \(source) missed") }
}
