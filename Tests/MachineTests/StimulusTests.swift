import Machine
import Testing
import Timebase

@Suite("A stimulus")
struct StimulusTests {
  @Test(
    "is read from the command line",
    arguments: [
      ("3s:press=USR", 3_000_000_000, Stimulus.Action.press("USR")),
      ("1.5s:release=USR", 1_500_000_000, .release("USR")),
      ("500ms:tilt=10,0,-20", 500_000_000, .tilt(Accelerometer.Reading(x: 10, y: 0, z: -20))),
      ("10us:pin=X1:1", 10_000, .pin("X1", .high)),
      ("2m:pin=X1:z", 120_000_000_000, .pin("X1", nil)),
      ("1s:press=X1,5ms", 1_000_000_000, .press("X1", bounce: .milliseconds(5))),
      ("1s:turn=X1-X2:-8", 1_000_000_000, .turn("X1", "X2", steps: -8, pause: .milliseconds(5))),
      ("1s:turn=X1-X2:4,1ms", 1_000_000_000, .turn("X1", "X2", steps: 4, pause: .milliseconds(1))),
      ("24h:press=USR", 86_400_000_000_000, .press("USR")),
    ])
  func parsing(text: String, nanoseconds: Int64, action: Stimulus.Action) throws {
    #expect(try Stimulus(parsing: text) == Stimulus(at: Instant(nanoseconds: nanoseconds), action))
  }

  @Test(
    "that is wrong is refused with what would be right",
    arguments: [
      ("press=USR", #""press=USR" is not a stimulus (TIME:ACTION=VALUE, as in 3s:press=USR)"#),
      ("3:press=USR", #""3" is not a time (20s, 1.5s, 500ms, 10us, 2m, 24h)"#),
      ("-3s:press=USR", #""-3s" is not a time (20s, 1.5s, 500ms, 10us, 2m, 24h)"#),
      ("3s:push=USR", #""push" is not an action (press, release, turn, tilt, pin)"#),
      ("3s:tilt=1,2", #""1,2" is not a tilt (X,Y,Z in counts from -32 to 31, as in 10,0,20)"#),
      ("3s:tilt=1,2,99", #""1,2,99" is not a tilt (X,Y,Z in counts from -32 to 31, as in 10,0,20)"#),
      ("3s:press=X1,5", #""5" is not a time (20s, 1.5s, 500ms, 10us, 2m, 24h)"#),
      ("3s:turn=X1:4", #""X1:4" is not a turn of a knob (PIN-PIN:STEPS, as in X1-X2:-8)"#),
      ("3s:turn=X1-X2:x", #""X1-X2:x" is not a turn of a knob (PIN-PIN:STEPS, as in X1-X2:-8)"#),
      ("3s:pin=X1", #""X1" is not a level of a pin (PIN:0, PIN:1 or PIN:z)"#),
      ("2562047.99h:press=USR", #""2562047.99h" is not a time (20s, 1.5s, 500ms, 10us, 2m, 24h)"#),
      ("99999999999999h:press=USR", #""99999999999999h" is not a time (20s, 1.5s, 500ms, 10us, 2m, 24h)"#),
    ])
  func mistakes(text: String, message: String) {
    let error = #expect(throws: StimulusError.self) { try Stimulus(parsing: text) }
    #expect(error?.description == message)
  }

  @Test("happens to the board at its time")
  func effect() throws {
    let bench = try TestBoard()
    let pressed = Lines()
    let usr = try bench.board.switch("USR")
    try usr.callback { pressed.append("\($0.time)") }
    try bench.board.schedule([
      Stimulus(parsing: "20ms:press=USR"), Stimulus(parsing: "30ms:release=USR"),
      Stimulus(parsing: "25ms:tilt=5,-6,7"),
    ])
    bench.wait(.milliseconds(22))
    #expect(usr.isPressed)
    bench.wait(.milliseconds(10))
    #expect(!usr.isPressed)
    #expect(pressed.all == ["0.020000000 s"])
    let accelerometer = try #require(bench.board.accelerometer)
    accelerometer.start()
    #expect([accelerometer.x(), accelerometer.y(), accelerometer.z()] == [5, -6, 7])
  }

  @Test("for something that the board does not have is refused before anything runs")
  func unknownParts() throws {
    let board = try TestBoard().board
    #expect(throws: BoardError.noSuchSwitch("RST", available: "USR")) {
      try board.schedule([Stimulus(parsing: "1s:press=RST")])
    }
    #expect(throws: BoardError.self) { try board.schedule([Stimulus(parsing: "1s:pin=Q1:1")]) }
    #expect(board.clock.nextEventDue == nil)
  }
}
