/// Whether a handler interrupts the firmware or waits until it has a moment.
public enum InterruptKind: Sendable, Hashable {
  /// On the `interrupt` thread, as soon as the firmware can be stopped.
  case hard
  /// On the firmware's own thread, between two bytecodes or at the next look at the clock.
  case soft
}

/// What runs when an interrupt is delivered.
public enum InterruptHandler {
  /// On the `interrupt` thread while the firmware stands still, in every clock mode: a language port's handlers,
  /// which share its interpreter with the firmware.
  case hard((Interrupt) throws -> Void)
  /// On the `interrupt` thread; beside the firmware in host mode.
  case parallel(@Sendable (Interrupt) throws -> Void)
  /// On the firmware's thread.
  case soft((Interrupt) throws -> Void)

  /// The object that is all a closure holds on to, whoever that is; or something that is no object of the firmware's.
  ///
  /// Invariant: a function value is two words, code and context. A closure that captures one reference and nothing else has
  /// that as its context; every other context is of a closure's own, or null. The word is compared and never followed, so
  /// that another layout would make findings rarer and nothing worse; a test would tell.
  static func onlyCapture(of body: @escaping (Interrupt) throws -> Void) -> ObjectIdentifier? {
    // In a structure, because a function by itself would be wrapped on its way into a generic function.
    struct Closure { let body: (Interrupt) throws -> Void }
    return unsafeBitCast(Closure(body: body), to: (code: UInt, context: ObjectIdentifier?).self).context
  }
}
