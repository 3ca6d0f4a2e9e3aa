import Machine
import Timebase

/// A display of 128 by 64 or 128 by 32 points on an I2C bus.
///
/// Commands and addressing as in Solomon Systech's data sheet SSD1306 (Rev 1.1), 8.1.5 and 9.
public final class SSD1306: I2CDevice, I2CBehaviour, PictureDevice {
  public static let kind = DeviceKind(
    "ssd1306", title: "OLED display on I2C, 128×64 or 128×32", source: "Solomon Systech, SSD1306 Rev 1.1",
    pins: [
      DeviceKind.Pin("scl", aliases: ["clk"]), DeviceKind.Pin("sda", aliases: ["data"]),
      DeviceKind.Pin("res", aliases: ["rst"], isOptional: true),
      .power(aliases: ["vin", "3v3"]), .ground(),
    ],
    keys: [
      .address(0x3C, in: 0x3C...0x3D), .pullups,
      DeviceKind.Key("height", .integer(16...64), unit: "points", standard: .integer(64)),
    ])

  public let site: DeviceSite
  public let bus: I2CBusPort

  private let panel: SSD1306Panel
  private enum Stage {
    case control
    case one(isData: Bool)
    case all(isData: Bool)
  }
  private var stage = Stage.control

  public init(_ site: DeviceSite) {
    self.site = site
    bus = I2CBusPort([site.integer("address")], site: site)
    panel = SSD1306Panel(height: site.integer("height"), site: site)
    bus.serve(self)
  }

  public var signals: [Signal] { panel.signals }
  public var picture: Picture? { panel.picture }
  public var controls: [Control] { busControls }

  public func begin(isRead: Bool) -> Bool {
    stage = .control
    return true
  }

  /// The control byte says whether one byte or all that follow are commands or data (8.1.5.2).
  public func write(_ byte: UInt8) -> Bool {
    switch stage {
    case .control: stage = byte & 0x80 == 0 ? .all(isData: byte & 0x40 != 0) : .one(isData: byte & 0x40 != 0)
    case .one(let isData):
      panel.take(byte, isData: isData)
      stage = .control
    case .all(let isData): panel.take(byte, isData: isData)
    }
    return true
  }

  /// Bit 6 is set while the display is off.
  public func read() -> UInt8 { panel.isOn ? 0x00 : 0x40 }

  public func end() { panel.transferEnded() }
}

/// The memory and the commands of an SSD1306, whatever bus they come over.
final class SSD1306Panel {
  static let width = 128

  private(set) var isOn = false

  private let height: Int
  private let site: DeviceSite
  private let pictures = TextObservers()
  private let texts = TextObservers()
  /// A byte is eight points, the lowest bit on top; eight pages of 128.
  private var memory = [UInt8](repeating: 0, count: 1024)
  private var command: [UInt8] = []
  private var mode = 2
  private var columns = 0...127
  private var pages = 0...7
  private var column = 0
  private var page = 0
  private var startLine = 0
  private var offset = 0
  private var isInverted = false
  private var showsAll = false
  private var isColumnMirrored = false
  private var isRowMirrored = false

  init(height: Int, site: DeviceSite) {
    self.height = height
    self.site = site
  }

  var signals: [Signal] {
    [
      Signal(
        "picture", .text, read: { [self] in .text(blocks) }, watch: { [self] in pictures.add($0) }),
      // Text that is written in the font of framebuf.
      Signal("text", .text, read: { [self] in .text(text) }, watch: { [self] in texts.add($0) }),
    ]
  }

  func take(_ byte: UInt8, isData: Bool) {
    if isData { return write(byte) }
    command.append(byte)
    guard command.count > Self.parameters(of: command[0]) else { return }
    perform(command[0], command.dropFirst().map(Int.init))
    command = []
  }

  func transferEnded() {
    pictures.tell(blocks, at: site.now)
    texts.tell(text, at: site.now)
  }

