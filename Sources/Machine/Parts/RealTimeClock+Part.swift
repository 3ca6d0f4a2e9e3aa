extension BoardDescription {
  /// Every board has one.
  public struct RealTimeClock: PartDescription, Hashable {
    /// The date and time at power-on.
    public var start: DateTime

    public static let keys = ["clock-start"]
    public static let title = "Real-time clock"

    public static func read(_ file: BoardFile) throws(BoardFileError) -> [Self] {
      let key = "clock-start"
      guard let text = try file.top.optionalText(key) else {
        return [Self(start: DateTime(secondsSince2000: 15 * 365 * 86400 + 4 * 86400))]
      }
      guard let date = DateTime(text: text) else {
        throw file.top.error(
          "\"\(key)\" must be a date (2000-01-01 00:00:00 to 2099-12-31 23:59:59)", at: key)
      }
      return [Self(start: date)]
    }

    public var partName: String { "rtc" }
    public var facts: [String] { ["starts at \(start)"] }

    public func makePart(_ context: PartContext) throws(BoardError) -> (any Part)? {
      Machine.RealTimeClock(context: context, start: start)
    }
  }

  /// The real-time clock's date and time at power-on.
  public var clockStart: DateTime {
    parts(of: RealTimeClock.self).first?.start ?? DateTime(secondsSince2000: 0)
  }
}

extension RealTimeClock: Part {
  public var name: String { "rtc" }

  /// The calendar goes on.
  public func reset(_ kind: ResetKind) { wakeUpTimer.reset(kind) }

  public var controls: [Control] {
    [
      Control("time", .date, example: "2024-02-29 23:59:58") { [self] value, _ in
        if case .date(let date) = value { dateTime = date }
      }
    ]
  }
}

extension Board {
  public var realTimeClock: RealTimeClock { theOnly(RealTimeClock.self) }
}
