import Machine
import Timebase

/// The AM2302, also sold as DHT22: temperature and humidity over one line.
///
/// Times and bytes as in Aosong's product manual of the AM2302, section 7: answers a low of at least 0.8 ms; 30 µs after its end
/// a low and a high of 80 µs each, then 40 bits, each a low of 50 µs and a high of 26 or 70 µs, then a low of 50 µs.
public final class DHT22: Device {
  public static let kind = DeviceKind(
    "dht22", title: "temperature and humidity sensor on one line (AM2302)",
    source: "Aosong, AM2302 product manual, 7 and table 6",
    pins: DHTLine.pins, keys: [.pullups])

  public let site: DeviceSite

  private let line: DHTLine
  private let temperature: DeviceState
  private let humidity: DeviceState

  public init(_ site: DeviceSite) {
    self.site = site
    // Ranges of table 3.
    temperature = DeviceState("temperature", .real(-40...80), unit: "°C", .real(24), site: site)
    humidity = DeviceState("humidity", .real(0...100), unit: "%RH", .real(40), site: site)
    line = DHTLine(
      DHTLine.Timing(
        shortestRequest: .microseconds(800), wait: .microseconds(30), answer: .microseconds(80),
        low: .microseconds(50),
        zero: .microseconds(26), one: .microseconds(70), pause: .seconds(2)),
      site: site)
    line.bytes = { [unowned self] in Self.bytes(temperature.reading, humidity.reading) }
  }

  public var signals: [Signal] { [temperature.signal, humidity.signal] }
  public var controls: [Control] {
    [temperature.control(), humidity.control()] + line.controls + temperature.sensorFaults()
      + humidity.sensorFaults()
  }

  /// Tenths, of the temperature with its sign in the highest bit (7.3).
  private static func bytes(_ temperature: Double, _ humidity: Double) -> [UInt8] {
    let tenths = UInt16((abs(temperature) * 10).rounded())
    let word = temperature < 0 ? tenths | 0x8000 : tenths
    let moisture = UInt16((humidity * 10).rounded())
    return [UInt8(moisture >> 8), UInt8(moisture & 0xFF), UInt8(word >> 8), UInt8(word & 0xFF)]
  }
}

/// The DHT11: the same line as the DHT22's, slower to wake and coarser.
///
/// Times as in the DHT11's data sheet (Aosong, D-Robotics UK), section 5: answers a low of at least 18 ms; bits of 26 or 70 µs.
public final class DHT11: Device {
  public static let kind = DeviceKind(
    "dht11", title: "temperature and humidity sensor on one line, whole degrees",
    source: "Aosong / D-Robotics UK, DHT11 data sheet, 5", pins: DHTLine.pins, keys: [.pullups])

  public let site: DeviceSite

  private let line: DHTLine
  private let temperature: DeviceState
  private let humidity: DeviceState

  public init(_ site: DeviceSite) {
    self.site = site
    temperature = DeviceState("temperature", .real(0...50), unit: "°C", .real(24), site: site)
    humidity = DeviceState("humidity", .real(20...90), unit: "%RH", .real(40), site: site)
    line = DHTLine(
      DHTLine.Timing(
        shortestRequest: .milliseconds(18), wait: .microseconds(30), answer: .microseconds(80),
        low: .microseconds(50),
        zero: .microseconds(26), one: .microseconds(70), pause: .seconds(1)),
      site: site)
    line.bytes = { [unowned self] in
      [UInt8(humidity.reading.rounded()), 0, UInt8(temperature.reading.rounded()), 0]
    }
  }

  public var signals: [Signal] { [temperature.signal, humidity.signal] }
  public var controls: [Control] {
    [temperature.control(), humidity.control()] + line.controls + temperature.sensorFaults()
      + humidity.sensorFaults()
  }
}

/// The one line of a DHT sensor: waits for a request, and answers with five bytes.
final class DHTLine: NetListener {
  static let pins = [DeviceKind.Pin("data", aliases: ["sda", "out"]), .power(), .ground()]

  struct Timing {
    /// The shortest low that is a request.
    var shortestRequest: Interval
    /// From the end of the request to the answer.
    var wait: Interval
    /// Each half of the answer in front of the bits.
    var answer: Interval
    /// The low in front of each bit.
    var low: Interval
    /// The high of a bit.
    var zero: Interval
    var one: Interval
    /// It measures again after this time at the earliest; sooner it sends what it measured before.
    var pause: Interval
  }

  /// Gives the four bytes of a measurement.
  var bytes: () -> [UInt8] = { [] }

  private let timing: Timing
  private let site: DeviceSite
  private let data: Terminal
  private let badChecksum: DeviceState
  private var listening: NetListening?
  private var fell: Instant?
  private var busyUntil = Instant.powerOn
  private var measured: (time: Instant, bytes: [UInt8])?

  init(_ timing: Timing, site: DeviceSite) {
    self.timing = timing
    self.site = site
    data = site.pin("data")
    badChecksum = DeviceState("noise", .flag, .flag(false), site: site)
    if site.flag("pullups") { data.pull(.up) }
    listening = data.net.listen(self)
  }

  /// A fault: an answer with a bit that is wrong.
  var controls: [Control] { [badChecksum.control(example: "1")] }

  func takes(_ waveform: any Waveform, from driver: NetDriver, at start: Instant) -> Bool {
    driver === data.driver
  }

  func netChanged(_ edge: Net.Edge) {
    guard edge.level == .high else {
      fell = edge.time
      return
    }
    guard let fell else { return }
    self.fell = nil
    guard edge.time - fell >= timing.shortestRequest, edge.time >= busyUntil, site.isPowered
    else { return }
    answer(from: edge.time + timing.wait)
  }

  private func answer(from start: Instant) {
    var time = start
    var steps: [BurstWaveform.Step] = []
    func hold(_ level: Level?, _ length: Interval) {
      steps.append(BurstWaveform.Step(time, level))
      time += length
    }
    hold(.low, timing.answer)
    hold(nil, timing.answer)
    for byte in message() {
      for place in (0..<8).reversed() {
        hold(.low, timing.low)
        hold(nil, byte >> UInt8(place) & 1 == 1 ? timing.one : timing.zero)
      }
    }
    hold(.low, timing.low)
    hold(nil, .zero)
    busyUntil = time
    data.driver.drive(BurstWaveform(initial: nil, steps: steps))
    site.at(time) { [weak self] in self?.data.release() }
  }

  /// The bytes of the last measurement and their sum.
  private func message() -> [UInt8] {
    var bytes: [UInt8]
    if let measured, site.now - measured.time < timing.pause {
      bytes = measured.bytes
    } else {
      bytes = self.bytes()
      measured = (site.now, bytes)
    }
    bytes.append(bytes.reduce(0, &+))
    if badChecksum.flag { bytes[Int(site.random.next() % 4)] ^= 1 << UInt8(site.random.next() % 8) }
    return bytes
  }
}
