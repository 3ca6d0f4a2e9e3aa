import Asyncio
import Machine
import Timebase

/// A GPS receiver on a serial line: reads the sentences that it sends (`AS_GPS` of micropython-async).
///
///     let gps = GPS(StreamReader(uart), clock: board.clock)
///     try await gps.next([.position, .altitude])
///
/// Its last values can be read at any time; `next` waits for new ones. `GPSControl` changes its sentences.
@Firmware
public final class GPS {
  /// Topics of sentences.
  public struct Topics: OptionSet, Sendable, Hashable {
    public let rawValue: Int
    public init(rawValue: Int) { self.rawValue = rawValue }

    public static let position = Topics(rawValue: 1)
    public static let altitude = Topics(rawValue: 2)
    /// Speed and direction.
    public static let course = Topics(rawValue: 4)
    /// Date and time.
    public static let date = Topics(rawValue: 8)
    /// All satellites in view.
    public static let satellites = Topics(rawValue: 16)
  }

  /// A satellite in view, by its number in `satellitesInView`.
  public struct Satellite: Sendable, Hashable {
    /// In degrees.
    public var elevation: Int
    /// In degrees from north.
    public var azimuth: Int
    /// In dB; `nil` where its signal is not followed.
    public var signal: Int?
  }

  /// How much the geometry of the satellites blurs the place; 1 is the best.
  public struct Dilution: Sendable, Hashable {
    public var position: Double
    public var horizontal: Double
    public var vertical: Double
  }

  /// Of sentences since the beginning.
  public struct Counts: Sendable, Hashable {
    /// That were understood.
    public var parsed = 0
    /// Whose kind is not known here.
    public var unknown = 0
    public var wrongChecksums = 0
    public var malformed = 0
  }

  public private(set) var position: Coordinates?
  /// Metres above sea level.
  public private(set) var altitude: Double?
  /// Metres of the sea level above the ellipsoid.
  public private(set) var geoidHeight: Double?
  /// Knots.
  public private(set) var speed: Double?
  /// Degrees from north.
  public private(set) var course: Double?
  /// Universal time, of the last sentence that reported it.
  public private(set) var time: DateTime?
  public private(set) var satellitesInView: [Int: Satellite] = [:]
  /// Their numbers.
  public private(set) var satellitesInUse: [Int] = []
  public private(set) var dilution: Dilution?
  public private(set) var counts = Counts()
  /// Whether the last sentence that could say so had a place.
  public private(set) var hasFix = false
  /// The error that has ended the reading.
  public private(set) var failure: (any Error)?

  private let reader: StreamReader
  private let clock: Clock
  private var fixedAt: Instant?
  /// Waiting tasks, with the topics that they still miss.
  private var waiting: [(event: Event, missing: Topics)] = []
  /// Of the sentences that make up one view.
  private var seen: [Int: Satellite] = [:]
  private var task: FirmwareTask<Void>?
  private let onFix: @Firmware (GPS) throws -> Void
  /// Gets sentences that are not known here.
  var unknownSentence: (@Firmware (NMEASentence) -> Void)?

  /// - Parameters:
  ///   - reader: of the UART that the receiver sends to.
  ///   - clock: the board's.
  ///   - onFix: called after each sentence with a place and a time (RMC).
  public init(
    _ reader: StreamReader, clock: Clock, file: StaticString = #fileID, line: UInt = #line,
    onFix: @escaping @Firmware (GPS) throws -> Void = { _ in }
  ) {
    self.reader = reader
    self.clock = clock
    self.onFix = onFix
    task = createService(name: "GPS", file: file, line: line) {
      do { try await self.listen() } catch {
        self.failure = error
        throw error
      }
    }
  }

  /// Reads no more.
  public func end() throws(SchedulerError) { try task?.cancel() }

  /// How long ago the receiver last knew where it is; `nil` for never.
  public var timeSinceFix: Interval? { fixedAt.map { clock.now - $0 } }

