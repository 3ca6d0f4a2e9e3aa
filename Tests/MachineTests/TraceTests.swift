import Bench
import Diagnostics
import Machine
import Testing
import Timebase

@Suite("The trace")
struct TraceTests {
  private func run() throws -> [String] {
    let bench = try Bench(isTraced: true)
    let board = bench.board
    try board.connect("X1", "X2")
    try board.connect("X5", "X6")
    let uart = try board.uart(4)
    try uart.start(UARTSettings(baudRate: 9600))
    try board.pins["X6"].irq(.rising) { $0.perform { board in board.leds[3]?.intensity = 100 } }
    try board.schedule([Stimulus(parsing: "1ms:press=USR")])
    try uart.write([0x41])
    try board.pins["X5"].configure(.outputPushPull, level: .high)
    bench.clock.busy(for: .milliseconds(1))
    return bench.main.changes
  }

  @Test("says what every part did, with board time")
  func contents() throws {
    #expect(
      try run() == [
        "0.000000000 board pyboard-v1.1",
        "0.000000000 pin X17 high",
        "0.000000000 pin X9 high",
        "0.000000000 pin X10 high",
        "0.000000000 pin SD high",
        "0.000000000 pin X1 high",
        "0.000000000 pin X2 high",
        "0.001000000 switch USR pressed",
        "0.001000000 pin X17 low",
        "0.001041666 uart 4 tx 41",
        "0.001041666 uart 4 rx 41",
        "0.001041666 pin X5 high",
        "0.001041666 pin X6 high",
        "0.001056666 interrupt X6 entry",
        "0.001056666 led 3 100",
        "0.001058666 interrupt X6 exit",
      ])
  }

  @Test("is the same in every run")
  func determinism() throws {
    let first = try run()
    for _ in 0..<5 { #expect(try run() == first) }
  }

  @Test("that does not fit the disk is reported once and ends")
  func fullDisk() throws {
    let reports = Lines()
    let diagnostics = DiagnosticSink { reports.append($0) }
    let file = try TraceFile(path: "/dev/full")
    let trace = Trace(diagnostics: diagnostics) { try file.write($0) }
    let clock = Clock(mode: .virtual)
    let board = try Board(
      description: .load("pyboard-v1.1"), clock: clock, diagnostics: diagnostics, trace: trace)
    for _ in 0..<3 {
      board.leds[1]?.toggle()
      trace.flush()
    }
    #expect(reports.all.count == 1)
    #expect(
      reports.all.first?.contains(
        "trace-lost: the trace ends here: /dev/full: could not be written: No space left on device") == true)
    #expect(throws: TraceFileError.self) { try TraceFile(path: "/missing/folder/trace") }
  }
}
