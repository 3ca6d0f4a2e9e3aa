import Diagnostics

/// A calendar date and time of day, without time zone, as the real-time clock keeps it.
public struct DateTime: Sendable, Hashable, CustomStringConvertible {
  /// 2000 to 2099, the range of the clock's two decimal digits.
  public var year: Int
  public var month: Int
  public var day: Int
  public var hour: Int
  public var minute: Int
  public var second: Int

  /// - Returns: `nil` when there is no such moment.
  public init?(year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0) {
    guard (2000...2099).contains(year), (1...12).contains(month), (0..<24).contains(hour),
      (0..<60).contains(minute), (0..<60).contains(second),
      (1...Self.days(month: month, year: year)).contains(day)
    else { return nil }
    self.year = year
    self.month = month
    self.day = day
    self.hour = hour
    self.minute = minute
    self.second = second
  }

  /// - Parameter seconds: since 2000-01-01 00:00:00, MicroPython's epoch on this board; taken modulo a century.
  public init(secondsSince2000 seconds: Int) {
    let century = 36525 * 86400
    let seconds = ((seconds % century) + century) % century
    var days = seconds / 86400
    year = 2000
    while days >= Self.days(year: year) {
      days -= Self.days(year: year)
      year += 1
    }
    month = 1
    while days >= Self.days(month: month, year: year) {
      days -= Self.days(month: month, year: year)
      month += 1
    }
    day = days + 1
    hour = seconds / 3600 % 24
    minute = seconds / 60 % 60
    second = seconds % 60
  }

  /// Seconds since 2000-01-01 00:00:00.
  public var secondsSince2000: Int {
    var days = day - 1
    for earlier in 2000..<year { days += Self.days(year: earlier) }
    for earlier in 1..<month { days += Self.days(month: earlier, year: year) }
    return ((days * 24 + hour) * 60 + minute) * 60 + second
  }

  /// 1 is Monday, 7 Sunday. 2000-01-01 was a Saturday.
  public var weekday: Int { (secondsSince2000 / 86400 + 5) % 7 + 1 }

  /// `2015-01-01 00:00:00`.
  public var description: String {
    let date = [month, day].map { $0.decimal(digits: 2) }.joined(separator: "-")
    let time = [hour, minute, second].map { $0.decimal(digits: 2) }.joined(separator: ":")
    return "\(year)-\(date) \(time)"
  }

  private static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }
  private static func days(year: Int) -> Int { isLeap(year) ? 366 : 365 }
  private static func days(month: Int, year: Int) -> Int {
    switch month {
    case 2: isLeap(year) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}

extension DateTime {
  /// Reads `2015-01-01 00:00:00`, the time of day optional.
  public init?(text: String) {
    let parts = text.split(whereSeparator: { $0 == " " || $0 == "T" })
    guard parts.count == 1 || parts.count == 2 else { return nil }
    let date = parts[0].split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
    let time =
      parts.count == 2
      ? parts[1].split(separator: ":", omittingEmptySubsequences: false).map { Int($0) } : [0, 0, 0]
    guard date.count == 3, time.count == 3, let year = date[0], let month = date[1], let day = date[2],
      let hour = time[0], let minute = time[1], let second = time[2]
    else { return nil }
    self.init(year: year, month: month, day: day, hour: hour, minute: minute, second: second)
  }
}
