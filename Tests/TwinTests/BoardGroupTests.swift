import Asyncio
import Diagnostics
import Machine
import MicroPythonPort
import Synchronization
import Testing
import Timebase

@Suite("Several boards")
struct BoardGroupTests {
  /// A board whose firmware is stepped, with what it printed and what was reported.
  private final class Bench: @unchecked Sendable {
    let board: Board
    var output = ""
    let findings: Findings
    private var firmware: SteppedFirmware?

    init() throws {
      let findings = Findings()
      self.findings = findings
      board = try Board(
        description: .load("pyboard-v1.1"), clock: Clock(mode: .virtual),
        diagnostics: DiagnosticSink { findings.add($0) })
    }

    func run(python source: String) {
      let board = self.board
      firmware = SteppedFirmware(clock: board.clock) { [unowned self] in
        let python = PythonFirmware(board: board) { [unowned self] in
          output += String(decoding: $0, as: UTF8.self).replacing("\r\n", with: "\n")
        }
        let end = python.run(PythonProgram(name: "main.py", source: Array(source.utf8)))
        if end != .finished { output += "\(end)" }
      }
    }

    func run(swift main: @escaping @Firmware (Bench) async throws -> Void) {
      firmware = SteppedFirmware(clock: board.clock) { [unowned self] in
        let bench = self
        do { try Scheduler(clock: board.clock).run { try await main(bench) } } catch {
          output += "\(error)"
        }
      }
    }
  }

  private final class Findings: Sendable {
    private let lines = Mutex<[String]>([])
    var all: [String] { lines.withLock { $0 } }
    func add(_ line: String) { lines.withLock { $0.append(line) } }
  }

  private static let echo = """
    import pyb, time
    u = pyb.UART(4, 9600, timeout=1000)
    for i in range(3):
        line = u.readline()
        u.write(line.upper())
    """

  private func conversation() throws -> (a: String, b: String, times: [Int64]) {
    let (a, b) = (try Bench(), try Bench())
    let group = BoardGroup(["a": a.board, "b": b.board])
    try group.connect("a.X1", "b.X2")
    try group.connect("a.X2", "b.X1")
    b.run(python: Self.echo)
    let times = Mutex<[Int64]>([])
    a.run { bench in
      let uart = try bench.board.uart(4)
      try uart.start(UARTSettings(baudRate: 9600))
      let (writer, reader) = (StreamWriter(uart), StreamReader(uart))
      try await sleepMs(10)
      for word in ["one", "two", "three"] {
        try writer.write(Array((word + "\n").utf8))
        try await writer.drain()
        bench.output += String(decoding: try await reader.readLine(), as: UTF8.self)
        times.withLock { $0.append(bench.board.clock.now.nanoseconds) }
      }
    }
    try group.advance(until: .powerOn + .seconds(1))
    #expect(a.board.clock.now >= .powerOn + .seconds(1))
    #expect(b.board.clock.now >= .powerOn + .seconds(1))
    #expect(a.findings.all == [])
    #expect(b.findings.all == [])
    return (a.output, b.output, times.withLock { $0 })
  }

  @Test("talk through UARTs, Swift with Python, the same in every run")
  func uarts() throws {
    let first = try conversation()
    #expect(first.a == "ONE\nTWO\nTHREE\n")
    #expect(first.b == "")
    let second = try conversation()
    #expect(first.times == second.times)
    // Two words of four characters of 1.04 ms each, and a little for Python.
    #expect((8_333_000 + 10_000_000..<20_000_000).contains(first.times[0]), "\(first.times)")
  }

  @Test("see each other's pins, an interrupt at the exact time")
  func pins() throws {
    let (a, b) = (try Bench(), try Bench())
    let group = BoardGroup(["a": a.board, "b": b.board])
    try group.connect("a.Y1", "b.Y2")
    try group.connect("a.Y3", "b.Y4")
    b.run(
      python: """
        import machine, time
        answer = machine.Pin('Y4', machine.Pin.OUT, value=0)
        machine.Pin('Y2', machine.Pin.IN, machine.Pin.PULL_DOWN).irq(
            lambda p: answer.value(p.value()), machine.Pin.IRQ_RISING | machine.Pin.IRQ_FALLING, hard=True)
        while True:
            time.sleep_ms(1000)
        """)
    a.run(
      python: """
        import machine, time
        out = machine.Pin('Y1', machine.Pin.OUT, value=0)
        answer = machine.Pin('Y3', machine.Pin.IN)
        time.sleep_ms(50)
        for i in range(3):
            before = time.ticks_us()
            out.value(not out.value())
            while answer.value() != out.value():
                pass
            print(time.ticks_diff(time.ticks_us(), before) < 60)
            time.sleep_ms(7)
        """)
    try group.advance(until: .powerOn + .milliseconds(200))
    #expect(a.output == "True\nTrue\nTrue\n")
  }

  @Test("may drive one wire together as open drains, and are found when they drive against each other")
  func sharedWire() throws {
    let (a, b) = (try Bench(), try Bench())
    let group = BoardGroup(["a": a.board, "b": b.board])
    try group.connect("a.X1", "b.X1")
    let (x, y) = (try a.board.pins["X1"], try b.board.pins["X1"])
    x.configure(.outputOpenDrain, pull: .up, level: .high)
    y.configure(.outputOpenDrain, level: .high)
    try group.advance(until: Instant(nanoseconds: 1_000))
    #expect(y.level == .high)
    y.level = .low
    try group.advance(until: Instant(nanoseconds: 2_000))
    #expect(x.level == .low)
    y.level = .high
    try group.advance(until: Instant(nanoseconds: 3_000))
    #expect(x.level == .high)
    x.configure(.outputPushPull, level: .high)
    y.configure(.outputPushPull, level: .low)
    try group.advance(until: Instant(nanoseconds: 4_000))
    #expect(
      a.findings.all.first?.contains("X1 drives high and b.X1 drives low on one net") == true)
    #expect(
      b.findings.all.first?.contains("a.X1 drives high and X1 drives low on one net") == true)
  }

  @Test("both in Swift, one of them stopped inside a step, do not wait for each other")
  func twoInSwift() throws {
    let (a, b) = (try Bench(), try Bench())
    let group = BoardGroup(["a": a.board, "b": b.board])
    a.run { bench in
      for _ in 0..<5 {
        try busyWait(.milliseconds(3))
        bench.output += "\(bench.board.clock.now.milliseconds) "
        try await sleepMs(1)
      }
    }
    b.run { bench in
      for _ in 0..<5 {
        try await sleepMs(2)
        try busyWait(.milliseconds(2))
        bench.output += "\(bench.board.clock.now.milliseconds) "
      }
    }
    for step in 1...40 { try group.advance(until: .powerOn + .milliseconds(step)) }
    #expect(a.output == "3 7 11 15 19 ")
    #expect(b.output == "4 8 12 16 20 ")
  }
}
