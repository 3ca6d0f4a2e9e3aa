/// Date and time of day, counted from 2000-01-01 00:00:00 as on the board.
struct CalendarTime {
  let secondsSinceEpoch: Int

  private static let secondsPerDay = 86400
  /// Days from 0000-03-01 (in the Gregorian calendar carried backwards) to 2000-01-01.
  private static let daysToEpoch = 730_425

  /// Year, month, day, hour, minute, second, weekday (Monday is 0), day of the year.
  var fields: [Int] {
    let day = Self.floorDivide(secondsSinceEpoch, Self.secondsPerDay)
    let second = secondsSinceEpoch - day * Self.secondsPerDay
    let (year, month, dayOfMonth) = Self.date(ofDay: day)
    // 2000-01-01 was a Saturday.
    let weekday = ((day + 5) % 7 + 7) % 7
    return [
      year, month, dayOfMonth, second / 3600, second / 60 % 60, second % 60, weekday,
      day - Self.day(year, 1, 1) + 1,
    ]
  }

  /// Fields may lie outside their ranges; they carry over.
  static func secondsSinceEpoch(_ fields: [Int]) -> Int {
    let monthsFromZero = fields[1] - 1
    let carriedYears = monthsFromZero >= 0 ? monthsFromZero / 12 : -((11 - monthsFromZero) / 12)
    let month = monthsFromZero - carriedYears * 12 + 1
    let day = day(fields[0] + carriedYears, month, 1) + fields[2] - 1
    return day * secondsPerDay + fields[3] * 3600 + fields[4] * 60 + fields[5]
  }

  /// Days since the epoch. Years count from March, so that the leap day is their last.
  private static func day(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let y = month > 2 ? year : year - 1
    let m = (month + 9) % 12
    let leapDays = floorDivide(y, 4) - floorDivide(y, 100) + floorDivide(y, 400)
    return y * 365 + leapDays + (m * 306 + 5) / 10 + day - 1 - daysToEpoch
  }

  private static func date(ofDay day: Int) -> (year: Int, month: Int, day: Int) {
    // The Gregorian calendar repeats after 400 years, which have 146097 days.
    var year = 2000 + floorDivide(day * 400, 146_097)
    while Self.day(year, 1, 1) > day { year -= 1 }
    while Self.day(year + 1, 1, 1) <= day { year += 1 }
    var month = 1
    while month < 12 && Self.day(year, month + 1, 1) <= day { month += 1 }
    return (year, month, day - Self.day(year, month, 1) + 1)
  }

  private static func floorDivide(_ a: Int, _ b: Int) -> Int { a >= 0 ? a / b : -((b - 1 - a) / b) }
}
