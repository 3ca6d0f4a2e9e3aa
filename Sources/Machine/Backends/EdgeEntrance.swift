import Timebase

/// Where the edges of a real line enter the board, from whatever thread sees them.
///
/// One at a time: the next edge may come when the board has dealt with the one before. Until then it waits where it is,
/// in the kernel's queue.
public final class EdgeEntrance: Sendable {
  /// Which edges the board wants to hear of.
  public let trigger: EdgeTrigger

  /// The source of interrupts that they raise.
  let sourceIndex: Int
  private let time: HostTime
  private let mailbox: FirmwareMailbox
  /// A handler that may run beside the firmware.
  private let parallel: (delivery: ParallelDelivery, line: ParallelLine)?

  init(
    trigger: EdgeTrigger, sourceIndex: Int, time: HostTime, mailbox: FirmwareMailbox,
    parallel: (ParallelDelivery, ParallelLine)?
  ) {
    self.trigger = trigger
    self.sourceIndex = sourceIndex
    self.time = time
    self.mailbox = mailbox
    self.parallel = parallel.map { (delivery: $0.0, line: $0.1) }
  }

  /// The next edge of the line.
  /// - Parameters:
  ///   - level: the level after it.
  ///   - nanoseconds: when it was, by the host's monotonic clock.
  ///   - taken: called once, on any thread, when the board is ready for the next one.
  public func enter(_ level: Level, atHost nanoseconds: Int64, taken: @escaping @Sendable () -> Void) {
    let instant = time.instant(atHost: nanoseconds)
    guard let parallel else {
      mailbox.put(.edge(self, level, at: instant, taken: taken))
      return
    }
    mailbox.put(.seen(self, level, at: instant))
    parallel.delivery.raise(parallel.line, at: instant, level: level, taken: taken)
  }

  /// Edges before the next one were lost, because the kernel's queue was full.
  /// - Parameter count: at least how many; 0 when nobody knows whether there were any.
  public func lost(atLeast count: Int, isExact: Bool) {
    mailbox.put(.lost(self, atLeast: count, isExact: isExact))
  }
}
