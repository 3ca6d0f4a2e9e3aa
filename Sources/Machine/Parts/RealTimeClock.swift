import Timebase

/// The calendar clock. It starts at the board file's date, so that runs repeat, and goes with board time.
public final class RealTimeClock {
  /// The range of `calibration`.
  public static let calibrationRange = -511...512

  /// Interrupts again and again, and wakes the board.
  public let wakeUpTimer: WakeUpTimer

  private let clock: Clock
  /// Board time and calendar time (nanoseconds since 2000-01-01) that belong together.
  private var base: (instant: Instant, nanoseconds: Int64)
  /// How many days the weekday that was set is ahead of the date's own.
  private var weekdayShift = 0
  private var calibrationSteps = 0

  init(context: PartContext, start: DateTime) {
    clock = context.clock
    wakeUpTimer = WakeUpTimer(context: context)
    base = (clock.now, Int64(start.secondsSince2000) * 1_000_000_000)
  }

  /// Nanoseconds since 2000-01-01 00:00:00.
  public var nanosecondsSince2000: Int64 {
    let elapsed = (clock.now - base.instant).nanoseconds
    let gained = (Int128(elapsed) * Int128(calibrationSteps)) >> 20
    return base.nanoseconds + elapsed + Int64(clamping: gained)
  }

  /// Whole seconds since 2000-01-01 00:00:00, the value of `time.time()`.
  public var secondsSince2000: Int { Int(nanosecondsSince2000 / 1_000_000_000) }

  /// The same in whole microseconds, in the chip's steps of 1/256 s; the value of `time.time_ns()`.
  public var microsecondsSince2000: Int {
    secondsSince2000 * 1_000_000 + (255 - subseconds) * 15625 / 4
  }

  /// Setting it starts a new second.
  public var dateTime: DateTime {
    get { DateTime(secondsSince2000: secondsSince2000) }
    set { set(newValue) }
  }

  /// The part of the second that is left, in 1/256 s: counts down from 255 to 0.
  public var subseconds: Int { 255 - Int(nanosecondsSince2000 % 1_000_000_000 * 256 / 1_000_000_000) }

  /// 1 to 7. The chip counts it by itself and does not compare it with the date, so it is the one that was
  /// set plus the days since.
  public var weekday: Int { (dateTime.weekday - 1 + weekdayShift) % 7 + 1 }

  /// Starts a new second: setting the time restarts the counter of subseconds, which nobody can set (RM0090, 26.3.5).
  /// - Parameter weekday: 1 to 7; `nil` takes the date's own.
  public func set(_ dateTime: DateTime, weekday: Int? = nil) {
    base = (clock.now, Int64(dateTime.secondsSince2000) * 1_000_000_000)
    weekdayShift = weekday.map { (($0 - dateTime.weekday) % 7 + 7) % 7 } ?? 0
  }

  /// How much faster than its crystal the clock goes, in steps of 2^-20 (0.954 ppm), -511 to 512. Values outside are
  /// taken as the nearer end.
  public var calibration: Int {
    get { calibrationSteps }
    set {
      base = (clock.now, nanosecondsSince2000)
      let range = Self.calibrationRange
      calibrationSteps = min(max(newValue, range.lowerBound), range.upperBound)
    }
  }
}
