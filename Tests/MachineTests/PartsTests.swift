import Bench
import Machine
import Testing
import Timebase

@Suite("On the board")
struct PartsTests {
  @Test("LEDs are on or off, and two of them anything between")
  func leds() throws {
    let board = try Bench(isTraced: true).board
    let (red, blue) = (try board.led(1), try board.led(4))
    red.intensity = 7
    #expect(red.intensity == 255)
    blue.intensity = 7
    #expect(blue.intensity == 7)
    blue.toggle()
    #expect(!blue.isOn)
    blue.toggle()
    #expect(blue.intensity == 255)
    blue.intensity = 0
    #expect(!blue.isOn)
    #expect(throws: NoSuchPart("LED(5) doesn't exist", available: "1, 2, 3, 4")) { try board.led(5) }
  }

  @Test("the switch is pressed while somebody presses it")
  func usr() throws {
    let bench = try Bench(isTraced: true)
    let usr = try bench.board.switch("USR")
    #expect(!usr.isPressed)
    usr.press()
    usr.press()
    #expect(usr.isPressed)
    usr.release()
    #expect(!usr.isPressed)
  }

  @Test("a contact bounces as long as its control says, and a pin has a contact of its own")
  func contacts() throws {
    let bench = try Bench(isTraced: true)
    let edges = Lines()
    let usr = try #require(bench.board.signal("USR.pressed"))
    let observation = usr.observe { value, time in edges.append("\(value) \(time.nanoseconds / 1000)") }
    try bench.board.set("USR.bounce", to: "400us")
    try bench.board.set("USR.pressed", to: "1")
    bench.clock.busy(for: .milliseconds(1))
    #expect(edges.all == ["1 0", "0 50", "1 100", "0 150", "1 200", "0 250", "1 300", "0 350", "1 400"])
    try bench.board.set("USR.pressed", to: "0,0us")
    #expect(edges.all.count == 10)
    observation.end()
    try bench.board.set("USR.pressed", to: "1,0us")
    #expect(edges.all.count == 10)
    let pin = try bench.board.pins["X1"]
    pin.configure(.input, pull: .up)
    try bench.board.set("A0.pressed", to: .flag(true))
    #expect(bench.board.signal("X1.level")?.value == .level(.low))
  }

  @Test("clock and random numbers are set through controls as well")
  func clockAndRandomNumbers() throws {
    let board = try Bench(isTraced: true).board
    try board.set("rtc.time", to: "2024-02-29 23:59:58")
    board.clock.busy(for: .seconds(3))
    #expect(board.realTimeClock.dateTime.description == "2024-03-01 00:00:01")
    #expect(throws: ControlError.self) { try board.set("rtc.time", to: "2023-02-29") }
    let first = board.random.next()
    _ = board.random.next()
    try board.set("rng.seed", to: "0")
    #expect(board.random.next() == first)
  }

  @Test("the accelerometer takes 90 ms to start and then feels one g downwards")
  func accelerometer() throws {
    var description = try BoardDescription.load("pyboard-v1.1")
    description.costs["accelerometer-read"] = 0
    let bench = try Bench(description)
    let accelerometer = try #require(bench.board.accelerometer)
    #expect(accelerometer.z() == 0)
    accelerometer.start()
    // And what it takes to write one register over the bus.
    #expect(bench.clock.now == Instant(nanoseconds: 90_086_309))
    #expect(accelerometer.reading() == .level)
    accelerometer.tilt(Accelerometer.Reading(x: -4, y: 40, z: 0))
    #expect(accelerometer.filteredSum() == (-4, 31, 0))
    #expect(accelerometer.filteredSum() == (-8, 62, 0))
  }

  @Test("the calendar starts where the board file says and goes with board time")
  func calendar() throws {
    let bench = try Bench(isTraced: true)
    let calendar = bench.board.realTimeClock
    bench.clock.busy(for: .seconds(90061))
    #expect(calendar.dateTime.description == "2015-01-02 01:01:01")
    #expect(calendar.dateTime.weekday == 5)
    #expect(calendar.subseconds == 255)
    calendar.dateTime = try #require(
      DateTime(year: 2024, month: 2, day: 29, hour: 23, minute: 59, second: 59))
    bench.clock.busy(for: .milliseconds(1500))
    #expect(calendar.dateTime.description == "2024-03-01 00:00:00")
    #expect(calendar.subseconds == 127)
    #expect(calendar.secondsSince2000 == 762_566_400)
    let newYear = try #require(DateTime(year: 2014, month: 1, day: 1))
    calendar.set(newYear, weekday: 1)
    #expect(calendar.weekday == 1)
    #expect(calendar.subseconds == 255)
    bench.clock.busy(for: .milliseconds(250))
    #expect(calendar.microsecondsSince2000 % 1_000_000 == 250_000)
    calendar.set(newYear, weekday: 1)
    bench.clock.busy(for: .seconds(86400))
    #expect(calendar.weekday == 2)
    calendar.calibration = 512
    calendar.dateTime = newYear
    bench.clock.busy(for: .seconds(1 << 20))
    #expect(calendar.secondsSince2000 - newYear.secondsSince2000 == (1 << 20) + 512)
    #expect(DateTime(year: 2023, month: 2, day: 29) == nil)
  }
}
