import Devices
import Machine
import Testing
import Timebase

/// Wiring files, ours and Wokwi's.
@Suite struct WiringFileTests {
  private static let sample = """
    board: pyboard-v1.1
    firmware: main.py
    flash: ./flash
    wires:
      - room.vcc-3V3
      - [room.gnd, GND]
    pulls: {X4: up 4.7k}
    devices:
      room: {kind: dht22, data: X1, temperature: 21.5}
      key: {kind: button, pin: X3}
    at:
      - 3s: room.temperature=25
      - 4s: key.pressed=1

    """

  private func read(_ text: String, file: String = "folder/bench.yaml") throws -> WiringFile {
    try WiringFile(text: Array(text.utf8), file: file)
  }

  private func board(_ file: WiringFile) throws -> Board {
    let board = try Board(
      description: try #require(try BoardDescription.builtIn(file.board ?? "pyboard-v1.1")),
      clock: Clock(mode: .virtual))
    try board.wire(file.wiring)
    return board
  }

  @Test("a wiring file says the same as the options") func readsYAML() throws {
    let file = try read(Self.sample)
    #expect(file.board == "pyboard-v1.1")
    #expect(file.firmware == "folder/main.py")
    #expect(file.flash == "folder/./flash")
    let board = try board(file)
    #expect(board.devices.map(\.name) == ["room", "key"])
    #expect(board.signal("room.temperature")?.value == .real(21.5))
    #expect(try board.pins["X4"].level == .high)
    board.clock.busy(for: .seconds(5))
    #expect(board.signal("room.temperature")?.value == .real(25))
    #expect(board.signal("key.pressed")?.value == .flag(true))
  }

