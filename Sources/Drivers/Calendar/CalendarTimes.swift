import Asyncio
import Machine

/// Times of the calendar as they come (`schedule` of micropython-async's `sched`):
///
///     for try await time in CalendarTimes(board.realTimeClock, TimePattern(hours: [7], minutes: [0])) { … }
///
/// If the clock is set meanwhile, the change takes effect within a minute.
@Firmware
public struct CalendarTimes {
  private let clock: RealTimeClock
  private let pattern: TimePattern

  /// - Parameter clock: the board's.
  public init(_ clock: RealTimeClock, _ pattern: TimePattern) {
    self.clock = clock
    self.pattern = pattern
  }

  /// Waits for the next of them.
  /// - Returns: `nil` where there is none.
  /// - Throws: `CancelledError`.
  public func next() async throws -> DateTime? {
    while let time = pattern.next(after: clock.dateTime) {
      // By steps, after each of which the clock is looked at.
      while true {
        let missing = Int64(time.secondsSince2000) * 1_000_000_000 - clock.nanosecondsSince2000
        if missing <= 0 { return time }
        try await sleepMs(Int(Swift.min((missing + 999_999) / 1_000_000, 60_000)))
        guard pattern.next(after: clock.dateTime) == time || clock.dateTime == time else { break }
      }
    }
    return nil
  }
}

extension CalendarTimes: @Firmware AsyncSequence {
  public struct Iterator: @Firmware AsyncIteratorProtocol {
    fileprivate let times: CalendarTimes

    @Firmware public mutating func next() async throws -> DateTime? { try await times.next() }
  }

  public func makeAsyncIterator() -> Iterator { Iterator(times: self) }
}
