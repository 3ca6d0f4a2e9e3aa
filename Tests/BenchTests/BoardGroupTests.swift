import Bench
import Synchronization
import Testing

@Suite("Several boards")
struct BoardGroupTests {
  /// What firmware in Swift writes down.
  private final class Log<Entry: Sendable>: Sendable {
    private let entries = Mutex<[Entry]>([])
    var all: [Entry] { entries.withLock { $0 } }
    func add(_ entry: Entry) { entries.withLock { $0.append(entry) } }
  }

  private static let echo = """
    import pyb, time
    u = pyb.UART(4, 9600, timeout=1000)
    for i in range(3):
        line = u.readline()
        u.write(line.upper())
    """

  private func conversation() throws -> (a: String, b: [UInt8], times: [Int64]) {
    let bench = try Bench()
    let b = try bench.add("b")
    try bench.wire("X1", "b.X2")
    try bench.wire("X2", "b.X1")
    b.start(python: Self.echo)
    let (heard, times) = (Log<String>(), Log<Int64>())
    bench.main.start { board in
      let uart = try board.uart(4)
      try uart.start(UARTSettings(baudRate: 9600))
      let (writer, reader) = (StreamWriter(uart), StreamReader(uart))
      try await sleepMs(10)
      for word in ["one", "two", "three"] {
        try writer.write(Array((word + "\n").utf8))
        try await writer.drain()
        heard.add(String(decoding: try await reader.readLine(), as: UTF8.self))
        times.add(board.clock.now.nanoseconds)
      }
    }
    try bench.advance(until: .powerOn + .seconds(1))
    #expect(bench.now >= .powerOn + .seconds(1))
    #expect(b.clock.now >= .powerOn + .seconds(1))
    #expect(bench.main.findings == [])
    #expect(b.findings == [])
    return (heard.all.joined(), b.output, times.all)
  }

  @Test("talk through UARTs, Swift with Python, the same in every run")
  func uarts() throws {
    let first = try conversation()
    #expect(first.a == "ONE\nTWO\nTHREE\n")
    #expect(first.b == [])
    let second = try conversation()
    #expect(first.times == second.times)
    // Two words of four characters of 1.04 ms each, and a little for Python.
    #expect((8_333_000 + 10_000_000..<20_000_000).contains(first.times[0]), "\(first.times)")
  }

  @Test("see each other's pins, an interrupt at the exact time")
  func pins() throws {
    let bench = try Bench()
    let b = try bench.add("b")
    try bench.wire("Y1", "b.Y2")
    try bench.wire("Y3", "b.Y4")
    b.start(
      python: """
        import machine, time
        answer = machine.Pin('Y4', machine.Pin.OUT, value=0)
        machine.Pin('Y2', machine.Pin.IN, machine.Pin.PULL_DOWN).irq(
            lambda p: answer.value(p.value()), machine.Pin.IRQ_RISING | machine.Pin.IRQ_FALLING, hard=True)
        while True:
            time.sleep_ms(1000)
        """)
    bench.main.start(
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
    try bench.advance(until: .powerOn + .milliseconds(200))
    #expect(String(decoding: bench.main.output, as: UTF8.self) == "True\nTrue\nTrue\n")
  }

  @Test("may drive one wire together as open drains, and are found when they drive against each other")
  func sharedWire() throws {
    let bench = try Bench()
    let b = try bench.add("b")
    try bench.wire("X1", "b.X1")
    let (x, y) = (try bench.board.pins["X1"], try b.board.pins["X1"])
    x.configure(.outputOpenDrain, pull: .up, level: .high)
    y.configure(.outputOpenDrain, level: .high)
    try bench.advance(until: Instant(nanoseconds: 1_000))
    #expect(y.level == .high)
    y.level = .low
    try bench.advance(until: Instant(nanoseconds: 2_000))
    #expect(x.level == .low)
    y.level = .high
    try bench.advance(until: Instant(nanoseconds: 3_000))
    #expect(x.level == .high)
    x.configure(.outputPushPull, level: .high)
    y.configure(.outputPushPull, level: .low)
    try bench.advance(until: Instant(nanoseconds: 4_000))
    #expect(bench.main.findings.first?.contains("X1 drives high and b.X1 drives low on one net") == true)
    #expect(b.findings.first?.contains("main.X1 drives high and X1 drives low on one net") == true)
  }

  @Test("both in Swift, one of them stopped inside a step, do not wait for each other")
  func twoInSwift() throws {
    let bench = try Bench()
    let b = try bench.add("b")
    let (first, second) = (Log<Int64>(), Log<Int64>())
    bench.main.start { board in
      for _ in 0..<5 {
        try busyWait(.milliseconds(3))
        first.add(board.clock.now.milliseconds)
        try await sleepMs(1)
      }
    }
    b.start { board in
      for _ in 0..<5 {
        try await sleepMs(2)
        try busyWait(.milliseconds(2))
        second.add(board.clock.now.milliseconds)
      }
    }
    for step in 1...40 { try bench.advance(until: .powerOn + .milliseconds(Int64(step))) }
    #expect(first.all == [3, 7, 11, 15, 19])
    #expect(second.all == [4, 8, 12, 16, 20])
  }
}
