import Machine

/// Times of the calendar that come again: every day at seven, each quarter of an hour, on the first of a month (`cron` of
/// micropython-async's `sched`).
public struct TimePattern: Sendable, Hashable {
  private let months: [Int]?
  private let days: [Int]?
  private let weekdays: [Int]?
  private let hours: [Int]
  private let minutes: [Int]
  private let seconds: [Int]

  /// Omitted fields match any value, except seconds, which are 0. A day has to fit both its number and its
  /// weekday.
  /// - Parameters:
  ///   - months: 1 to 12.
  ///   - days: 1 to 31.
  ///   - weekdays: 1 is Monday, 7 Sunday.
  ///   - hours: 0 to 23.
  ///   - minutes: 0 to 59.
  ///   - seconds: 0 to 59.
  public init(
    months: [Int]? = nil, days: [Int]? = nil, weekdays: [Int]? = nil, hours: [Int]? = nil,
    minutes: [Int]? = nil, seconds: [Int] = [0]
  ) {
    self.months = months
    self.days = days
    self.weekdays = weekdays
    self.hours = hours.map { $0.filter((0..<24).contains).sorted() } ?? Array(0..<24)
    self.minutes = minutes.map { $0.filter((0..<60).contains).sorted() } ?? Array(0..<60)
    self.seconds = seconds.filter((0..<60).contains).sorted()
  }

  /// The first of its times that is later.
  /// - Returns: `nil` where there is none within 28 years, after which weekdays fall on the same dates again.
  public func next(after time: DateTime) -> DateTime? {
    let daySeconds = 86_400
    let now = time.secondsSince2000
    let today = now / daySeconds
    for day in today...today + 28 * 366 {
      guard isIncluded(DateTime(secondsSince2000: day * daySeconds)) else { continue }
      let earliest = day == today ? now % daySeconds + 1 : 0
      if let second = timeOfDay(notBefore: earliest) {
        return DateTime(secondsSince2000: day * daySeconds + second)
      }
    }
    return nil
  }

  private func isIncluded(_ day: DateTime) -> Bool {
    (months?.contains(day.month) ?? true) && (days?.contains(day.day) ?? true)
      && (weekdays?.contains(day.weekday) ?? true)
  }

  /// Seconds since midnight.
  private func timeOfDay(notBefore earliest: Int) -> Int? {
    for hour in hours where (hour + 1) * 3600 > earliest {
      for minute in minutes where hour * 3600 + (minute + 1) * 60 > earliest {
        for second in seconds {
          let time = hour * 3600 + minute * 60 + second
          if time >= earliest { return time }
        }
      }
    }
    return nil
  }
}
