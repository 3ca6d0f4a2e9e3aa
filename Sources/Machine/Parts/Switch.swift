import Diagnostics
import Timebase

/// A switch of the board that a person presses; pressing connects its pin to ground (or to the supply).
///
/// Its callback comes through the pin's interrupt line, when pressed (ports/stm32/usrsw.c).
public final class Switch {
  public let name: String
  public let pin: Pin

  let context: PartContext
  private let lines: EXTILines
  let pressedLevel: Level
  /// The board's pull on its pin.
  let pull: Pull
  /// How long its contact bounces each time.
  var bounce = Interval.zero

  private let finger: NetDriver

  init(
    name: String, description: BoardDescription.Switch, pin: Pin, lines: EXTILines,
    context: PartContext
  ) {
    self.name = name
    self.pin = pin
    self.lines = lines
    self.context = context
    pressedLevel = description.pressedLevel
    pull = description.pull
    finger = NetDriver(name: "switch \(name)")
    pin.configure(.input, pull: pull, at: nil)
    pin.net.attach(finger)
  }

  /// Whether the pin reads as it does while the switch is pressed.
  public var isPressed: Bool { pin.level == pressedLevel }

  /// The same as far as it is known without asking a real line.
  public var isKnownToBePressed: Bool { pin.net.level == pressedLevel }

  /// Presses the switch, as a person does, until `release()`.
  public func press() {
    guard finger.level == nil else { return }
    context.trace.record(.switchPressed(name), at: context.clock.now)
    finger.drive(pressedLevel)
    context.interrupts.poll()
  }

  public func release() {
    guard finger.level != nil else { return }
    context.trace.record(.switchReleased(name), at: context.clock.now)
    finger.release()
    context.interrupts.poll()
  }

  /// Calls `handler` whenever the switch is pressed; as on the board it takes its interrupt line over from
  /// its previous user.
  public func callback(
    kind: InterruptKind = .hard, file: StaticString = #fileID, line: UInt = #line,
    _ handler: @escaping @Sendable (Interrupt) throws -> Void
  ) throws(ExternalInterruptError) {
    try setInterrupt(InterruptHandler(kind, handler), at: SourceLine(file, line))
  }

  /// Sets or, with `nil`, takes away what runs when the switch is pressed; the form for a language port.
  public func setInterrupt(_ handler: InterruptHandler?) throws(ExternalInterruptError) {
    try setInterrupt(handler, at: nil)
  }

  private func setInterrupt(
    _ handler: InterruptHandler?, at line: SourceLine?
  ) throws(ExternalInterruptError) {
    let trigger = pressedLevel == .low ? EdgeTrigger.falling : .rising
    try lines.attach(pin, trigger: trigger, handler: handler, as: .override, at: line)
  }
}
