import Asyncio
import Drivers
import Machine
import Testing

@Suite struct ConverterTests {
  /// Turns of a knob: four edges each, one every 5 ms; to the right for a positive number.
  private static func turns(_ count: Int, at start: Int) -> [String] {
    var stimuli: [String] = []
    var time = start
    for _ in 0..<abs(count) {
      for (pin, level) in [("X1", 0), ("X2", 0), ("X1", 1), ("X2", 1)] {
        let first = count > 0 ? pin : pin == "X1" ? "X2" : "X1"
        stimuli.append("\(time)ms:pin=\(first):\(level)")
        time += 5
      }
    }
    return stimuli
  }

  @Firmware private static func knob(_ board: Board) throws -> (Pin, Pin) {
    let (x, y) = (try board.pins["X1"], try board.pins["X2"])
    x.configure(.input, pull: .up)
    y.configure(.input, pull: .up)
    return (x, y)
  }

  @Test func anEncoderCountsBothWays() throws {
    let lines = try drive(Self.turns(2, at: 100) + Self.turns(-3, at: 500), for: 1000) { board, log in
      let (x, y) = try Self.knob(board)
      let encoder = try Encoder(x, y, division: 4) { value, change in try log.add("\(value) \(change)") }
      createTask { for try await value in encoder { try log.add("\(value) = \(encoder.value)") } }
    }
    let signs = lines.map { $0.split(separator: " ").dropFirst().joined(separator: " ") }
    let first = signs.first?.hasPrefix("-") == true ? -1 : 1
    #expect(
      signs == [
        "\(2 * first) \(2 * first)", "\(2 * first) = \(2 * first)", "\(-first) \(-3 * first)",
        "\(-first) = \(-first)",
      ])
  }

  @Test func anEncoderStopsAtItsLimitsOrGoesRound() throws {
    let stimuli = Self.turns(5, at: 100) + Self.turns(-9, at: 500)
    let values = try drive(stimuli, for: 1500) { board, log in
      let (x, y) = try Self.knob(board)
      _ = try Encoder(x, y, value: 1, division: 4, minimum: 0, maximum: 3) { value, _ in
        try log.add("\(value)")
      }
    }
    #expect(values.count == 2)
    #expect(Set(values.compactMap { $0.split(separator: " ").last }) == ["3", "0"])
    let round = try drive(Self.turns(5, at: 100), for: 1000) { board, log in
      let (x, y) = try Self.knob(board)
      _ = try Encoder(x, y, division: 4, modulus: 3) { value, _ in try log.add("\(value)") }
    }
    #expect(round.last?.hasSuffix(" 2") == true || round.last?.hasSuffix(" 1") == true)
  }

  @Test func anEncoderCannotBeginOutOfItsLimits() throws {
    _ = try drive([], for: 10) { board, _ in
      let (x, y) = try Self.knob(board)
      do {
        _ = try Encoder(x, y, value: 9, maximum: 3)
        Issue.record("it began")
      } catch let error as EncoderRangeError {
        #expect(error.description == "an encoder cannot begin at 9: it goes from -∞ to 3")
      }
    }
  }

  @Test func aConverterIsWaitedFor() throws {
    let lines = try drive([], for: 1000) { _, log in
      // A voltage that rises by 1000 from one reading to the next.
      var voltage: UInt16 = 0
      let converter = AADC {
        voltage += 1000
        return voltage
      }
      try log.add("\(try await converter.wait(change: 2500))")
      try log.add("\(try await converter.wait(change: 2500))")
      try log.add("\(try await converter.wait(0...20_000)) \(converter.last ?? 0)")
      converter.waitsForEntry = true
      try log.add("\(try await converter.wait(30_000...40_000)) \(converter.read())")
    }
    #expect(
      lines.map { $0.split(separator: " ").dropFirst() } == [
        ["4000"], ["7000"], ["21000", "21000"], ["30000", "31000"],
      ])
  }
}
