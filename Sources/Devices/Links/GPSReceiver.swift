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
      DeviceKind.Key(
        "file", .text, standard: .text("none"),
        title: "sends the sentences of this file instead, those of one time each second"),
    ])

  public let site: DeviceSite

  private let latitude: DeviceState
  private let longitude: DeviceState
  private let altitude: DeviceState
  private let speed: DeviceState
  private let course: DeviceState
  private let satellites: DeviceState
  private let hasFix: DeviceState
  /// Metres, to any side.
  private var noise = 0.0
  private let calendar: DeviceCalendar
  private var log: NMEALog?
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
    let file = site.text("file")
    log = file == "none" ? nil : try NMEALog(file: file)
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
      Control("noise", .real(0...10_000), unit: "m", example: "5") { [self] value, _ in
        if case .real(let metres) = value { noise = metres }
      },
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
      site.pin("pps").driver.drive(.high, at: time)
      site.at(time + Self.pulse) { [weak self] in self?.site.pin("pps").driver.drive(.low) }
    }
    let lines = log?.next() ?? sentences(calendar.dateTime).map(NMEA.line)
    site.after(min(Self.latency, Interval(nanoseconds: interval.nanoseconds / 4))) { [weak self] in
      for line in lines { self?.send(line: line) }
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

  /// As many characters as wait at most before a sentence is left out; those of about two intervals.
  private static let mostWaiting = 1024

  private func send(_ body: String) { send(line: NMEA.line(body)) }

  private func send(line: String) {
    told.tell(.text(line), at: site.now)
    // A line that is too slow for the interval: a receiver leaves sentences out.
    guard transmitter.waitingCount < Self.mostWaiting else { return }
    for byte in (line + "\r\n").utf8 { transmitter.send(UInt16(byte)) }
  }

  /// Its place, off by some of `noise` to north or south, east or west.
  private func noisyPlace() -> String {
    let metresOfDegree = 60 * 1852.0
    func chance() -> Double { noise == 0 ? 0 : (2 * site.random.fraction() - 1) * noise / metresOfDegree }
    let north = min(max(latitude.real + chance(), -90), 90)
    let east = longitude.real + chance() / max(cos(north * .pi / 180), 1e-6)
    return "\(NMEA.latitude(north)),\(NMEA.longitude(min(max(east, -180), 180)))"
  }

  private func sentences(_ date: DateTime) -> [String] {
    let talker = site.text("talker")
    let time = NMEA.time(date) + ".000"
    let place = noisyPlace()
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
