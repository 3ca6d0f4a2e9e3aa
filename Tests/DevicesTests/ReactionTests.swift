import Bench
import Devices
import Machine
import Testing
import Timebase

/// Events behind what happens on the board.
@Suite struct ReactionTests {
  @Test(
    "an event comes at its delay behind an edge, each time or the first time only", arguments: [true, false])
  func edge(isFirstOnly: Bool) throws {
    let first = isFirstOnly ? "first " : ""
    let wired = try Bench.wired(
      ["dht22:room@X5"], events: ["450us after \(first)X1 falls: X2.level=1", "after X1=1: X2.level=0"])
    let (x1, x2) = (try wired.main.pin("X1"), try wired.main.pin("X2"))
    var edges: [(Level, Int64)] = []
    let listening = x2.net.listen { edges.append(($0.level, $0.time.nanoseconds)) }
    x1.configure(.outputPushPull, level: .high)
    wired.clock.busy(for: .milliseconds(1))
    for _ in 0..<2 {
      x1.low()
      wired.clock.busy(for: .milliseconds(1))
      x1.high()
      wired.clock.busy(for: .milliseconds(1))
    }
    listening.cancel()
    let expected: [(Level, Int64)] = [
      (.high, 1_450_000), (.low, 2_000_000), (.high, 3_450_000), (.low, 4_000_000),
    ]
    #expect(edges.map(\.1) == expected.prefix(isFirstOnly ? 2 : 4).map(\.1))
    #expect(edges.map(\.0) == expected.prefix(isFirstOnly ? 2 : 4).map(\.0))
  }

  @Test("an event may wait for bytes on a line, and answer them") func bytes() throws {
    let wired = try Bench.wired(
      ["serial:modem@tx:X4,rx:X3"], events: [#"5ms after uart2.tx=AT\r: modem.send=OK\n"#])
    let output = try wired.run(
      """
      from machine import UART
      uart = UART(2, 9600, timeout=100)
      uart.write('xATAT\\r')
      print(uart.readline())
      uart.write('AT\\n')
      print(uart.readline())
      uart.write('AT\\r')
      print(uart.readline())
      """)
    #expect(output == "b'OK\\n'\nNone\nb'OK\\n'\n")
  }

  @Test("a ramp and a file may begin behind something that happens, and a signal may change") func ramp()
    throws
  {
    let wired = try Bench.wired(["pot@X5", "button:key@X3"])
    for text in [
      "0s..100ms after key.pressed=1:pot.position=0.0..1.0", "after key.pressed changes: X2.level=1",
    ] {
      try wired.board.schedule(try StimulusSource(parsing: text).stimuli)
    }
    try wired.board.set("key.pressed", to: "1")
    wired.clock.busy(for: .milliseconds(50))
    guard case .real(let position)? = wired.board.signal("pot.position")?.value else { return }
    #expect((0.49...0.51).contains(position))
    #expect(try wired.main.pin("X2").level == .high)
  }

  @Test("events that set each other off for ever are told, and end") func circle() throws {
    let wired = try Bench.wired(events: ["after X1=1: X1.level=0", "after X1=0: X1.level=1"])
    try wired.board.set("X1.level", to: "1")
    wired.clock.busy(for: .milliseconds(1))
    #expect(wired.main.findings.count == 1)
    #expect(
      wired.main.findings[0].contains(
        "events-repeat: \"after X1 …: X1.level\" sets itself off again and again at 0"))
  }

  @Test(
    "what an event cannot wait for is refused",
    arguments: [
      ("after X99=1: X2.level=1", "X99 is neither a pin nor a signal"),
      ("after X1=2: X2.level=1", "X1 cannot be \"2\": it takes 0 or 1"),
      (
        "after key.presed=1: X2.level=1",
        "key.presed is neither a pin nor a signal, did you mean \"key.pressed\"?"
      ),
      ("after key.pressed=5: X2.level=1", "key.pressed cannot be \"5\": it takes 0 or 1"),
      ("after X1 drops: X2.level=1", "\"after X1 drops\" is not something that happens"),
      ("after X1=: X2.level=1", "\"after X1=\" is not something that happens"),
      ("3 after X1=0: X2.level=1", "\"3\" is not a time"),
      ("after X1=0: X2.levle=1", "X2 has no control \"levle\", did you mean \"level\"?"),
    ])
  func refuses(text: String, message: String) throws {
    let wired = try Bench.wired(["button:key@X3"])
    var refusal = ""
    do { try wired.board.schedule(try StimulusSource(parsing: text).stimuli) } catch { refusal = "\(error)" }
    #expect(refusal.contains(message), "\(refusal)")
  }

  @Test("a ramp that goes too far is refused with its end, an @ without a file with what is missing")
  func refusesRamp() throws {
    var wiring = Wiring()
    try wiring.addDevice("dht22:room@X1")
    for event in try StimulusSource(parsing: "1s..2s:room.temperature=20..300").events {
      wiring.addEvent(event.stimulus, place: "--at")
    }
    let board = try Bench.wired().board
    let error = #expect(throws: WiringError.self) { try board.wire(wiring) }
    #expect(error?.message.hasPrefix("room.temperature cannot be \"300\"") == true)
    let empty = #expect(throws: WiringError.self) { try StimulusSource(parsing: "@") }
    #expect(empty?.message.contains("names no file") == true)
  }
}