  // MARK: Memory

  private func write(_ byte: UInt8) {
    memory[page * Self.width + column] = byte
    switch mode {
    case 0:
      if advance(&column, in: columns) { _ = advance(&page, in: pages) }
    case 1:
      if advance(&page, in: pages) { _ = advance(&column, in: columns) }
    default: column = (column + 1) % Self.width
    }
  }

  /// - Returns: whether it began anew.
  private func advance(_ place: inout Int, in range: ClosedRange<Int>) -> Bool {
    guard place != range.upperBound else {
      place = range.lowerBound
      return true
    }
    place = place >= 127 ? 0 : place + 1
    return false
  }

  /// Whether a point is lit; from the top left, as a person sees it with the usual set-up of modules (segments remapped, scanned from
  /// the last line up).
  func isLit(x: Int, y: Int) -> Bool {
    guard isOn else { return false }
    if showsAll { return true }
    let column = isColumnMirrored ? x : Self.width - 1 - x
    let line = isRowMirrored ? y : height - 1 - y
    let row = (line + startLine + offset) % 64
    let isSet = memory[row / 8 * Self.width + column] >> UInt8(row % 8) & 1 == 1
    return isSet != isInverted
  }

  private var text: String {
    PanelText.text(width: Self.width, height: height) { isLit(x: $0, y: $1) }
  }

  /// White points on black, each four by four.
  var picture: Picture {
    var picture = Picture(width: Self.width, height: height)
    for y in 0..<height {
      for x in 0..<Self.width where isLit(x: x, y: y) { picture[x, y] = 0xFFFFFF }
    }
    return picture.scaled(by: 4)
  }

  /// Two lines of points in one of text.
  private var blocks: String {
    let blocks: [[Character]] = [[" ", "▄"], ["▀", "█"]]
    return stride(from: 0, to: height, by: 2).map { y in
      let line = (0..<Self.width).map { blocks[isLit(x: $0, y: y) ? 1 : 0][isLit(x: $0, y: y + 1) ? 1 : 0] }
      return String(line.reversed().drop { $0 == " " }.reversed())
    }
    .joined(separator: "\n")
  }

  // MARK: Commands (table 9-1)

  private static func parameters(of command: UInt8) -> Int {
    switch command {
    case 0x20, 0x81, 0x8D, 0xA8, 0xAD, 0xD3, 0xD5, 0xD9, 0xDA, 0xDB, 0xD8: 1
    case 0x21, 0x22, 0xA3: 2
    case 0x29, 0x2A: 5
    case 0x26, 0x27: 6
    default: 0
    }
  }

  private func perform(_ command: UInt8, _ values: [Int]) {
    switch command {
    case 0x00...0x0F: column = column & 0xF0 | Int(command & 0x0F)
    case 0x10...0x1F: column = (column & 0x0F | Int(command & 0x0F) << 4) & 0x7F
    case 0x20: mode = values[0] & 3
    case 0x21:
      columns = Self.range(values, mask: 127)
      column = columns.lowerBound
    case 0x22:
      pages = Self.range(values, mask: 7)
      page = pages.lowerBound
    case 0x40...0x7F: startLine = Int(command & 0x3F)
    case 0xA0, 0xA1: isColumnMirrored = command == 0xA1
    case 0xA4, 0xA5: showsAll = command == 0xA5
    case 0xA6, 0xA7: isInverted = command == 0xA7
    case 0xAE, 0xAF: isOn = command == 0xAF
    case 0xB0...0xB7: page = Int(command & 7)
    case 0xC0...0xC7: isRowMirrored = false
    case 0xC8...0xCF: isRowMirrored = true
    case 0xD3: offset = values[0] & 0x3F
    default: break
    }
  }

  private static func range(_ values: [Int], mask: Int) -> ClosedRange<Int> {
    let (first, last) = (values[0] & mask, values[1] & mask)
    return first...max(first, last)
  }
}
