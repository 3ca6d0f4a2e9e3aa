import Fonts
import Machine
import MicroPython
import Timebase

/// The driver of the LCD touch-sensor skin LCD32MKv1.0, 128 by 32 pixels behind an SPI bus and four pins (ports/stm32/lcd.c). Lines of text go to the
/// screen at once, pixels to a hidden buffer.
final class SkinDisplay {
  static let width = 128
  static let height = 32
  private static let columns = 16
  private static let lines = 4

  /// What a byte on the bus is, as pin A0 says it.
  private enum Kind { case instruction, data }

  private let spi: SPIController
  private let select: Pin
  private let reset: Pin
  private let dataSelect: Pin
  private let light: Pin
  private let clock: Clock

  private var text = [UInt8](repeating: UInt8(ascii: " "), count: columns * lines)
  private var line = 0
  private var column = 0
  /// Whether the next character begins a new line.
  private var isLineOver = false

  /// One byte for eight pixels below each other, the topmost lowest; `shown` is what is on the screen.
  private var shown = [UInt8](repeating: 0, count: width * height / 8)
  private var hidden = [UInt8](repeating: 0, count: width * height / 8)

  /// - Parameters:
  ///   - spi: bus at the skin's position.
  ///   - pins: CS1, RST, A0 and BL there.
  init(spi: SPIController, pins: [Pin], clock: Clock) {
    self.spi = spi
    (select, reset, dataSelect, light) = (pins[0], pins[1], pins[2], pins[3])
    self.clock = clock
  }

  /// Takes bus and pins, resets the controller and clears its memory.
  func start() {
    // At most 16 MHz; bits are taken at the rising edge of a clock that rests high.
    let divider = spi.sourceClock / 16_000_000
    spi.start(
      SPISettings(baudRate: 16_000_000, polarity: 1, phase: 1), prescaler: max(2, divider))
    for pin in [select, reset, dataSelect] { pin.configure(.outputPushPull, level: .high) }
    light.configure(.outputPushPull, level: .low)
    clock.busy(for: .milliseconds(1))
    reset.level = .low
    clock.busy(for: .milliseconds(1))
    reset.level = .high
    clock.busy(for: .milliseconds(1))
    // Columns and rows in normal order, bias 1/9, all of the power supply on, resistor ratio, contrast 0x28, first line 0, on.
    for instruction: UInt8 in [0xa0, 0xc0, 0xa2, 0x2f, 0x21, 0x81, 0x28, 0x40, 0xaf] {
      send(instruction, .instruction)
    }
    for page in 0..<Self.lines {
      place(page: page, column: 0)
      for _ in 0..<Self.width { send(0, .data) }
    }
  }

  private func send(_ byte: UInt8, _ kind: Kind) {
    select.level = .low
    dataSelect.level = kind == .data ? .high : .low
    _ = spi.transfer([byte])
    select.level = .high
  }

  private func place(page: Int, column: Int) {
    send(0xb0 | UInt8(page), .instruction)
    send(0x10 | UInt8(column >> 4), .instruction)
    send(UInt8(column & 15), .instruction)
  }

  func command(_ bytes: [UInt8], isData: Bool) {
    for byte in bytes { send(byte, isData ? .data : .instruction) }
  }

  /// - Parameter value: 0 to 47; taken as the nearer end outside.
  func setContrast(_ value: Int) {
    send(0x81, .instruction)
    send(UInt8(min(max(value, 0), 0x2f)), .instruction)
  }

  func setLight(_ isOn: Bool) { light.level = isOn ? .high : .low }

  // MARK: Text

  func write(_ characters: [UInt8]) {
    var changed = (first: line * Self.columns + column, end: line * Self.columns + column)
    for character in characters {
      breakLine(&changed)
      switch character {
      case UInt8(ascii: "\n"): isLineOver = true
      case UInt8(ascii: "\r"): column = 0
      case 8:
        guard column > 0 else { continue }
        column -= 1
        changed.first = 0
      default:
        if column >= Self.columns {
          isLineOver = true
          breakLine(&changed)
        }
        text[line * Self.columns + column] = character
        column += 1
        changed.end = max(changed.end, line * Self.columns + column)
      }
    }
    if changed.first < changed.end { for index in changed.first..<changed.end { draw(index) } }
  }

  private func breakLine(_ changed: inout (first: Int, end: Int)) {
    guard isLineOver else { return }
    isLineOver = false
    column = 0
    guard line + 1 == Self.lines else {
      line += 1
      return
    }
    text.removeFirst(Self.columns)
    text += [UInt8](repeating: UInt8(ascii: " "), count: Self.columns)
    changed = (0, text.count)
  }

