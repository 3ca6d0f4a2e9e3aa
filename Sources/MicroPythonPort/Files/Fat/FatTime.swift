/// Date and time as FAT stores them, two seconds being the unit.
struct FatTime {
  let date: Int
  let time: Int

  init(date: Int, time: Int) {
    self.date = date
    self.time = time
  }

  /// - Parameter fields: year, month, day, hour, minute, second.
  init(_ fields: [Int]) {
    date = max(0, fields[0] - 1980) << 9 | fields[1] << 5 | fields[2]
    time = fields[3] << 11 | fields[4] << 5 | fields[5] / 2
  }

  /// 2000-01-01, which the root directory has.
  static let epoch = FatTime(date: 20 << 9 | 1 << 5 | 1, time: 0)

  /// As the board counts them.
  var secondsSince2000: Int {
    CalendarTime.secondsSinceEpoch([
      1980 + date >> 9, date >> 5 & 15, date & 31, time >> 11, time >> 5 & 63, 2 * (time & 31),
    ])
  }
}
