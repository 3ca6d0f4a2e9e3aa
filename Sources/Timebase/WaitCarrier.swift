/// Runs a wait of the firmware's on the thread on which interrupts are handled, so that a handler in it needs no change of
/// threads.
public protocol WaitCarrier: AnyObject {
  /// Runs `wait` on that thread while the calling one stands still.
  func carry(_ wait: () -> Void)

  /// Whether the firmware's own thread has something to do before board time goes on.
  var isFirmwareAwaited: Bool { get }
}
