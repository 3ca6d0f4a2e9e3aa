import Diagnostics
import Glibc
import Machine
import Timebase

/// A GPS receiver on a serial line: it sends NMEA sentences once a second and a pulse at the beginning of each, and understands
/// MediaTek's commands for baud rate and interval.
///
/// Sentences as in NMEA 0183 (RMC, GLL, VTG, GGA, GSA, GSV), commands as in GlobalTop's "PMTK command packet", Rev. A08.
public final class GPSReceiver: Device {
  public static let kind = DeviceKind(
    "gps", title: "GPS receiver: NMEA sentences and a pulse each second",
    source: "NMEA 0183; GlobalTop, PMTK command packet Rev. A08",
    pins: [
      DeviceKind.Pin("tx"), DeviceKind.Pin("rx", isOptional: true), DeviceKind.Pin("pps", isOptional: true),
      .power(), .ground(),
    ],
    keys: [
      DeviceKind.Key("baud", .integer(1200...921_600), unit: "Bd", standard: .integer(9600)),
      DeviceKind.Key(
        "talker", choices: ["GP", "GN"], title: "GN of receivers that hear several systems of satellites"),
      DeviceKind.Key(
        "start", .text, standard: .text("2018-06-15 12:00:00"), title: "date and time (UTC) at power-on"),
    ])

  public let site: DeviceSite

  private let latitude: DeviceState
  private let longitude: DeviceState
  private let altitude: DeviceState
  private let speed: DeviceState
  private let course: DeviceState
  private let satellites: DeviceState
  private let hasFix: DeviceState
  private let calendar: DeviceCalendar
  private var transmitter: SerialTransmitter
  private var receiver: SerialReceiver?
  private var interval = Interval.seconds(1)
  private var nextFix: Clock.EventID?
  private var heard: [UInt8] = []
  private var told = SignalObservers()

  /// The pulse is 100 ms long (GlobalTop PA6H data sheet, 2.3).
  private static let pulse = Interval.milliseconds(100)
  /// From the pulse to the first sentence, which the receiver computes meanwhile.
  private static let latency = Interval.milliseconds(50)

  public init(_ site: DeviceSite) throws(DeviceError) {
    self.site = site
    latitude = DeviceState("latitude", .real(-90...90), unit: "°", .real(52.2), site: site)
    longitude = DeviceState("longitude", .real(-180...180), unit: "°", .real(0.13), site: site)
    altitude = DeviceState("altitude", .real(-500...18_000), unit: "m", .real(20), site: site)
    speed = DeviceState("speed", .real(0...1000), unit: "knots", .real(0), site: site)
    course = DeviceState("course", .real(0...360), unit: "°", .real(0), site: site)
    satellites = DeviceState("satellites", .integer(0...12), .integer(8), site: site)
    hasFix = DeviceState("fix", .flag, .flag(true), site: site)
    calendar = DeviceCalendar(try DeviceCalendar.start(of: site), isRunning: true, site: site)
    let bitTime = BitTime(baudRate: site.integer("baud"))
    transmitter = SerialTransmitter(clock: site.clock, output: site.pin("tx").driver, bitTime: bitTime)
    site.pin("tx").drive(.high)
    site.pin("pps").drive(.low)
    site.started = { [unowned self] in
      listen(at: bitTime)
      expectNextFix(after: self.site.now)
    }
  }

  private var states: [DeviceState] { [latitude, longitude, altitude, speed, course, satellites, hasFix] }

  /// `sentence` is each sentence that it sends.
  public var signals: [Signal] {
    states.map(\.signal) + [
      Signal(
        "sentence", .text, isMomentary: true, read: { .text("") }, watch: { [self] in told.add($0) })
    ]
  }

  public var controls: [Control] {
    states.map { $0.control() } + [
      calendar.control,
      // A line of one's own, without its check sum, which is added.
      Control("send", .text, example: "GPTXT,01,01,02,hello") { [self] value, _ in
        if case .text(let text) = value { send(text) }
      },
    ]
  }