  /// The screen hangs upside down.
  private func draw(_ index: Int) {
    place(page: index / Self.columns, column: 8 * (Self.columns - 1 - index % Self.columns))
    let character = (32...126).contains(text[index]) ? text[index] : 127
    for column in (0..<8).reversed() { send(Self.column(column, of: character), .data) }
  }

  private static func column(_ column: Int, of character: UInt8) -> UInt8 {
    UInt8(truncatingIfNeeded: FrameBufferFont.glyph(character) >> UInt64(8 * column))
  }

  // MARK: Pixels

  private static func place(_ x: Int, _ y: Int) -> (byte: Int, bit: UInt8)? {
    guard (0..<width).contains(x), (0..<height).contains(y) else { return nil }
    return (x + width * (y >> 3), 1 << UInt8(y & 7))
  }

  func fill(_ isSet: Bool) {
    hidden = [UInt8](repeating: isSet ? 0xff : 0, count: hidden.count)
    shown = hidden
  }

  /// Whether a pixel is set that was shown; false outside.
  func pixel(_ x: Int, _ y: Int) -> Bool { Self.place(x, y).map { shown[$0.byte] & $0.bit != 0 } ?? false }

  func setPixel(_ x: Int, _ y: Int, _ isSet: Bool) {
    guard let (byte, bit) = Self.place(x, y) else { return }
    if isSet { hidden[byte] |= bit } else { hidden[byte] &= ~bit }
  }

  func draw(_ characters: [UInt8], x: Int, y: Int, isSet: Bool) {
    // What lies to the right of the screen is not seen.
    let visible = characters.prefix(x < Self.width ? (Self.width - max(x, -0x1_0000)) / 8 + 1 : 0)
    for (number, character) in visible.enumerated() {
      for column in 0..<8 {
        let bits = Self.column(column, of: character)
        for row in 0..<8 where bits >> UInt8(row) & 1 == 1 {
          setPixel(x &+ 8 * number &+ column, y &+ row, isSet)
        }
      }
    }
  }

  func show() {
    shown = hidden
    for page in 0..<Self.lines {
      place(page: page, column: 0)
      for column in (0..<Self.width).reversed() { send(shown[Self.width * page + column], .data) }
    }
  }
}

/// `pyb.LCD` (ports/stm32/lcd.c).
enum LCDClass: HardwareClass {
  static let name = "LCD"
  static let modules = [HardwareModule.pyb]
  static let boardBytes = 1136

  /// Numbers of the bus, and CS1, RST, A0 and BL of the skin, by its position.
  private static let positions: [String: (spi: Int, pins: [String])] = [
    "x": (1, ["X3", "X4", "X5", "X12"]), "y": (2, ["Y3", "Y4", "Y5", "Y12"]),
  ]

  static func exists(on hardware: Hardware) -> Bool {
    positions.values.allSatisfy { position in
      hardware.board.spis[position.spi] != nil
        && position.pins.allSatisfy { hardware.board.pins.find($0) != nil }
    }
  }

  static func define(_ type: PythonClassBuilder<Hardware, SkinDisplay>) {
    type.make(.required("skin_position", .string)) { call, name in
      let board = call.host.board
      guard let position = positions[name.lowercased()], let spi = board.spis[position.spi] else {
        throw PythonError.value("LCD(\(name)) doesn't exist")
      }
      let display = SkinDisplay(
        spi: spi, pins: position.pins.compactMap { board.pins.find($0) }, clock: board.clock)
      display.start()
      return display
    }
    type.method("command", .required("inst_data", .int), .required("buf", .value)) {
      display, call, kind, bytes in
      display.command(try TransferData.toSend(bytes, call.vm), isData: kind != 0)
    }
    type.method("contrast", .required("value", .int)) { display, value in display.setContrast(value) }
    type.method("light", .required("value", .value)) { display, call, value in
      display.setLight(try call.vm.isTrue(value))
    }
    type.method("write", .required("str", .string)) { display, text in display.write(Array(text.utf8)) }
    type.method("fill", .required("colour", .int)) { display, colour in display.fill(colour != 0) }
    type.method("get", .required("x", .int), .required("y", .int)) { display, x, y in
      display.pixel(x, y) ? 1 : 0
    }
    type.method("pixel", .required("x", .int), .required("y", .int), .required("colour", .int)) {
      display, x, y, colour in display.setPixel(x, y, colour != 0)
    }
    type.method(
      "text", .required("str", .string), .required("x", .int), .required("y", .int),
      .required("colour", .int)
    ) { display, text, x, y, colour in
      display.draw(Array(text.utf8), x: x, y: y, isSet: colour != 0)
    }
    type.method("show") { display in display.show() }
  }
}
