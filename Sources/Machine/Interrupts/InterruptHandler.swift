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
  case concurrent(@Sendable (Interrupt) throws -> Void)
  /// On the firmware's thread.
  case soft((Interrupt) throws -> Void)
}