  // MARK: Fixes

  private func expectNextFix(after time: Instant) {
    let next = time + interval
    nextFix = site.at(next) { [weak self] in
      guard let self else { return }
      if site.isPowered { fix(at: next) }
      expectNextFix(after: next)
    }
  }

  private func fix(at time: Instant) {
    move()
    if hasFix.flag {
      let pps = site.pin("pps").driver
      pps.drive(.high, at: time)
      site.at(time + Self.pulse) { pps.drive(.low) }
    }
    let sentences = sentences(calendar.dateTime)
    site.after(min(Self.latency, Interval(nanoseconds: interval.nanoseconds / 4))) { [weak self] in
      for sentence in sentences { self?.send(sentence) }
    }
  }

  /// Moves it for another interval at its speed and course, on a sphere with 60 nautical miles to a degree.
  private func move() {
    guard speed.real > 0 else { return }
    let degrees = speed.real / 60 * interval.seconds / 3600
    let angle = course.real * .pi / 180
    latitude.set(.real(min(max(latitude.real + degrees * cos(angle), -90), 90)))
    let parallel = max(cos(latitude.real * .pi / 180), 1e-6)
    var east = longitude.real + degrees * sin(angle) / parallel
    if east > 180 { east -= 360 }
    if east < -180 { east += 360 }
    longitude.set(.real(east))
  }

  private func send(_ body: String) {
    let sum = body.utf8.reduce(UInt8(0), ^)
    let line = "$\(body)*\(sum.hexadecimal(digits: 2).uppercased())"
    told.tell(.text(line), at: site.now)
    for byte in (line + "\r\n").utf8 { transmitter.send(UInt16(byte)) }
  }

  private func sentences(_ date: DateTime) -> [String] {
    let talker = site.text("talker")
    let time = NMEA.time(date) + ".000"
    let place = "\(NMEA.latitude(latitude.real)),\(NMEA.longitude(longitude.real))"
    let (knots, track) = (NMEA.fixed(speed.real, 2), NMEA.fixed(course.real, 2))
    guard hasFix.flag else {
      return [
        "\(talker)GGA,\(time),,,,,0,0,,,M,,M,,", "\(talker)GSA,A,1,,,,,,,,,,,,,,,", "GPGSV,1,1,00",
        "\(talker)RMC,\(time),V,,,,,0.00,0.00,\(NMEA.date(date)),,,N",
        "\(talker)VTG,0.00,T,,M,0.00,N,0.00,K,N",
        "\(talker)GLL,,,,,\(time),V,N",
      ]
    }
    let count = satellites.integer
    let numbers = (0..<12).map { $0 < count ? ($0 * 2 + 3).decimal(digits: 2) : "" }.joined(separator: ",")
    return ["\(talker)GGA,\(time),\(place),1,\(count),1.01,\(NMEA.fixed(altitude.real, 1)),M,47.0,M,,"]
      + ["\(talker)GSA,A,3,\(numbers),1.80,1.01,1.49"] + view(count) + [
        "\(talker)RMC,\(time),A,\(place),\(knots),\(track),\(NMEA.date(date)),,,A",
        "\(talker)VTG,\(track),T,,M,\(knots),N,\(NMEA.fixed(speed.real * 1.852, 2)),K,A",
        "\(talker)GLL,\(place),\(time),A,A",
      ]
  }

  /// Satellites in view, four to a sentence.
  private func view(_ count: Int) -> [String] {
    let total = max(1, (count + 3) / 4)
    return (0..<total).map { part in
      let entries = (part * 4..<min(part * 4 + 4, count)).map { number in
        ",\((number * 2 + 3).decimal(digits: 2)),\((20 + number * 5).decimal(digits: 2)),\((number * 29 % 360).decimal(digits: 3)),\(25 + number)"
      }
      return "GPGSV,\(total),\(part + 1),\(count.decimal(digits: 2))\(entries.joined())"
    }
  }

  // MARK: Commands