  @Test(
    "a mistake is named with its line",
    arguments: [
      ("kind: dht22", "kind: dht23", "bench.yaml:9: no kind of device \"dht23\", did you mean \"dht22\"?"),
      ("data: X1", "dta: X1", "bench.yaml:9: a dht22 has no key \"dta\", did you mean \"data\"?"),
      ("data: X1", "data: X99", "bench.yaml:9: pin \"X99\" is not on this board ("),
      ("kind: dht22, ", "", "bench.yaml:9: room lacks \"kind\""),
      ("21.5", "warm", "bench.yaml:9: temperature cannot be \"warm\""),
      ("room.vcc", "room.vc", "bench.yaml:5: room has no pin \"vc\", did you mean \"vcc\"?"),
      ("[room.gnd, GND]", "[room.gnd]", "bench.yaml:6: a wire has two ends"),
      ("up 4.7k", "upp", "bench.yaml:7: \"upp\" is no resistor: it is up or down"),
      ("4s: key", "4q: key", "bench.yaml:13: \"4q\" is not a time ("),
      (
        "key.pressed=1", "key.presed=1",
        "bench.yaml:13: key has no control \"presed\", did you mean \"pressed\"?"
      ),
      ("\nat:", "\natt:", "bench.yaml:12: \"att\" is not a key of a wiring file, did you mean \"at\"?"),
      ("pulls: {", "pulls: {{", "bench.yaml:8: is not YAML here"),
      ("devices:", "devices: 3\nat: []\nnone:", "bench.yaml"),
    ])
  func namesLine(old: String, new: String, message: String) throws {
    let error = #expect(throws: WiringError.self) {
      _ = try board(try read(Self.sample.replacing(old, with: new), file: "bench.yaml"))
    }
    #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "")")
  }

  @Test("a mistake in a file of JSON is called so") func namesJSON() throws {
    let error = #expect(throws: WiringError.self) {
      _ = try read("{\"parts\": [\n  {\"id\": }}", file: "diagram.json")
    }
    #expect(
      error?.description.hasPrefix("diagram.json:2: is not JSON here") == true, "\(error?.description ?? "")")
  }

  @Test("an event of a wiring file may wait for something") func waitingEvents() throws {
    let board = try board(
      try read(
        """
        devices:
          room: {kind: dht22, data: X5}
        at:
          - {after: X1 rises, delay: 450us, set: X2.level=1}
          - 1ms after first X1=1: room.temperature=25

        """))
    try board.pins["X1"].configure(.outputPushPull, level: .high)
    board.clock.busy(for: .microseconds(500))
    #expect(try board.pins["X2"].level == .high)
    board.clock.busy(for: .milliseconds(1))
    #expect(board.signal("room.temperature")?.value == .real(25))
  }

  @Test(
    "an empty file, a list and a text are refused",
    arguments: ["", "- 1\n", "word\n", "devices: [1]\n", "wires: X1-X2\n"])
  func refusesOtherShapes(text: String) {
    #expect(throws: WiringError.self) { try read(text) }
  }

  private static let diagram = """
    {
      "version": 1, "editor": "wokwi",
      "parts": [
        { "type": "board-pyboard-v11", "id": "pyb", "top": 0, "attrs": {} },
        { "type": "wokwi-led", "id": "led1", "attrs": { "color": "green" } },
        { "type": "wokwi-resistor", "id": "r1", "attrs": { "value": "220" } },
        { "type": "wokwi-resistor", "id": "r2", "attrs": { "value": "10000" } },
        { "type": "wokwi-pushbutton", "id": "btn", "attrs": { "bounce": "0", "wobble": "1" } },
        { "type": "wokwi-stepper-motor", "id": "motor", "attrs": {} },
        { "type": "wokwi-potentiometer", "id": "pot", "attrs": { "value": "1023" } },
        { "type": "wokwi-dht22", "id": "dht", "attrs": { "temperature": 30.5 } }
      ],
      "connections": [
        ["pyb:X1", "r1:1", "green", ["v0"]], ["r1:2", "led1:A", "green", []],
        ["led1:C", "pyb:GND.2", "black", []],
        ["btn:1.l", "pyb:3V3", "red", []], ["btn:2.r", "pyb:X2", "red", []],
        ["r2:1", "pyb:X2", "", []], ["r2:2", "pyb:GND.1", "", []],
        ["motor:A+", "pyb:X8", "", []], ["pot:SIG", "pyb:X5", "", []],
        ["dht:SDA", "pyb:X4", "", []], ["dht:VCC", "pyb:3V3", "", []],
        ["pyb:X9", "$serialMonitor:RX", "", []]
      ]
    }
    """

  @Test(
    "a mistake in a device is named with the line of its key",
    arguments: [
      ("data: X99", "room.yaml:4: pin \"X99\" is not on this board"),
      ("data: X1\n    temperature: 300", "room.yaml:5: temperature cannot be \"300\""),
      ("data: X1\n    pullups: 2", "room.yaml:5: pullups cannot be \"2\""),
      ("data: X1\n    colour: red", "room.yaml:5: a dht22 has no key \"colour\""),
    ])
  func keyLines(keys: String, message: String) throws {
    let error = #expect(throws: WiringError.self) {
      _ = try board(try read("devices:\n  room:\n    kind: dht22\n    \(keys)\n", file: "room.yaml"))
    }
    #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "")")
  }

  @Test("of two devices at one address the later one is named with its line") func sharedAddress() throws {
    let error = #expect(throws: WiringError.self) {
      _ = try board(
        try read(
          "devices:\n  a: {kind: bmp180, scl: X9, sda: X10}\n  b: {kind: bmp180, scl: X9, sda: X10}\n",
          file: "room.yaml"))
    }
    #expect(
      error?.description
        == "room.yaml:3: a and b are both at address 0x77 of one I2C bus: give one of them other pins")
  }

  @Test("a Wokwi diagram is the same board: parts, resistors, attributes") func readsDiagram() throws {
    let file = try read(Self.diagram, file: "diagram.json")
    #expect(file.board == "pyboard-v1.1")
    let board = try board(file)
    try board.pins["X1"].configure(.outputPushPull, level: .high)
    // The board has a part led1 itself: the file's own goes before it.
    #expect(board.signal("led1.brightness")?.value == .integer(255))
    #expect(board.signal("led1_2.brightness")?.value == .integer(255))
    #expect(try board.led(1).intensity == 0)
    #expect(try board.pins["X2"].level == .low)
    try board.set("btn.pressed", to: "1")
    #expect(try board.pins["X2"].level == .high)
    #expect(board.signal("dht.temperature")?.value == .real(30.5))
    #expect(try board.pins["X5"].net.voltage == 3.3)
  }

  @Test("what a diagram has and the emulator has not is named") func namesWhatIsNotModelled() throws {
    let remarks = try read(Self.diagram, file: "diagram.json").notModelled.map {
      "\($0.line ?? 0): \($0.message)"
    }
    #expect(
      remarks == [
        "8: the attribute \"wobble\" of btn is not modelled",
        "9: motor, a wokwi-stepper-motor, is not modelled, and what is wired to it is left open",
      ])
  }

  @Test("what is plugged into one row or rail of a breadboard is wired together") func breadboard() throws {
    let file = try read(
      """
      {"parts": [
        {"type": "board-pyboard-v11", "id": "pyb"}, {"type": "wokwi-breadboard-half", "id": "bb1"},
        {"type": "wokwi-led", "id": "lamp"}, {"type": "wokwi-resistor", "id": "r1", "attrs": {"value": "220"}},
        {"type": "wokwi-pushbutton", "id": "key"}],
       "connections": [
        ["pyb:X1", "bb1:3t.a", "green", []], ["bb1:3t.b", "bb1:8b.g", "green", []],
        ["r1:1", "bb1:8b.f", "", ["$bb"]], ["r1:2", "bb1:12t.c", "", ["$bb"]],
        ["lamp:A", "bb1:12t.d", "", ["$bb"]], ["lamp:C", "bb1:tn.5", "", []],
        ["bb1:tn.1", "pyb:GND.1", "black", []], ["key:1.l", "bb1:3t.c", "", []], ["key:2.r", "bb1:tn.9", "", []]]}
      """, file: "diagram.json")
    #expect(file.notModelled == [])
    let ends = Set(file.wiring.wires.map { [$0.ends.0, $0.ends.1].sorted() })
    #expect(
      ends == [
        ["X1", "lamp.anode"], ["X1", "key.pin"], ["GND", "lamp.cathode"], ["key.other", "lamp.cathode"],
      ],
      "\(ends)")
  }

  @Test("a board of Wokwi's that is none here is named, with those that there are") func unknownBoard() throws
  {
    let error = #expect(throws: WiringError.self) {
      _ = try read(
        """
        {"parts": [{"id": "esp", "type": "wokwi-esp32-devkit-v1"}], "connections": []}
        """, file: "diagram.json")
    }
    #expect(error?.description.contains("wokwi-esp32-devkit-v1 is no board here; there are ") == true)
  }

  @Test("a character display of Wokwi's is on I2C when its attribute says so") func readsCharacterDisplay()
    throws
  {
    let file = try read(
      """
      {"parts": [{"id": "pyb", "type": "board-pyboard-v11"},
        {"id": "lcd", "type": "wokwi-lcd2004", "attrs": {"pins": "i2c", "background": "blue"}}],
       "connections": [["pyb:X9", "lcd:SCL", "", []], ["pyb:X10", "lcd:SDA", "", []]]}
      """, file: "diagram.json")
    #expect(file.notModelled.isEmpty)
    let device = try board(file).devices[0]
    #expect(device.site.kind.name == "lcd_i2c")
  }

  @Test(
    "a character display is on I2C or on its own pins, as its attribute says",
    arguments: [
      ("i2c", "[\"pyb:X9\", \"lcd:SCL\", \"\", []], [\"pyb:X10\", \"lcd:SDA\", \"\", []]", "lcd_i2c"),
      (
        "full",
        ["RS", "E", "D4", "D5", "D6", "D7"].enumerated().map {
          "[\"pyb:Y\($0.offset + 1)\", \"lcd:\($0.element)\", \"\", []]"
        }
        .joined(separator: ", "), "hd44780"
      ),
    ])
  func readsCharacterDisplay(pins: String, connections: String, kind: String) throws {
    let file = try read(
      """
      {"parts": [{"id": "pyb", "type": "board-pyboard-v11"},
        {"id": "lcd", "type": "wokwi-lcd2004", "attrs": {"pins": "\(pins)", "background": "blue"}}],
       "connections": [\(connections)]}
      """, file: "diagram.json")
    #expect(file.notModelled == [])
    let device = try board(file).devices[0]
    #expect(device.site.kind.name == kind)
    #expect(
      "\(try #require(device.signals.first?.value))".split(separator: "\n").map(\.count) == [20, 20, 20, 20])
  }

  @Test(
    "mistakes of a diagram are named with their line",
    arguments: [
      ("led1:A", "led1:Q", "diagram.json:14: led1 has no pin \"Q\" ("),
      ("led1:A", "led9:A", "diagram.json:14: there is no part \"led9\""),
      ("\"pyb:X8\"", "\"pybX8\"", "diagram.json:18: \"pybX8\" is not a pin (ID:PIN, as in led1:A)"),
      ("\"id\": \"r2\"", "\"id\": \"r1\"", "diagram.json:7: two parts have the id \"r1\""),
      ("pyb:X5", "pyb:X55", "diagram.json:18: pin \"X55\" is not on this board ("),
    ])
  func namesLineOfDiagram(old: String, new: String, message: String) throws {
    let error = #expect(throws: WiringError.self) {
      _ = try board(try read(Self.diagram.replacing(old, with: new), file: "diagram.json"))
    }
    #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "")")
  }
}
