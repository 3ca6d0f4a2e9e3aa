import Foundation
import Machine
import Testing
import Timebase

@Suite("A board file")
struct BoardFileTests {
  private static let valid = """
    board: tiny
    identity: {platform: pyboard, machine: Tiny, build: TINY, mpy: 0}
    processor: {name: F4, clock: 168000000, apb1: 42000000, apb2: 84000000}
    memory: {heap: 32768, stack: 4096}
    pins:
      X1: A0
      X2: A1
    leds:
      1: {pin: X1, colour: red}
    costs:
      bytecode: 10

    """

  private func read(_ text: String) throws -> BoardDescription {
    try BoardDescription(yaml: Array(text.utf8), file: "tiny.yaml")
  }

  @Test("describes a board")
  func description() throws {
    let board = try read(Self.valid)
    #expect(board.name == "tiny")
    #expect(board.leds[1]?.colour == "red")
    #expect(board.costs == ["bytecode": 10])
    #expect(board.clockStart.description == "2015-01-01 00:00:00")
  }

  @Test(
    "is refused with file, line and what would be right",
    arguments: [
      ("  1: {pin: X1,", "  1: {pin: X9,", #"tiny.yaml:9: pin "X9" is not on this board (X1–X2)"#),
      (
        "X2: A1", "X2: A16",
        #"tiny.yaml:7: "A16" is not a pin of the processor (A0–A15 to I0–I15, or GPIO0–GPIO99)"#
      ),
      ("colour: red", "color: red", #"tiny.yaml:9: "color" is not a key of leds 1 (pin, colour, dimmable)"#),
      (
        "bytecode: 10", "bytecode: fast",
        #"tiny.yaml:11: "bytecode" must be a whole number (0 to 1000000000)"#
      ),
      ("costs:", "cost:", #"tiny.yaml:10: "cost" is not a key of a board file (board, extends, title,"#),
      ("heap: 32768", "heap: 12", #"tiny.yaml:4: "heap" must be a whole number (4096 to 1073741824)"#),
      ("  1: {pin", "  red: {pin", #"tiny.yaml:9: "red" must be a number (0 to 99)"#),
      ("build: TINY, ", "", #"tiny.yaml:2: identity lacks "build""#),
      ("  X2: A1", "  X1: A1", "tiny.yaml:7: has the same key twice: X1"),
      ("X1: A0", "X1: A0: A1", "tiny.yaml:6: is not YAML here: "),
    ])
  func mistakes(right: String, wrong: String, message: String) throws {
    let range = try #require(Self.valid.firstRange(of: right))
    let text = Self.valid.replacing(right, with: wrong, subrange: range.lowerBound..<range.upperBound)
    let error = #expect(throws: BoardFileError.self) { try read(text) }
    #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "no error")")
  }

  @Test("may only give costs that somebody looks up")
  func costs() throws {
    let interpreter = BoardDescription.InterpreterCosts(general: ["default"], instructions: { ["add"] })
    let text = Self.valid.replacing("bytecode: 10", with: "add: 1\n  task-swich: 2\n  default: 3")
    let error = #expect(throws: BoardFileError.self) { try read(text).checkCosts(interpreter: interpreter) }
    #expect(error?.description.hasPrefix("tiny.yaml:12: \"task-swich\" is not a cost (accel") == true)
    try read(text.replacing("task-swich", with: "task-switch")).checkCosts(interpreter: interpreter)
  }

  @Test(
    "is refused where something cannot be wired so",
    arguments: [
      (
        "switches:\n  A: {pin: X1, pull: up, pressed: low}\n  B: {pin: A0, pull: up, pressed: low}\n",
        "3: B cannot be on A0, where A is already"
      ),
      (
        "leds:\n  1: {pin: X1, colour: red}\nswitches:\n  USR: {pin: X1, pull: up, pressed: low}\n",
        "5: USR cannot be on X1, where led1 is already"
      ),
      (
        "leds:\n  1: {pin: X1, colour: mauve}\n",
        #"3: "colour" cannot be "mauve" (red, green, yellow, orange, blue, white)"#
      ),
      (
        "uarts:\n  4: {tx: X3, rx: X2, bus: apb1}\n",
        #"3: "tx" cannot be X3, which does not carry UART4_TX or USART4_TX (X1)"#
      ),
      (
        "i2cs:\n  1: {scl: X1, sda: X10}\n",
        #"3: "scl" cannot be X1, which does not carry I2C1_SCL (X9, Y3)"#
      ),
      (
        "spis:\n  2: {nss: Y5, sck: Y6, miso: X7, mosi: Y8}\n",
        #"3: "miso" cannot be X7, which does not carry SPI2_MISO (X21, Y7)"#
      ),
      (
        "cans:\n  1: {tx: X1, rx: Y3, bus: apb1}\n",
        #"3: "tx" cannot be X1, which does not carry CAN1_TX (Y4, USB_DP)"#
      ),
    ])
  func impossibleWiring(section: String, message: String) throws {
    let error = #expect(throws: BoardFileError.self) {
      try read("extends: pyboard-v1.1\nboard: mine\n" + section)
    }
    let line = Int(message.prefix { $0.isNumber }).map { $0 + 1 } ?? 0
    let text = message.drop { $0.isNumber }
    #expect(
      error?.description.hasSuffix("tiny.yaml:\(line)\(text)") == true, "\(error?.description ?? "no error")")
  }

  /// The keys that are named in an error about one that does not exist: the text in its last parentheses.
  private func keys(allowedBy text: String) throws -> Set<String> {
    let error = #expect(throws: BoardFileError.self) { try read(text) }
    let list = try #require(error).description.split(separator: "(").last?.dropLast() ?? ""
    return Set(list.split(separator: ", ").map(String.init))
  }

  @Test("have a JSON Schema with every key that there is")
  func schema() throws {
    let schema = try #require(
      try JSONSerialization.jsonObject(with: Data(BoardDescription.schemaText)) as? [String: Any])
    let properties = try #require(schema["properties"] as? [String: [String: Any]])
    let start = "extends: pyboard-v1.1\nboard: mine\n"
    #expect(try keys(allowedBy: start + "unknown: 1\n") == Set(properties.keys))
    for (section, entry) in [
      ("identity", nil), ("processor", nil), ("memory", nil), ("accelerometer", nil), ("sd-card", nil),
      ("usb", nil),
      ("leds", "1"), ("switches", "USR"), ("uarts", "1"), ("i2cs", "1"), ("spis", "1"), ("i2ss", "2"),
      ("cans", "1"),
      ("timers", "1"), ("servos", "1"),
    ] as [(String, String?)] {
      var node = try #require(properties[section])
      // Or "none".
      if let choices = node["anyOf"] as? [[String: Any]] { node = try #require(choices.first) }
      if entry != nil { node = try #require(node["additionalProperties"] as? [String: Any]) }
      if let choices = node["anyOf"] as? [[String: Any]] { node = try #require(choices.first) }
      let known = try #require(node["properties"] as? [String: Any])
      let text = entry.map { "{\($0): {unknown: 1}}" } ?? "{unknown: 1}"
      #expect(try keys(allowedBy: start + "\(section): \(text)\n") == Set(known.keys), "\(section)")
    }
  }

  @Test("may extend another board, and say only what is different")
  func extends() throws {
    let text = """
      board: mine
      extends: pyboard-v1.1
      accelerometer: none
      memory: {heap: 65536}
      leds:
        1: {pin: X1, colour: white}
        4: none
        7: {pin: X2, colour: red}

      """
    let board = try read(text)
    #expect(board.name == "mine")
    #expect(board.memory.heap == 65536)
    #expect(board.memory.stack == 15360)
    #expect(board.accelerometer == nil)
    #expect(board.leds.keys.sorted() == [1, 2, 3, 7])
    #expect(board.leds[1]?.colour == "white")
    #expect(board.uarts.count == 5)
    let old = try BoardDescription.load("pyboard-v1.0")
    #expect(old.identity.machine == "PYBv1.0 with STM32F405RG")
    #expect(old.identity.mpy == 7942)
    for (wrong, message) in [
      (
        "extends: pyboard-v1.1",
        "tiny.yaml:2: there is no board \"pyboard\" to extend (pyboard-v1.1, pyboard-v1.0, "
      ),
      ("  7: {pin: X2", "tiny.yaml:8: pin \"X77\" is not on this board (X1–X12, "),
      ("accelerometer: none", "tiny.yaml:2: pin \"MMA_AVDD\" is not on this board ("),
    ] {
      let replacement = [
        "extends: pyboard-v1.1": "extends: pyboard", "  7: {pin: X2": "  7: {pin: X77",
        "accelerometer: none": "pins: {MMA_AVDD: none}",
      ][wrong]
      let error = #expect(throws: BoardFileError.self) {
        try read(text.replacing(wrong, with: replacement ?? ""))
      }
      #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "no error")")
    }
  }

  @Test("may count pins instead of naming ports")
  func countedPins() throws {
    let text = Self.valid.replacing("X1: A0", with: "X1: GPIO17").replacing("X2: A1", with: "X2: GPIO33")
    let board = try Board(description: try read(text), clock: Clock(mode: .virtual))
    #expect(board.pins.find(number: 17) === board.pins.find("X1"))
    #expect(board.pins.find(number: 0) == nil)
    // More lines than the sixteen of an STM32.
    try board.pins["X2"].irq(.rising) { _ in }
    let error = #expect(throws: NoSuchPart.self) { try board.uart(1) }
    #expect(error?.description == "UART(1) doesn't exist (this board has no UARTs)")
  }

  @Test("that is no board file at all is refused without a crash")
  func rubbish() throws {
    #expect(throws: BoardFileError.self) { try read("") }
    #expect(throws: BoardFileError.self) { try read("just words") }
    #expect(throws: BoardFileError.self) { try read("- 1\n- 2\n") }
    #expect(throws: BoardFileError.self) {
      try BoardDescription(yaml: (0...255).map { UInt8($0) }, file: "rubbish")
    }
    let missing = #expect(throws: BoardFileError.self) { try BoardDescription.load("missing/board.yaml") }
    #expect(missing?.description == "missing/board.yaml: could not be read: No such file or directory")
    let unknown = #expect(throws: BoardFileError.self) { try BoardDescription.load("pyboard-v9") }
    #expect(
      unknown?.description
        == "pyboard-v9: no board of this name (pyboard-v1.1, pyboard-v1.0, pyboard-lite-v1.0, raspberry-pi-pico, raspberry-pi, or a file FILE.yaml)"
    )
  }
}
