import Fonts
import Machine
import Timebase

/// The controller of a character display: its memory and instructions, whatever its pins are wired to.
///
/// Instructions, times, the reset of the internal circuit and the memory's addresses as in Hitachi's data sheet ADE-207-272(Z), tables 4 to 6 and
/// figures 23 and 24.
final class HD44780Controller {
  static let keys = [
    DeviceKind.Key("columns", .integer(8...40), standard: .integer(16)),
    DeviceKind.Key("rows", .integer(1...4), standard: .integer(2)),
  ]

  /// Whether bytes come in two halves over d4 to d7.
  private(set) var isFourBit = false

  private let site: DeviceSite
  private let columns: Int
  private let rows: Int
  private var observers = TextObservers()

  /// The memory of the display: 40 characters a line at 0x00 and 0x40.
  private var characters = [UInt8](repeating: 0x20, count: 128)
  private var patterns = [UInt8](repeating: 0, count: 64)
  private var address = 0
  private var isPatternAddress = false
  private var isIncrement = true
  private var shiftsDisplay = false
  private var shift = 0
  private var isOn = false
  private var hasTwoLines = false
  /// The first half of a byte that is written, or the half of the answer that comes next.
  private var firstHalf: UInt8?
  private var secondHalf: UInt8?
  private var busyUntil: Instant

  init(_ site: DeviceSite) {
    self.site = site
    columns = site.integer("columns")
    rows = site.integer("rows")
    // The reset after power-on takes 10 ms, less than a real board takes to boot; a virtual one boots in no time.
    busyUntil = site.now
    observers = TextObservers(told: text)
  }

  var signals: [Signal] {
    [Signal("text", .text, read: { [self] in .text(text) }, watch: { [self] in observers.add($0) })]
  }

  /// Displayed text, one line for each line of the display; blank while it is off.
  var text: String {
    codes.map { String($0.map(Self.character)) }.joined(separator: "\n")
  }

  /// The codes of the displayed characters, row by row; blanks while it is off.
  private var codes: [[UInt8]] {
    (0..<rows).map { row in
      let base = (row & 1) * 0x40 + (row / 2) * columns
      return (0..<columns).map { column in
        let offset = (base & 0x3F + column + shift + 40) % 40
        return isOn ? characters[base & 0x40 + offset] : 0x20
      }
    }
  }

  /// Returns the picture of the display: characters in the font of `framebuf`, as the chip's own is not free;
  /// those that the firmware made are five points wide.
  func picture(isLit: Bool) -> Picture {
    let (ground, blank, ink): (UInt32, UInt32, UInt32) =
      isLit ? (0x86B300, 0x7EA800, 0x1A2400) : (0x4A5A20, 0x46551E, 0x141A08)
    var picture = Picture(width: columns * 9 + 7, height: rows * 10 + 6, colour: ground)
    for (row, codes) in codes.enumerated() {
      for (column, code) in codes.enumerated() {
        let (left, top) = (4 + column * 9, 4 + row * 10)
        picture.fill(x: left, y: top, width: 8, height: 8, blank)
        for x in 0..<8 {
          for y in 0..<8 where isSet(x, y, of: code) { picture[left + x, top + y] = ink }
        }
      }
    }
    return picture.scaled(by: 3)
  }

  private func isSet(_ x: Int, _ y: Int, of code: UInt8) -> Bool {
    switch code {
    case 0...15: (1...5).contains(x) && patterns[Int(code & 7) * 8 + y] >> UInt8(5 - x) & 1 == 1
    // The degree sign: a ring.
    case 0xDF: [0b010, 0b101, 0b010][min(y, 2)] >> (4 - x) & 1 == 1 && y < 3 && (2...4).contains(x)
    case 0xFF: true
    case 0x20..<0x7F: FrameBufferFont.glyph(code) >> UInt64((7 - x) * 8 + y) & 1 == 1
    default: false
    }
  }

  /// ROM A00: ASCII but for the yen sign and two arrows; the firmware's own patterns are 0 to 15.
  private static func character(_ code: UInt8) -> Character {
    switch code {
    case 0...15: "□"
    case 0x5C: "¥"
    case 0x7E: "→"
    case 0x7F: "←"
    case 0x20..<0x7E: Character(Unicode.Scalar(code))
    case 0xDF: "°"
    case 0xE4: "µ"
    case 0xFF: "█"
    default: " "
    }
  }

  // MARK: The bus

  /// A falling edge of the enable pin.
  /// - Parameter byte: the eight data pins; in 4-bit mode the upper four.
  func write(_ byte: UInt8, isData: Bool) {
    var byte = byte
    if isFourBit {
      guard let first = firstHalf else {
        firstHalf = byte & 0xF0
        return
      }
      firstHalf = nil
      byte = first | byte >> 4
    }
    guard site.now >= busyUntil else {
      return site.report(
        .deviceBusy, "an instruction came while the one before it was still carried out, and is lost",
        advice: "wait 40 µs behind each byte, 1.6 ms behind clear and home")
    }
    busyUntil = site.now + .microseconds(isData ? 41 : 37)
    if isData { store(byte) } else { perform(byte) }
    observers.tell(text, at: site.now)
  }

  /// A rising edge of the enable pin while firmware reads.
  func read(isData: Bool) -> UInt8 {
    if let secondHalf {
      self.secondHalf = nil
      return secondHalf
    }
    var byte: UInt8
    if isData {
      byte = isPatternAddress ? patterns[address & 0x3F] : characters[address]
      move()
    } else {
      byte = UInt8(address & 0x7F) | (site.now < busyUntil ? 0x80 : 0)
    }
    if isFourBit { secondHalf = byte << 4 }
    return byte
  }

  private func store(_ byte: UInt8) {
    if isPatternAddress { patterns[address & 0x3F] = byte } else { characters[address] = byte }
    move()
    if shiftsDisplay && !isPatternAddress { shift += isIncrement ? 1 : -1 }
  }

  private func move() { address = next(address, by: isIncrement ? 1 : -1) }

  private func next(_ address: Int, by step: Int) -> Int {
    if isPatternAddress { return (address + step) & 0x3F }
    guard hasTwoLines else { return (address + step + 80) % 80 }
    let place = (address & 0x3F) + (address >= 0x40 ? 40 : 0)
    let next = (place + step + 80) % 80
    return next < 40 ? next : next - 40 + 0x40
  }

  // MARK: Instructions

  private func perform(_ byte: UInt8) {
    switch byte {
    case 0x80...0xFF:
      address = Int(byte & 0x7F)
      isPatternAddress = false
    case 0x40...0x7F:
      address = Int(byte & 0x3F)
      isPatternAddress = true
    case 0x20...0x3F:
      isFourBit = byte & 0x10 == 0
      hasTwoLines = byte & 0x08 != 0
    case 0x10...0x1F:
      let step = byte & 0x04 != 0 ? 1 : -1
      if byte & 0x08 != 0 { shift -= step } else { address = next(address, by: step) }
    case 0x08...0x0F: isOn = byte & 0x04 != 0
    case 0x04...0x07:
      isIncrement = byte & 2 != 0
      shiftsDisplay = byte & 1 != 0
    case 0x02, 0x03: home()
    case 0x01:
      characters = [UInt8](repeating: 0x20, count: 128)
      isIncrement = true
      home()
    default: break
    }
  }

  private func home() {
    (address, shift, isPatternAddress) = (0, 0, false)
    busyUntil = site.now + .microseconds(1520)
  }
}
