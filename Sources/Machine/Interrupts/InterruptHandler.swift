/// Whether a handler interrupts the firmware or waits until it has a moment.
public enum InterruptKind: Sendable, Hashable {
  /// On the `interrupt` thread, as soon as the firmware can be stopped.
  case hard
  /// On the firmware's own thread, between two bytecodes or at the next look at the clock.
  case soft
}

/// A handler that a language port sets: an object, so that the port's collector can ask it for its
/// references.
///
/// The source that it is set on owns it, and nobody else does.
public protocol InterruptRoutine: AnyObject {
  /// Handles an interrupt: a hard one on the `interrupt` thread while the firmware stands still, in every clock mode,
  /// because it shares the port's interpreter; a soft one on the firmware's thread.
  /// - Throws: any error, after reporting it to the firmware's user. The source's handler is then off.
  func handle(_ interrupt: Interrupt) throws
}

/// The code that runs when an interrupt is delivered.
public enum InterruptHandler {
  /// A language port's.
  case routine(any InterruptRoutine, InterruptKind)
  /// Swift firmware's, on the `interrupt` thread; beside the firmware in host mode.
  case concurrent(@Sendable (Interrupt) throws -> Void)
  /// Swift firmware's, on the firmware's thread.
  case soft(@Sendable (Interrupt) throws -> Void)

  /// Swift firmware's, of one kind or the other.
  init(_ kind: InterruptKind, _ handler: @escaping @Sendable (Interrupt) throws -> Void) {
    self = kind == .hard ? .concurrent(handler) : .soft(handler)
  }
}

/// A language port, whose firmware interrupts stop at the end of an instruction.
public protocol InterruptedPort: AnyObject {
  /// The instruction that it executes has let an interrupt become due: it calls `InterruptController.deliver()` at the end.
  func interruptBecameDue()

  /// Whether its firmware has to do something before board time goes on.
  var isFirmwareWanted: Bool { get }
}