  private func listen(at bitTime: BitTime) {
    guard site.pin("rx").isWired else { return }
    let receiver = SerialReceiver(clock: site.clock, bitTime: bitTime) { [weak self] character, _ in
      self?.take(UInt8(truncatingIfNeeded: character.value))
    }
    receiver.start(on: site.pin("rx").net)
    self.receiver = receiver
  }

  private func take(_ byte: UInt8) {
    guard byte != UInt8(ascii: "\n"), byte != UInt8(ascii: "\r") else {
      let line = String(decoding: heard, as: UTF8.self)
      heard = []
      if let body = NMEA.body(of: line) { follow(body.split(separator: ",").map(String.init)) }
      return
    }
    if byte == UInt8(ascii: "$") { heard = [] }
    heard.append(byte)
    if heard.count > 255 { heard = [] }
  }

  private func follow(_ words: [String]) {
    guard let name = words.first, name.hasPrefix("PMTK"), let number = Int(name.dropFirst(4)) else { return }
    switch (number, words.dropFirst().first.flatMap { Int($0) }) {
    case (220, let milliseconds?) where (100...10_000).contains(milliseconds):
      interval = .milliseconds(milliseconds)
      site.cancel(nextFix)
      expectNextFix(after: site.now)
      send("PMTK001,220,3")
    case (251, let baud?) where (1200...921_600).contains(baud):
      // The answer would come at the old rate; the receiver sends none.
      let bitTime = BitTime(baudRate: baud)
      site.at(max(site.now, transmitter.wireFree)) { [weak self] in
        guard let self else { return }
        transmitter = SerialTransmitter(clock: site.clock, output: site.pin("tx").driver, bitTime: bitTime)
        listen(at: bitTime)
      }
    case (0, _): send("PMTK001,0,3")
    case (605, _): send("PMTK705,AXN_2.31_3339_13101700,5632,PA6H,1.0")
    case (314, _), (313, _), (301, _), (386, _): send("PMTK001,\(number),3")
    default: send("PMTK001,\(number),1")
    }
  }
}

/// How NMEA sentences write numbers.
enum NMEA {
  /// With so many decimals.
  static func fixed(_ number: Double, _ decimals: Int) -> String {
    let scale = (0..<decimals).reduce(1) { product, _ in product * 10 }
    let scaled = Int((abs(number) * Double(scale)).rounded())
    let text = "\(scaled / scale).\((scaled % scale).decimal(digits: decimals))"
    return number < 0 && scaled != 0 ? "-" + text : text
  }

  /// Degrees and minutes: `5212.0000,N`.
  static func latitude(_ degrees: Double) -> String { angle(degrees, width: 2) + (degrees < 0 ? ",S" : ",N") }
  static func longitude(_ degrees: Double) -> String {
    angle(degrees, width: 3) + (degrees < 0 ? ",W" : ",E")
  }

  private static func angle(_ degrees: Double, width: Int) -> String {
    // In ten-thousandths of a minute, so that no minute is rounded up to sixty.
    let parts = Int((abs(degrees) * 600_000).rounded())
    return (parts / 600_000).decimal(digits: width) + (parts / 10_000 % 60).decimal(digits: 2) + "."
      + (parts % 10_000).decimal(digits: 4)
  }

  static func time(_ date: DateTime) -> String {
    date.hour.decimal(digits: 2) + date.minute.decimal(digits: 2) + date.second.decimal(digits: 2)
  }
  static func date(_ date: DateTime) -> String {
    date.day.decimal(digits: 2) + date.month.decimal(digits: 2) + (date.year % 100).decimal(digits: 2)
  }

  /// Returns the text between `$` and a correct check sum.
  static func body(of line: String) -> String? {
    guard line.hasPrefix("$"), let star = line.lastIndex(of: "*") else { return nil }
    let body = line[line.index(after: line.startIndex)..<star]
    guard UInt8(line[line.index(after: star)...], radix: 16) == body.utf8.reduce(UInt8(0), ^) else {
      return nil
    }
    return String(body)
  }
}
