import Synchronization
import Timebase

/// A timer whose handler runs beside the firmware: the `interrupt` thread itself waits for its updates.
final class ParallelAlarm: Sendable {
  /// Moments in equal steps, exact however many there are: `first`, then every `ticks` of a clock in Hz.
  struct Schedule: Sendable {
    let first: Instant
    let ticks: Int
    let clock: Int
    /// `nil` for no end.
    var count: Int?

    func instant(_ number: Int) -> Instant? {
      if let count, number >= count { return nil }
      return first + .nanoseconds(Int128(number) * Int128(ticks) * 1_000_000_000 / Int128(clock))
    }
  }

  private let delivery: ParallelDelivery
  private let line: ParallelLine
  private let schedule: Schedule
  private let isCancelled = Atomic(false)

  init(_ schedule: Schedule, raising line: ParallelLine, through delivery: ParallelDelivery) {
    self.schedule = schedule
    self.line = line
    self.delivery = delivery
    arm(0)
  }

  func cancel() { isCancelled.store(true, ordering: .relaxed) }

  private func arm(_ number: Int) {
    guard let instant = schedule.instant(number) else { return }
    delivery.thread.post(at: instant, delivery.time) { [self] in
      guard !isCancelled.load(ordering: .relaxed), line.isOn else { return }
      delivery.raise(line, at: instant, level: nil)
      arm(number + 1)
    }
  }
}
