import Bench
import Machine
import Testing
import Timebase

@Suite("A net")
struct NetTests {
  struct Case: CustomTestStringConvertible {
    let drives: [(Level?, Pull)]
    let state: Net.State
    let reads: Level
    var testDescription: String { "\(drives) -> \(state)" }
  }

  @Test(
    "finds its level from what drives it",
    arguments: [
      Case(drives: [], state: .floating, reads: .low),
      Case(drives: [(nil, .up)], state: .high, reads: .high),
      Case(drives: [(nil, .down)], state: .low, reads: .low),
      Case(drives: [(nil, .up), (nil, .down)], state: .floating, reads: .low),
      Case(drives: [(.high, .none)], state: .high, reads: .high),
      Case(drives: [(.low, .none), (nil, .up)], state: .low, reads: .low),
      Case(drives: [(.high, .none), (nil, .down)], state: .high, reads: .high),
      Case(drives: [(.low, .up), (.low, .none)], state: .low, reads: .low),
      Case(drives: [(.high, .none), (.low, .none)], state: .conflict, reads: .low),
    ])
  func resolution(_ test: Case) throws {
    let bench = try Bench(isTraced: true)
    let pin = try bench.board.pins["X1"]
    for (index, drive) in test.drives.enumerated() {
      let driver = NetDriver(name: "device \(index)")
      pin.net.attach(driver)
      driver.hold(drive.1)
      if let level = drive.0 { driver.drive(level) }
    }
    #expect(pin.net.state == test.state)
    #expect(pin.level == test.reads)
  }

  @Test("joins pins that are wired together, however many")
  func wires() throws {
    let bench = try Bench(isTraced: true)
    try bench.board.connect(wire: "X1-X2")
    try bench.board.connect("X3", "X2")
    let (out, far) = (try bench.board.pins["X1"], try bench.board.pins["X3"])
    out.configure(.outputPushPull, level: .high)
    #expect(far.level == .high)
    out.low()
    #expect(far.level == .low)
  }

  @Test("tells the side of a new wire whose level changes, and only that side")
  func edgeOfWire() throws {
    let bench = try Bench(isTraced: true)
    let (out, input) = (try bench.board.pins["X1"], try bench.board.pins["X2"])
    let edges = Lines()
    out.configure(.outputPushPull, level: .high)
    try out.irq(.risingOrFalling) { edges.append($0.source) }
    try input.irq(.risingOrFalling) { edges.append($0.source) }
    try bench.board.connect("X1", "X2")
    #expect(edges.all == ["X2"])
  }

  @Test("refuses wires that cannot be")
  func impossibleWires() throws {
    let board = try Bench(isTraced: true).board
    #expect(throws: BoardError.wireToItself("X17", "SW")) { try board.connect(wire: "X17-SW") }
    #expect(throws: BoardError.malformedWire("X1")) { try board.connect(wire: "X1") }
    let error = #expect(throws: BoardError.self) { try board.connect(wire: "X1-X99") }
    #expect(error?.description.hasPrefix(#"pin "X99" is not on this board (X1–X12, X17–X22, Y1–Y12"#) == true)
  }

  @Test("reports two outputs against each other once, with names and time")
  func conflict() throws {
    let bench = try Bench(isTraced: true)
    try bench.board.connect("X1", "X2")
    let (a, b) = (try bench.board.pins["X1"], try bench.board.pins["X2"])
    a.configure(.outputPushPull, level: .high)
    bench.clock.busy(for: .milliseconds(5))
    b.configure(.outputPushPull, level: .low)
    b.low()
    #expect(
      bench.main.findings.map(withoutPlace) == [
        "net-conflict: X1 drives high and X2 drives low on one net at 0.005000000 s; "
          + "make one of them an input or open drain, or take the wire away"
      ])
    b.high()
    b.low()
    #expect(bench.main.findings.count == 1)
  }

  @Test("tells of edges in their order, even when a listener causes the next one")
  func edgeOrder() throws {
    let bench = try Bench(isTraced: true)
    let pin = try bench.board.pins["X1"]
    let device = NetDriver(name: "device")
    pin.net.attach(device)
    var heard: [Level] = []
    let first = pin.net.listen { if $0.level == .high { device.release() } }
    let second = pin.net.listen { heard.append($0.level) }
    device.drive(.high)
    #expect(heard == [.high, .low])
    withExtendedLifetime((first, second)) {}
  }
}
