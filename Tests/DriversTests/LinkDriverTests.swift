import Machine
import Testing
import Timebase

@testable import Drivers

/// Drivers of GPS receivers and infrared remote controls, apart from what carries their signals.
@Suite struct LinkDriverTests {
  @Test("a sentence is read with its fields; a wrong check sum and half a line are told apart")
  func sentences() throws {
    let line = Array("$GPGGA,123519,4807.038,N,01131.000,W,1,08,0.9,545.4,M,46.9,M,,*55\r\n".utf8)
    let sentence = try NMEASentence(line)
    #expect(sentence.talker == "GP")
    #expect(sentence.type == "GGA")
    let place = try #require(sentence.position(1))
    #expect(abs(place.latitude - 48.1173) < 1e-6)
    #expect(abs(place.longitude + 11.516_667) < 1e-6)
    #expect(throws: NMEASentence.Failure.checksum) {
      try NMEASentence(Array("$GPGGA,123519*00".utf8))
    }
    #expect(throws: NMEASentence.Failure.malformed) { try NMEASentence(Array("519,4807*47".utf8)) }
    #expect(throws: NMEASentence.Failure.malformed) { try NMEASentence([UInt8]()) }
    #expect(String(decoding: NMEASentence.line("PMTK605"), as: UTF8.self) == "$PMTK605*31\r\n")
    #expect(try NMEASentence(NMEASentence.line("PMTK001,220,3")).type == "PMTK001")
  }

  @Test("coordinates are written in degrees, minutes and seconds, and never with sixty of them")
  func coordinates() {
    let place = Coordinates(latitude: 48.117_3, longitude: -11.999_999_9)
    #expect(place.latitudeText() == "48°07.0380'N")
    #expect(place.latitudeText(.seconds) == "48°07'02\"N")
    #expect(place.latitudeText(.degrees) == "48.117300°N")
    #expect(place.longitudeText() == "12°00.0000'W")
    #expect(place.longitudeText(.signed) == "-12.000000")
  }

  /// The edges of a code: marks and spaces by turns, in microseconds.
  private func decode(_ lengths: [Int]) -> [RemoteCode] {
    var decoder = RemoteDecoder()
    var time = Instant.powerOn + .seconds(1)
    var level = Level.low
    var codes: [RemoteCode] = []
    for length in [0] + lengths {
      time += .microseconds(length)
      if let code = decoder.take(level, at: time) { codes.append(code) }
      level = level.opposite
    }
    return codes
  }

  private func code(_ word: UInt32) -> [Int] {
    [9000, 4500] + (0..<32).flatMap { [562, word >> UInt32($0) & 1 == 1 ? 1687 : 562] } + [562]
  }

  @Test("codes, repeats, extended addresses and wrong ones are told apart as soon as they end")
  func remoteCodes() {
    #expect(decode(code(0x5DA2_FF00)) == [.key(command: 0xA2, address: 0)])
    #expect(decode(code(0xF807_1234)) == [.key(command: 7, address: 0x1234)])
    #expect(decode(code(0x5DA3_FF00)) == [.failure(.complement)])
    #expect(decode([9000, 2250, 562]) == [.held])
    #expect(decode([9000, 4500, 562, 3000, 562]) == [.failure(.timing)])
    // A glitch in front, and one code behind another.
    #expect(decode([40, 5000] + code(0x5DA2_FF00) + [40_000, 9000, 2250, 562]).last == .held)
  }

  @Test("times of the calendar: each quarter of an hour, a weekday, the 29th of February, never")
  func timePatterns() throws {
    func next(_ pattern: TimePattern, after text: String) throws -> String? {
      pattern.next(after: try #require(DateTime(text: text))).map { "\($0)" }
    }
    let quarters = TimePattern(minutes: [0, 15, 30, 45])
    #expect(try next(quarters, after: "2024-12-31 23:44:59") == "2024-12-31 23:45:00")
    #expect(try next(quarters, after: "2024-12-31 23:45:00") == "2025-01-01 00:00:00")
    // A Monday.
    #expect(
      try next(TimePattern(weekdays: [1], hours: [7], minutes: [0]), after: "2024-07-01 07:00:00")
        == "2024-07-08 07:00:00")
    #expect(
      try next(TimePattern(months: [2], days: [29], hours: [0], minutes: [0]), after: "2024-02-29 00:00:00")
        == "2028-02-29 00:00:00")
    #expect(try next(TimePattern(months: [2], days: [30]), after: "2024-01-01") == nil)
    #expect(try next(TimePattern(hours: [99]), after: "2024-01-01") == nil)
  }
}
