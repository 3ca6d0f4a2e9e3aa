import Machine
import Testing
import Timebase

/// A kind of part that `Machine` knows nothing of: a lamp with a dimmer that somebody turns.
private final class Lamp: Part {
  struct Description: PartDescription {
    static let keys = ["lamps"]
    static let title = "Lamps"
    static let costNames: Set = ["lamp-warm-up"]

    let partName: String
    let pin: String

    static func read(_ file: BoardFile) throws(BoardFileError) -> [Self] {
      var lamps: [Self] = []
      for (name, section) in try file.section("lamps").sections() {
        try section.allow("pin")
        lamps.append(Self(partName: name, pin: try file.pin("pin", in: section)))
      }
      return lamps
    }

    func makePart(_ context: PartContext) throws(BoardError) -> (any Part)? {
      Lamp(name: partName, pin: try context.pins[pin], context: context)
    }
  }

  let name: String
  private let pin: Pin
  private let context: PartContext
  private let observers = SignalObservers()
  private(set) var dimmer = 100

  init(name: String, pin: Pin, context: PartContext) {
    self.name = name
    self.pin = pin
    self.context = context
  }

  var signals: [Signal] {
    [
      Signal(
        "dimmer", .integer(0...100), unit: "%", read: { [self] in .integer(dimmer) },
        watch: { [self] in observers.add($0) })
    ]
  }

  var controls: [Control] {
    [
      Control("dimmer", .integer(0...100), unit: "%", example: "50", pins: [pin]) { [self] value, _ in
        guard case .integer(let percent) = value else { return }
        dimmer = percent
        context.trace.record(TraceEntry("lamp \(name) \(percent)"), at: context.clock.now)
        observers.tell(value, at: context.clock.now)
      }
    ]
  }

  func reset(_ kind: ResetKind) { dimmer = 100 }
}

@Suite("A kind of part from another module")
struct PartRegistryTests {
  private static let boardFile = """
    board: tiny
    identity: {platform: pyboard, machine: Tiny, build: TINY, mpy: 0}
    processor: {name: F4, clock: 168000000}
    memory: {heap: 32768, stack: 4096}
    pins: {X1: A0}
    lamps:
      desk: {pin: X1}

    """

  private func description(_ text: String = boardFile) throws -> BoardDescription {
    let kinds = PartRegistry.standard.adding([Lamp.Description.self])
    return try BoardDescription(yaml: Array(text.utf8), file: "tiny.yaml", kinds: kinds)
  }

  @Test("has its section in board files, and is on the board")
  func boardFile() throws {
    let board = try Board(description: try description(), clock: Clock(mode: .virtual))
    #expect(board.parts(of: Lamp.self).map(\.name) == ["desk"])
    #expect(board.part(named: "desk") is Lamp)
    #expect(throws: BoardFileError.self) { try description(Self.boardFile.replacing("X1}\n", with: "X9}\n")) }
    let error = #expect(throws: BoardFileError.self) {
      try BoardDescription(yaml: Array(Self.boardFile.utf8), file: "tiny.yaml")
    }
    #expect(error?.description.hasPrefix("tiny.yaml:6: \"lamps\" is not a key of a board file (") == true)
  }

  @Test("is set by stimuli, shows its signals and is reset with the board")
  func controls() throws {
    let clock = Clock(mode: .virtual)
    let lines = Lines()
    let trace = Trace(diagnostics: .init()) { lines.append(String(decoding: $0, as: UTF8.self)) }
    let board = try Board(description: try description(), clock: clock, trace: trace)
    let signal = try #require(board.signal("desk.dimmer"))
    let seen = Lines()
    let observation = signal.observe { value, time in seen.append("\(value) \(time.milliseconds)") }
    let second = signal.observe { value, _ in seen.append("also \(value)") }
    try board.schedule([Stimulus(parsing: "2ms:desk.dimmer=30"), Stimulus(parsing: "4ms:desk.dimmer=40")])
    clock.busy(for: .milliseconds(3))
    observation.end()
    clock.busy(for: .milliseconds(3))
    #expect(seen.all == ["30 2", "also 30", "also 40"])
    trace.flush()
    #expect(lines.all.joined().hasSuffix("0.002000000 lamp desk 30\n0.004000000 lamp desk 40\n"))
    let error = #expect(throws: ControlError.self) { try board.set("desk.dimmer", to: "101") }
    #expect(error?.description == #"desk.dimmer cannot be "101": it takes 0 to 100 %, as in 50"#)
    try board.set("desk.dimmer", to: .integer(7))
    board.reset(.soft)
    #expect(signal.value == .integer(100))
    second.end()
  }

  @Test("may not be called as another part of the board is")
  func sameName() throws {
    let text = Self.boardFile + "leds:\n  1: {pin: X1, colour: red}\n"
    let description = try description(text.replacing("desk", with: "led1"))
    let error = #expect(throws: BoardError.self) {
      try Board(description: description, clock: Clock(mode: .virtual))
    }
    #expect(error?.description == #"two parts are called "led1""#)
  }
}
