import Asyncio
import Drivers
import Machine
import Testing

@Suite struct ArrayTests {
  /// Two rows and three columns.
  @Firmware private static func pins(_ board: Board) throws -> (rows: [Pin], columns: [Pin]) {
    let rows = try ["X1", "X2"].map { try board.pins[$0] }
    let columns = try ["X5", "X6", "X7"].map { try board.pins[$0] }
    for row in rows { row.configure(.outputOpenDrain) }
    for column in columns { column.configure(.input, pull: .up) }
    return (rows, columns)
  }

  @Test func aKeyboardGivesScanCodes() throws {
    // A column that is held low is the keys of both rows; row X1 and column X7 are joined, as by a key that is held.
    let lines = try drive(["100ms:pin=X5:0", "200ms:pin=X5:z", "400ms:pin=X5:0"], for: 500) { board, log in
      try board.connect("X1", "X7")
      let (rows, columns) = try Self.pins(board)
      let keyboard = Keyboard(rows: rows, columns: columns)
      createTask {
        for try await code in keyboard { try log.add("\(code) \(keyboard[code]) \(keyboard[1])") }
      }
      try await sleepMs(300)
      try log.add("\((0..<6).filter { keyboard[$0] })")
      try keyboard.end()
    }
    #expect(lines == ["0 3 true false", "100 2 true false", "100 5 true false", "300 [3]"])
  }

  @Test func aFullKeyboardDropsTheOldest() throws {
    let lines = try drive(["100ms:pin=X5:0", "200ms:pin=X6:0"], for: 300) { board, log in
      let (rows, columns) = try Self.pins(board)
      let keyboard = Keyboard(rows: rows, columns: columns, bufferSize: 4)
      try await sleepMs(250)
      for _ in 0..<3 { try log.add("\(try await keyboard.get())") }
    }
    #expect(lines == ["250 5", "250 1", "250 4"])
  }

  @Test(
    arguments: [
      (
        [.close, .open],
        ["100 2 close", "250 2 open", "400 2 close", "550 2 open", "700 2 close", "850 2 open"]
      ),
      ([.open], ["250 2 open", "550 2 open", "850 2 open"]),
    ] as [(SwArray.Events, [String])])
  func anArrayTellsWhatIsAskedFor(events: SwArray.Events, expected: [String]) throws {
    let lines = try run(events, [(100, 150), (400, 150), (700, 150)])
    #expect(lines == expected)
  }

  @Test func anArrayTellsLongAndDoublePresses() throws {
    let all: SwArray.Events = [.close, .open, .long, .double]
    #expect(try run(all, [(100, 1500)]) == ["100 2 close", "1100 2 long", "1600 2 open"])
    #expect(try kinds(all, [(100, 100), (300, 100)]) == ["close", "open", "double", "open"])
    #expect(try kinds(all.union(.suppress), [(100, 1500)]) == ["long", "open"])
    #expect(try kinds(all.union(.suppress), [(100, 100), (300, 100)]) == ["double", "open"])
    #expect(try kinds(all.union(.suppress), [(100, 100)]) == ["close", "open"])
  }

  private func kinds(_ events: SwArray.Events, _ presses: [(Int, Int)]) throws -> [String] {
    try run(events, presses).map { String($0.split(separator: " ")[2]) }
  }

  /// One row; the middle one of the columns has the presses: when, and for how long.
  private func run(_ events: SwArray.Events, _ presses: [(Int, Int)]) throws -> [String] {
    let stimuli = presses.flatMap { ["\($0.0)ms:pin=X5:0", "\($0.0 + $0.1)ms:pin=X5:z"] }
    return try drive(stimuli, for: 3000) { board, log in
      let (rows, columns) = try Self.pins(board)
      let array = SwArray(rows: [rows[0]], columns: columns, events: events)
      let names: [SwArray.Events: String] = [
        .close: "close", .open: "open", .long: "long", .double: "double",
      ]
      createTask {
        for try await (code, event) in array { try log.add("\(code) \(names[event] ?? "?")") }
      }
    }
  }
}
