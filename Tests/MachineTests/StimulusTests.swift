import Bench
import Machine
import Testing
import Timebase

@Suite("A stimulus")
struct StimulusTests {
  @Test(
    "is read from the command line, under the part's name or an older one",
    arguments: [
      ("3s:USR.pressed=1", 3_000_000_000, "USR.pressed", "1"),
      ("3s:uart4.rx=a=b:c.d", 3_000_000_000, "uart4.rx", "a=b:c.d"),
      ("3s:press=USR", 3_000_000_000, "USR.pressed", "1"),
      ("1.5s:release=USR", 1_500_000_000, "USR.pressed", "0"),
      ("500ms:tilt=10,0,-20", 500_000_000, "accel.acceleration", "10,0,-20"),
      ("10us:pin=X1:1", 10_000, "X1.level", "1"),
      ("2m:pin=X1:z", 120_000_000_000, "X1.level", "z"),
      ("1s:volts=X5,1.65", 1_000_000_000, "X5.voltage", "1.65"),
      ("1s:press=X1,5ms", 1_000_000_000, "X1.pressed", "1,5ms"),
      ("1s:turn=X1-X2:-8", 1_000_000_000, "X1-X2.turn", "-8"),
      ("1s:turn=X1-X2:4,1ms", 1_000_000_000, "X1-X2.turn", "4,1ms"),
      ("24h:press=USR", 86_400_000_000_000, "USR.pressed", "1"),
    ])
  func parsing(text: String, nanoseconds: Int64, name: String, value: String) throws {
    let stimulus = try Stimulus(parsing: text)
    #expect(stimulus.time == Instant(nanoseconds: nanoseconds))
    #expect(stimulus.name == name)
    #expect(stimulus.value == value)
  }

  @Test(
    "that is wrong is refused with what would be right",
    arguments: [
      ("press=USR", #""press=USR" is not a stimulus (TIME:PART.CONTROL=VALUE, as in 3s:USR.pressed=1)"#),
      ("3:press=USR", #""3" is not a time (20s, 1.5s, 500ms, 10us, 2m, 24h)"#),
      ("-3s:press=USR", #""-3s" is not a time (20s, 1.5s, 500ms, 10us, 2m, 24h)"#),
      (
        "3s:push=USR",
        #""push" is not an action (PART.CONTROL, as in USR.pressed, or press, release, turn, tilt, pin, volts)"#
      ),
      (
        "3s:USR.pressed=",
        #""3s:USR.pressed=" is not a stimulus (TIME:PART.CONTROL=VALUE, as in 3s:USR.pressed=1)"#
      ),
      ("3s:pin=X1", #""pin=X1" is not understood (pin=X1:1, X1:0 or X1:z)"#),
      ("2562047.99h:press=USR", #""2562047.99h" is not a time (20s, 1.5s, 500ms, 10us, 2m, 24h)"#),
      ("99999999999999h:press=USR", #""99999999999999h" is not a time (20s, 1.5s, 500ms, 10us, 2m, 24h)"#),
    ])
  func mistakes(text: String, message: String) {
    let error = #expect(throws: StimulusError.self) { try Stimulus(parsing: text) }
    #expect(error?.description == message)
  }

  @Test(
    "with a value that its control does not take, or for a part that is not there, says what would be right",
    arguments: [
      (
        "accel.acceleration=1,2",
        #"accel.acceleration cannot be "1,2": it takes X,Y,Z, each -32 to 31 counts, as in 10,0,20"#
      ),
      (
        "tilt=1,2,99",
        #"accel.acceleration cannot be "1,2,99": it takes X,Y,Z, each -32 to 31 counts, as in 10,0,20"#
      ),
      (
        "press=X1,5",
        #"X1.pressed cannot be "1,5": it takes 0 or 1 (bounce behind a comma, as in 1,5ms), as in 1,5ms"#
      ),
      ("X5.voltage=5", #"X5.voltage cannot be "5": it takes 0 to 3.3 V, as in 1.65"#),
      ("X5.voltage=nan", #"X5.voltage cannot be "nan": it takes 0 to 3.3 V, as in 1.65"#),
      (
        "turn=X1-X2:x",
        #"X1-X2.turn cannot be "x": it takes -100000 to 100000 quarter steps (pause behind a comma, as in -8,2ms), as in -8,2ms"#
      ),
      ("USR.presed=1", #"USR has no control "presed", did you mean "pressed"? (pressed, bounce)"#),
      ("led1.brightness=3", #"led1 has no controls"#),
      ("acel.acceleration=1,2,3", #"no part "acel" on this board, did you mean "accel"? (accel)"#),
    ])
  func refused(text: String, message: String) throws {
    let board = try Bench(isTraced: true).board
    let stimulus = try Stimulus(parsing: "1s:" + text)
    let error = #expect(throws: ControlError.self) { try board.schedule([stimulus]) }
    #expect(error?.description == message)
  }

  @Test("happens to the board at its time")
  func effect() throws {
    let bench = try Bench(isTraced: true)
    let pressed = Lines()
    let usr = try bench.board.switch("USR")
    try usr.callback { pressed.append("\($0.time)") }
    try bench.board.schedule([
      Stimulus(parsing: "20ms:press=USR"), Stimulus(parsing: "30ms:release=USR"),
      Stimulus(parsing: "25ms:tilt=5,-6,7"),
    ])
    bench.clock.busy(for: .milliseconds(22))
    #expect(usr.isPressed)
    bench.clock.busy(for: .milliseconds(10))
    #expect(!usr.isPressed)
    #expect(pressed.all == ["0.020000000 s"])
    let accelerometer = try #require(bench.board.accelerometer)
    accelerometer.start()
    #expect([accelerometer.x(), accelerometer.y(), accelerometer.z()] == [5, -6, 7])
  }

  @Test("for something that the board does not have is refused before anything runs")
  func unknownParts() throws {
    let board = try Bench(isTraced: true).board
    let error = #expect(throws: ControlError.self) {
      try board.schedule([Stimulus(parsing: "1s:press=UST")])
    }
    #expect(
      error?.description.hasPrefix(
        #"no part "UST" on this board, did you mean "USR"? (USR, X1–X12, X17–X22, "#) == true)
    #expect(throws: ControlError.self) { try board.schedule([Stimulus(parsing: "1s:pin=Q1:1")]) }
    #expect(board.clock.nextEventDue == nil)
  }
}
