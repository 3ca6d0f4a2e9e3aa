import Timebase

/// Takes the edges of a real line into the board, from any thread that sees them.
///
/// One at a time: the next edge may come when the board has dealt with the one before. Until then it waits where it is,
/// in the kernel's queue.
public final class HostEdgeInput: Sendable {
  /// The edges that the board wants reported.
  public let trigger: EdgeTrigger

  /// The source of interrupts that they raise.
  let sourceIndex: Int
  private let time: HostTime
  private let messages: InterruptMessages
  /// A handler that may run beside the firmware.
  private let concurrent: (delivery: ConcurrentDelivery, line: ConcurrentHandler)?

  init(
    trigger: EdgeTrigger, sourceIndex: Int, time: HostTime, messages: InterruptMessages,
    concurrent: (ConcurrentDelivery, ConcurrentHandler)?
  ) {
    self.trigger = trigger
    self.sourceIndex = sourceIndex
    self.time = time
    self.messages = messages
    self.concurrent = concurrent.map { (delivery: $0.0, line: $0.1) }
  }

  /// The next edge of the line.
  /// - Parameters:
  ///   - level: the level after it.
  ///   - nanoseconds: when it was, by the host's monotonic clock.
  ///   - taken: called once, on any thread, when the board is ready for the next one.
  public func enter(_ level: Level, atHost nanoseconds: Int64, taken: @escaping @Sendable () -> Void) {
    let instant = time.instant(atHost: nanoseconds)
    guard let concurrent else {
      messages.put(.edge(self, level, at: instant, taken: taken))
      return
    }
    messages.put(.seen(self, level, at: instant))
    concurrent.delivery.raise(concurrent.line, at: instant, level: level, taken: taken)
  }

  /// Edges before the next one were lost, because the kernel's queue was full.
  /// - Parameter count: at least how many; 0 when nobody knows whether there were any.
  public func lost(atLeast count: Int, isExact: Bool) {
    messages.put(.lost(self, atLeast: count, isExact: isExact))
  }
}
