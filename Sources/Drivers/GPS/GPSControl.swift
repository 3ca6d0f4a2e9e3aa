import Asyncio
import Machine
import Timebase

/// Commands for a GPS receiver with MediaTek's chip (MT3329, MT3339): its sentences, how often and how fast
/// it sends them (`GPS` of micropython-async's `as_rwGPS`). Commands as in GlobalTop's "PMTK command packet",
/// Rev. A08.
///
///     let control = GPSControl(gps, StreamWriter(uart))
///     try await control.setInterval(.seconds(2))
@Firmware
public final class GPSControl {
  /// A receiver's answer to a command.
  public enum Answer: Int, Sendable, Hashable {
    case invalid = 0
    case unsupported = 1
    case failed = 2
    case done = 3
  }

  /// A failure of a command.
  public enum Failure: Error, Hashable, CustomStringConvertible {
    case noAnswer(command: Int)
    case refused(command: Int, Answer)
    case outOfRange(String)

    public var description: String {
      switch self {
      case .noAnswer(let command): "the GPS receiver has not answered command \(command)"
      case .refused(let command, let answer): "the GPS receiver says \"\(answer)\" to command \(command)"
      case .outOfRange(let what): what
      }
    }
  }

  /// How it begins anew.
  public enum Start: Int, Sendable {
    /// With all that it knows.
    case hot = 101
    /// Without the satellites' orbits.
    case warm = 102
    /// Without time, place and almanac too.
    case cold = 103
    /// As it left the factory.
    case factory = 104
  }

  /// Each how many fixes a sentence is sent; 0 for never.
  public struct Rates: Sendable, Hashable {
    public var gll = 0
    public var rmc = 1
    public var vtg = 1
    public var gga = 1
    public var gsa = 1
    public var gsv = 5

    /// As it left the factory.
    public init() {}
  }

  /// Its firmware's version, after `askVersion`.
  public private(set) var version: String?

  private let gps: GPS
  private let writer: StreamWriter
  private let answered = Event()
  private var answers: [Int: Answer] = [:]
  private static let patience: Swift.Duration = .seconds(3)

  public init(_ gps: GPS, _ writer: StreamWriter) {
    self.gps = gps
    self.writer = writer
    gps.unknownSentence = { [weak self] in self?.take($0) }
  }

  /// Sets how often it finds out where it is.
  /// - Parameter interval: 100 ms to 10 s.
  public func setInterval(_ interval: Interval) async throws {
    guard (.milliseconds(100)...Interval.seconds(10)).contains(interval) else {
      throw Failure.outOfRange("a GPS receiver's interval is 100 ms to 10 s")
    }
    try await command(220, "\(interval.milliseconds)")
  }

  /// Sets how often it sends each kind of sentence.
  public func setRates(_ rates: Rates) async throws {
    let numbers = [rates.gll, rates.rmc, rates.vtg, rates.gga, rates.gsa, rates.gsv]
    guard numbers.allSatisfy({ (0...5).contains($0) }) else {
      throw Failure.outOfRange("a sentence is sent each 1 to 5 fixes, or never: 0")
    }
    // There are nineteen kinds, of which these are the first.
    let all = numbers + Array(repeating: 0, count: 13)
    try await command(314, all.map(String.init).joined(separator: ","))
  }

  /// Lets it begin anew; it answers nothing.
  public func start(_ start: Start) async throws { try await send("PMTK\(start.rawValue)") }

  /// Sets the baud rate of the receiver. It answers nothing; the UART has to follow.
  /// - Parameter baudRate: 4800, 9600, 14400, 19200, 38400, 57600 or 115200.
  public func setBaudRate(_ baudRate: Int) async throws {
    guard [4800, 9600, 14_400, 19_200, 38_400, 57_600, 115_200].contains(baudRate) else {
      throw Failure.outOfRange("a GPS receiver has no baud rate \(baudRate)")
    }
    try await send("PMTK251,\(baudRate)")
  }

  /// Asks for its firmware's version.
  @discardableResult
  public func askVersion() async throws -> String {
    version = nil
    try await send("PMTK605")
    try await wait(for: 605) { self.version != nil }
    return version ?? ""
  }

  // MARK: Commands and answers

  /// Sends a command and waits for its answer.
  private func command(_ number: Int, _ parameters: String) async throws {
    answers[number] = nil
    try await send("PMTK\(number),\(parameters)")
    try await wait(for: number) { self.answers[number] != nil }
    if let answer = answers[number], answer != .done {
      throw Failure.refused(command: number, answer)
    }
  }

  private func send(_ body: String) async throws {
    try writer.write(NMEASentence.line(body))
    try await writer.drain()
  }

  private func wait(for command: Int, _ isAnswered: @escaping @Firmware () -> Bool) async throws {
    do {
      try await withTimeout(Self.patience) {
        while !isAnswered() {
          self.answered.clear()
          try await self.answered.wait()
        }
      }
    } catch is TimeoutError { throw Failure.noAnswer(command: command) }
  }

  private func take(_ sentence: NMEASentence) {
    switch sentence.type {
    case "PMTK001":
      guard let command = sentence.integer(0),
        let answer = sentence.integer(1).flatMap({ Answer(rawValue: $0) })
      else {
        return
      }
      answers[command] = answer
    case "PMTK705": version = sentence.fields.joined(separator: ",")
    default: return
    }
    answered.set()
  }
}