  /// The direction as sailors say it: `ESE`.
  public var compassDirection: String? {
    course.map { course in
      let names = [
        "N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE", "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW",
      ]
      return names[Int((course / 22.5).rounded()) % 16]
    }
  }

  /// Waits until the receiver has reported all of these anew.
  /// - Throws: `CancelledError`.
  public func next(_ topics: Topics) async throws {
    guard !topics.isEmpty else { return }
    let event = Event()
    waiting.append((event, topics))
    defer { waiting.removeAll { $0.event === event } }
    try await event.wait()
  }

  // MARK: Sentences

  private func listen() async throws {
    while true {
      let line = try await reader.readLine()
      let sentence: NMEASentence
      do { sentence = try NMEASentence(line) } catch {
        // The first line may begin in its middle.
        if error == .checksum { counts.wrongChecksums += 1 } else { counts.malformed += 1 }
        continue
      }
      guard let topics = take(sentence) else {
        counts.unknown += 1
        unknownSentence?(sentence)
        continue
      }
      counts.parsed += 1
      tell(topics)
      if sentence.type == "RMC", hasFix { try onFix(self) }
    }
  }

  private func tell(_ topics: Topics) {
    for index in waiting.indices {
      waiting[index].missing.subtract(topics)
      if waiting[index].missing.isEmpty { waiting[index].event.set() }
    }
  }

  /// - Returns: the topics that the sentence has reported; `nil` for a kind that is not known here.
  private func take(_ sentence: NMEASentence) -> Topics? {
    switch sentence.type {
    case "RMC": recommendedMinimum(sentence)
    case "GGA": fix(sentence)
    case "GLL": place(sentence, at: 0, isValid: sentence.text(5) == "A")
    case "VTG": motion(speed: sentence.number(4), course: sentence.number(0))
    case "GSA": activeSatellites(sentence)
    case "GSV": inView(sentence)
    default: nil
    }
  }

  private func recommendedMinimum(_ sentence: NMEASentence) -> Topics {
    var topics = place(sentence, at: 2, isValid: sentence.text(1) == "A")
    if let time = sentence.moment(time: 0, date: 8) {
      self.time = time
      topics.insert(.date)
    }
    if hasFix { topics.formUnion(motion(speed: sentence.number(6), course: sentence.number(7))) }
    return topics
  }

  private func fix(_ sentence: NMEASentence) -> Topics {
    var topics = place(sentence, at: 1, isValid: (sentence.integer(5) ?? 0) > 0)
    if hasFix, let altitude = sentence.number(8) {
      self.altitude = altitude
      geoidHeight = sentence.number(10)
      topics.insert(.altitude)
    }
    return topics
  }

  private func place(_ sentence: NMEASentence, at index: Int, isValid: Bool) -> Topics {
    hasFix = isValid
    guard isValid, let position = sentence.position(index) else { return [] }
    self.position = position
    fixedAt = clock.now
    return .position
  }

  private func motion(speed: Double?, course: Double?) -> Topics {
    guard let speed, let course else { return [] }
    (self.speed, self.course) = (speed, course)
    return .course
  }

  private func activeSatellites(_ sentence: NMEASentence) -> Topics {
    satellitesInUse = (2..<14).compactMap { sentence.integer($0) }
    if let position = sentence.number(14), let horizontal = sentence.number(15),
      let vertical = sentence.number(16)
    {
      dilution = Dilution(position: position, horizontal: horizontal, vertical: vertical)
    }
    return []
  }

  /// Several sentences make up one view.
  private func inView(_ sentence: NMEASentence) -> Topics {
    guard let count = sentence.integer(0), let number = sentence.integer(1) else { return [] }
    if number == 1 { seen = [:] }
    for index in stride(from: 3, to: sentence.fields.count - 2, by: 4) {
      guard let satellite = sentence.integer(index) else { continue }
      seen[satellite] = Satellite(
        elevation: sentence.integer(index + 1) ?? 0, azimuth: sentence.integer(index + 2) ?? 0,
        signal: sentence.integer(index + 3))
    }
    guard number == count else { return [] }
    satellitesInView = seen
    return .satellites
  }
}
