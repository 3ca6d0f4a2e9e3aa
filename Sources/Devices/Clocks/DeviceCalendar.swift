import Machine
import Timebase

/// The calendar of a clock chip, which runs on board time.
final class DeviceCalendar {
  /// Whether it runs.
  var isRunning: Bool {
    didSet {
      guard isRunning != oldValue else { return }
      if isRunning { started = site.now } else { base += elapsed }
    }
  }
  private let site: DeviceSite
  /// Nanoseconds since 2000-01-01 when it was last set or stopped.
  private var base: Int
  private var started: Instant
  /// How much faster it goes than it should, in millionths.
  private var drift = 0.0

  init(_ start: DateTime, isRunning: Bool, site: DeviceSite) {
    self.site = site
    self.isRunning = isRunning
    base = start.secondsSince2000 * 1_000_000_000
    started = site.now
  }

  private var nanoseconds: Int { base + (isRunning ? elapsed : 0) }

  /// Of its own time since it was started.
  private var elapsed: Int {
    let nanoseconds = Int((site.now - started).nanoseconds)
    return nanoseconds + Int((Double(nanoseconds) * drift / 1e6).rounded())
  }

  var dateTime: DateTime { DateTime(secondsSince2000: nanoseconds / 1_000_000_000) }

  /// Starts a new second.
  func set(_ dateTime: DateTime) {
    base = dateTime.secondsSince2000 * 1_000_000_000
    started = site.now
  }

  /// When the next second begins; `nil` while it stands.
  var nextSecond: Instant? {
    guard isRunning else { return nil }
    return site.now + .nanoseconds(1_000_000_000 - nanoseconds % 1_000_000_000)
  }

  static let key = DeviceKind.Key(
    "start", .text, standard: .text("2000-01-01 00:00:00"), title: "date and time at power-on")

  static func start(of site: DeviceSite) throws(DeviceError) -> DateTime {
    guard let date = DateTime(text: site.text("start")) else {
      throw DeviceError(
        "start cannot be \"\(site.text("start"))\": it takes \(ValueForm.date.summary(unit: nil))")
    }
    return date
  }

  /// A fault: its crystal is off.
  var driftControl: Control {
    Control("drift", .real(-1000...1000), unit: "millionths", example: "20") { [self] value, _ in
      guard case .real(let amount) = value else { return }
      if isRunning { (base, started) = (nanoseconds, site.now) }
      drift = amount
    }
  }

  /// A control that sets it, and a signal that reads it.
  var control: Control {
    Control("time", .date, example: "2015-01-31 12:30:00") { [self] value, _ in
      if case .date(let date) = value { set(date) }
    }
  }
}

/// The seven registers of a clock chip, in packed decimal digits: seconds, minutes, hours, weekday, day, month, year.
struct CalendarRegisters {
  /// Whether hours were set as 1 to 12 with am and pm.
  var isTwelveHours = false
  /// The weekday is a number of the firmware's that goes on at midnight.
  var weekdayShift = 0

  func byte(_ register: Int, of date: DateTime) -> UInt8 {
    switch register {
    case 0: BCD.byte(of: date.second)
    case 1: BCD.byte(of: date.minute)
    case 2:
      isTwelveHours
        ? 0x40 | (date.hour >= 12 ? 0x20 : 0) | BCD.byte(of: (date.hour + 11) % 12 + 1)
        : BCD.byte(of: date.hour)
    case 3: UInt8((date.weekday - 1 + weekdayShift) % 7 + 1)
    case 4: BCD.byte(of: date.day)
    case 5: BCD.byte(of: date.month)
    default: BCD.byte(of: date.year % 100)
    }
  }

  /// Values that one transfer has written, by register.
  private var changes: [Int: UInt8] = [:]

  /// A register was written; registers of one transfer are taken together, because days depend on their month.
  mutating func write(_ register: Int, _ byte: UInt8) { changes[register] = byte }

  /// The end of a transfer.
  /// - Returns: the time that it has set the clock to; `nil` if it set none.
  mutating func finish(at date: DateTime) -> DateTime? {
    guard !changes.isEmpty else { return nil }
    defer { changes = [:] }
    return [6, 5, 4, 3, 2, 1, 0].reduce(date) { date, register in
      changes[register].map { set(register, to: $0, in: date) } ?? date
    }
  }

  private mutating func set(_ register: Int, to byte: UInt8, in date: DateTime) -> DateTime {
    var fields = (date.year, date.month, date.day, date.hour, date.minute, date.second)
    switch register {
    case 0: fields.5 = min(BCD.number(of: byte & 0x7F), 59)
    case 1: fields.4 = min(BCD.number(of: byte & 0x7F), 59)
    case 2:
      isTwelveHours = byte & 0x40 != 0
      fields.3 =
        isTwelveHours
        ? BCD.number(of: byte & 0x1F) % 12 + (byte & 0x20 != 0 ? 12 : 0)
        : min(BCD.number(of: byte & 0x3F), 23)
    case 3: weekdayShift = ((Int(byte & 7) - date.weekday) % 7 + 7) % 7
    case 4: fields.2 = min(max(BCD.number(of: byte & 0x3F), 1), 31)
    case 5: fields.1 = min(max(BCD.number(of: byte & 0x1F), 1), 12)
    default: fields.0 = 2000 + min(BCD.number(of: byte), 99)
    }
    for day in stride(from: fields.2, to: fields.2 - 4, by: -1) {
      if let date = DateTime(
        year: fields.0, month: fields.1, day: day, hour: fields.3, minute: fields.4, second: fields.5)
      {
        return date
      }
    }
    return date
  }
}
