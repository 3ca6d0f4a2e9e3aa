import Diagnostics
import Timebase

/// The lines through which pins interrupt. All pins of one number, whatever their port, share a line, and one of them
/// can use it at a time; pins that are only counted have one each.
public final class EXTILines: ExternalSource {
  /// How a line was taken, which decides whether another owner may take it over.
  public enum Registration: Sendable {
    /// `Pin.irq`: the same pin may set a new handler.
    case pin
    /// `pyb.ExtInt`: nobody may until the handler is taken away.
    case line
    /// The switch: takes the line over from its previous user.
    case override
  }

  private struct Line {
    var pin: Pin
    var isTakenByPin: Bool
    var trigger: EdgeTrigger
  }

  private let sources: [InterruptSource]
  private var lines: [Line?]
  private let interrupts: InterruptController

  /// - Parameter count: one more than the highest number of a pin.
  init(count: Int, interrupts: InterruptController) {
    self.interrupts = interrupts
    lines = Array(repeating: nil, count: count)
    // One priority for all: a lower line goes first (ports/stm32/irq.h, IRQ_PRI_EXTINT).
    sources = (0..<count).map {
      interrupts.makeSource(name: "EXTI\($0)", priority: 14)
    }
    for source in sources {
      source.owner = self
      source.inStopMode = .wakes
    }
  }

  /// Whether an edge of any pin would interrupt.
  public var hasListener: Bool { lines.contains { $0 != nil } }

  /// Whether an edge of some pin of this number would interrupt.
  func hasHandler(_ number: Int) -> Bool { lines[number] != nil }

  /// Sets what runs on an edge of `pin`; `nil` frees the line.
  public func attach(
    _ pin: Pin, trigger: EdgeTrigger, handler: InterruptHandler?, as registration: Registration = .pin
  ) throws(ExternalInterruptError) {
    try attach(pin, trigger: trigger, handler: handler, as: registration, at: nil)
  }

  /// - Parameter line: line where Swift firmware sets the handler.
  func attach(
    _ pin: Pin, trigger: EdgeTrigger, handler: InterruptHandler?, as registration: Registration,
    at line: SourceLine?
  ) throws(ExternalInterruptError) {
    let number = pin.number
    if let line = lines[number] {
      switch registration {
      case .pin where line.pin !== pin || !line.isTakenByPin:
        throw line.isTakenByPin ? .takenByPin(line.pin.cpuName) : .lineInUse(number)
      case .line where handler != nil: throw .lineInUse(number)
      default: break
      }
    }
    let source = sources[number]
    source.clear()
    let before = lines[number]?.pin
    defer {
      before?.net.interruptsChanged()
      pin.net.interruptsChanged()
      if let before, before !== pin { before.edgesChanged(raising: nil, trigger) }
      tellPin(line: number)
    }
    guard let handler else {
      lines[number] = nil
      source.handler = nil
      pin.edgesChanged(raising: nil, trigger)
      return
    }
    let isTakenByPin = if case .pin = registration { true } else { false }
    lines[number] = Line(pin: pin, isTakenByPin: isTakenByPin, trigger: trigger)
    source.label = pin.name
    source.setAt = line
    source.handler = handler
    source.isEnabled = true
  }

  /// Changes which edges of a pin interrupt; without a handler of the pin's nothing happens.
  public func setTrigger(_ trigger: EdgeTrigger, of pin: Pin) {
    guard lines[pin.number]?.pin === pin else { return }
    lines[pin.number]?.trigger = trigger
    tellPin(line: pin.number)
  }

  /// Changes whether rising or falling edges interrupt on a line that is taken.
  func setTrigger(line number: Int, rises: Bool? = nil, falls: Bool? = nil) {
    guard let line = lines[number] else { return }
    let edges = (rises ?? line.trigger.matches(.high), falls ?? line.trigger.matches(.low))
    switch edges {
    case (true, true): lines[number]?.trigger = .risingOrFalling
    case (true, false): lines[number]?.trigger = .rising
    case (false, true): lines[number]?.trigger = .falling
    // Without either nothing interrupts.
    case (false, false): return setEnabled(false, line: number)
    }
    tellPin(line: number)
  }

  /// Forgets an edge whose handler has not run yet.
  func clearPending(line number: Int) { sources[number].clear() }

  /// Returns the edges of a pin that interrupt; `nil` while it has no handler.
  public func trigger(of pin: Pin) -> EdgeTrigger? {
    lines[pin.number].flatMap { $0.pin === pin ? $0.trigger : nil }
  }

  /// Returns the handler of a pin's edges; `nil` for none.
  public func handler(of pin: Pin) -> InterruptHandler? {
    lines[pin.number]?.pin === pin ? sources[pin.number].handler : nil
  }

  /// The level after the edge of a pin that its handler was called for last; `nil` before the first one.
  public func lastLevel(of pin: Pin) -> Level? {
    lines[pin.number]?.pin === pin ? sources[pin.number].lastLevel : nil
  }

  /// A line as its registers show it.
  public struct LineState {
    public let isEnabled: Bool
    public let rises: Bool
    public let falls: Bool
    public let isPending: Bool
  }

  /// A bit for each line that has a handler and for which `condition` holds.
  public func lines(where condition: (LineState) -> Bool) -> UInt32 {
    var bits: UInt32 = 0
    for (number, line) in lines.enumerated() where number < 32 {
      guard let line else { continue }
      let source = sources[number]
      let state = LineState(
        isEnabled: source.isEnabled, rises: line.trigger.matches(.high), falls: line.trigger.matches(.low),
        isPending: source.latched != nil)
      if condition(state) { bits |= 1 << UInt32(number) }
    }
    return bits
  }

  /// Whether edges on the line interrupt, as `ExtInt.enable()` and `disable()` set it.
  /// - Parameter line: a pin's number; any other is ignored.
  public func setEnabled(_ isEnabled: Bool, line: Int) {
    guard sources.indices.contains(line) else { return }
    sources[line].isEnabled = isEnabled
    tellPin(line: line)
  }

  /// Interrupts as an edge would, as `ExtInt.swint()` does.
  /// - Parameter line: a pin's number; any other is ignored.
  public func trigger(line: Int) {
    guard sources.indices.contains(line), lines[line] != nil else { return }
    interrupts.raise(sources[line], level: nil)
    interrupts.poll()
  }

  /// Frees all lines, as a soft reset does.
  public func reset() {
    for number in lines.indices {
      sources[number].clear()
      sources[number].handler = nil
      free(line: number)
    }
  }

  /// The board goes away: lets go of the pins, which keep the lines.
  func dismantle() { for number in lines.indices { lines[number] = nil } }

  private func free(line number: Int) {
    guard let line = lines[number] else { return }
    lines[number] = nil
    line.pin.net.interruptsChanged()
    line.pin.edgesChanged(raising: nil, .rising)
  }

  /// A real line behind the pin reports the edges that are wanted, and no others.
  private func tellPin(line number: Int) {
    guard let line = lines[number] else { return }
    line.pin.edgesChanged(raising: sources[number].isEnabled ? sources[number] : nil, line.trigger)
  }

  func edge(_ edge: Net.Edge, on pin: Pin) {
    guard let line = lines[pin.number], line.pin === pin, line.trigger.matches(edge.level) else { return }
    interrupts.raise(sources[pin.number], at: edge.time, level: edge.level)
  }
}

extension EXTILines: InterruptOwner {
  public func handlerFailed(of source: InterruptSource) {
    if let number = sources.firstIndex(where: { $0 === source }) { free(line: number) }
  }
}
