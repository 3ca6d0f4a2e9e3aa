import Machine
import Testing
import Timebase

/// What a pin does, whatever is behind it.
@Suite("A pin, virtual or a line,", .serialized)
struct PinBehaviourTests {
  typealias Pins = WiredBoard.Pins

  @Test("drives its line as an output, and starts at the level it was given", arguments: Pins.all)
  func output(pins: Pins) throws {
    let bench = try WiredBoard(pins)
    let pin = try bench.pin(5)
    pin.configure(.outputPushPull, level: .high)
    #expect(try bench.seen(5) == .high)
    #expect(pin.level == .high)
    pin.low()
    #expect(try bench.seen(5) == .low)
    pin.toggle()
    #expect(try bench.seen(5) == .high)
    #expect(pin.level == .high)
  }

  @Test("reads its line as an input, pulled up, down or not", arguments: Pins.all)
  func input(pins: Pins) throws {
    let bench = try WiredBoard(pins)
    let pin = try bench.pin(6)
    pin.configure(.input)
    #expect(pin.level == .low)
    try bench.drive(6, .high)
    #expect(pin.level == .high)
    try bench.drive(6, nil)
    #expect(pin.level == .low)
    pin.configure(.input, pull: .up)
    #expect(pin.level == .high)
    try bench.drive(6, .low)
    #expect(pin.level == .low)
  }

  @Test("is reported when it drives against another output", arguments: Pins.all.filter { $0 != .kernel })
  func conflict(pins: Pins) throws {
    let bench = try WiredBoard(pins)
    let (one, other) = (try bench.pin(5), try bench.pin(6))
    try bench.board.connect("GPIO5", "GPIO6")
    one.configure(.outputPushPull, level: .low)
    other.configure(.outputPushPull, level: .low)
    #expect(bench.reports == [])
    one.high()
    #expect(bench.reports.count == 1)
    let told = "\(one.name) drives high and \(other.name) drives low on one net"
    #expect(bench.reports.first?.contains(told) == true, "\(bench.reports)")
    #expect(one.net.state == .conflict)
    other.high()
    #expect(one.net.state == .high)
    // Once for two outputs, whichever of them is high.
    one.low()
    #expect(one.net.state == .conflict)
    #expect(bench.reports.count == 1)
    other.low()
    #expect(one.net.state == .low)
  }

  @Test("tells who listens of each change that it writes", arguments: Pins.all)
  func observed(pins: Pins) throws {
    let bench = try WiredBoard(pins)
    let pin = try bench.pin(9)
    pin.configure(.outputPushPull, level: .low)
    pin.high()
    var levels: [Level] = []
    let listening = pin.net.listen { levels.append($0.level) }
    pin.high()
    pin.low()
    pin.toggle()
    #expect(levels == [.low, .high])
    withExtendedLifetime(listening) {}
  }

  // The kernel's simulator shows a line that was let go of at the level that it had; Tests/GPIOVM/guest.sh asks the kernel.
  @Test("lets go when it is open drain and high", arguments: Pins.all.filter { $0 != .kernel })
  func openDrain(pins: Pins) throws {
    let bench = try WiredBoard(pins)
    let pin = try bench.pin(7)
    pin.configure(.outputOpenDrain, pull: .up, level: .low)
    #expect(try bench.seen(7) == .low)
    pin.high()
    #expect(try bench.seen(7) == .high)
    #expect(pin.level == .high)
    try bench.drive(7, .low)
    #expect(pin.level == .low)
  }

  @Test("keeps its output register while it is an input", arguments: Pins.all)
  func register(pins: Pins) throws {
    let bench = try WiredBoard(pins)
    let pin = try bench.pin(8)
    pin.configure(.outputPushPull, level: .high)
    pin.configure(.input)
    try bench.drive(8, nil)
    #expect(try bench.seen(8) == .low)
    pin.configure(.outputPushPull)
    #expect(try bench.seen(8) == .high)
  }

  @Test(
    "interrupts on the edges that were asked for",
    arguments: Pins.all, [EdgeTrigger.rising, .falling, .risingOrFalling])
  func edges(pins: Pins, trigger: EdgeTrigger) throws {
    let bench = try WiredBoard(pins)
    let pin = try bench.pin(4)
    let levels = Texts()
    pin.configure(.input)
    try pin.irq(trigger) { levels.append("\($0.level ?? .low) \($0.time <= $0.time)") }
    var expected: [String] = []
    for level in [Level.high, .low, .high, .low] {
      try bench.drive(4, level)
      if trigger.matches(level) { expected.append("\(level) true") }
      bench.wait { levels.all.count == expected.count }
    }
    #expect(levels.all == expected)
  }

  @Test("runs soft handlers on the firmware's thread", arguments: Pins.all)
  func softHandler(pins: Pins) throws {
    let bench = try WiredBoard(pins)
    let pin = try bench.pin(4)
    let levels = Texts()
    pin.configure(.input)
    try pin.irq(.risingOrFalling, kind: .soft) { levels.append("\($0.level ?? .low)") }
    try bench.drive(4, .high)
    #expect(levels.all.isEmpty || pins == .virtual)
    bench.wait { levels.all.count == 1 }
    try bench.drive(4, .low)
    bench.wait { levels.all.count == 2 }
    #expect(levels.all == ["high", "low"])
  }

  @Test("keeps its interrupt while it is an output for a time", arguments: Pins.all)
  func modeChange(pins: Pins) throws {
    let bench = try WiredBoard(pins)
    let pin = try bench.pin(4)
    let edges = Texts()
    pin.configure(.input)
    try pin.irq(.rising) { _ in edges.append("edge") }
    try bench.drive(4, .high)
    bench.wait { edges.all.count == 1 }
    try bench.drive(4, nil)
    // Its own edges interrupt too, as on the board.
    pin.configure(.outputPushPull, level: .low)
    pin.high()
    bench.wait { edges.all.count == 2 }
    pin.configure(.input)
    try bench.drive(4, .low)
    try bench.drive(4, .high)
    bench.wait { edges.all.count == 3 }
    #expect(edges.all.count == 3)
  }

  @Test("no longer interrupts without a handler", arguments: Pins.all)
  func handlerTakenAway(pins: Pins) throws {
    let bench = try WiredBoard(pins)
    let pin = try bench.pin(4)
    let edges = Texts()
    pin.configure(.input)
    try pin.irq(.rising) { _ in edges.append("edge") }
    try pin.setInterrupt(.rising, nil)
    try bench.drive(4, .high)
    bench.run(for: .milliseconds(20))
    #expect(edges.all.isEmpty)
  }

  @Test("lights an LED and reads a switch", arguments: Pins.all)
  func parts(pins: Pins) throws {
    let bench = try WiredBoard(pins)
    let led = try bench.board.led(1)
    led.on()
    #expect(try bench.seen(17) == .high)
    #expect(led.isOn)
    led.toggle()
    #expect(try bench.seen(17) == .low)
    let usr = try bench.board.switch("USR")
    #expect(!usr.isPressed)
    let presses = Texts()
    try usr.callback { _ in presses.append("press") }
    try bench.drive(24, .low)
    #expect(usr.isPressed)
    bench.wait { presses.all.count == 1 }
    #expect(presses.all.count == 1)
  }
}
