import Glibc
import Machine
import Timebase

/// An SD card of high capacity in SPI mode.
///
/// Commands, responses and tokens as in the SD Association's "Physical Layer Simplified Specification", chapter 7. Its blocks are in memory, or in the
/// file that `image` names, which is made where it is missing and keeps what is written.
public final class SDCard: Device, SPIBehaviour {
  public static let kind = DeviceKind(
    "sdcard", title: "SD card on SPI",
    source: "SD Association, Physical Layer Simplified Specification 6.00, 7",
    pins: [
      DeviceKind.Pin("sck", aliases: ["sclk", "clk"]), DeviceKind.Pin("mosi", aliases: ["di"]),
      DeviceKind.Pin("miso", aliases: ["do"]),
      DeviceKind.Pin("cs"), .power(), .ground(),
    ],
    keys: [
      DeviceKind.Key(
        "megabytes", .integer(1...32_768), standard: .integer(16), title: "its size, unless an image has one"),
      DeviceKind.Key("image", .text, standard: .text("none"), title: "a file that holds its blocks"),
    ])

  public let site: DeviceSite

  private let port: SPIPort
  private let blocks: BlockStore
  private var isIdle = true
  private var isApplicationCommand = false
  private var command: [UInt8] = []
  /// Bytes that wait to be sent, oldest first.
  private var output: [UInt8] = []
  private var state = State.ready

  private enum State {
    case ready
    /// Sends block after block until a command stops it.
    case sending(next: Int)
    /// Waits for the token in front of a block.
    case awaiting(block: Int, isMultiple: Bool)
    case taking(block: Int, isMultiple: Bool, [UInt8])
  }

  public init(_ site: DeviceSite) throws(DeviceError) {
    self.site = site
    port = SPIPort(site)
    blocks = try BlockStore(image: site.text("image"), megabytes: site.integer("megabytes"))
    // A resistor of the card reader's: without power, and while it is not selected, the line is high.
    site.pin("miso").pull(.up)
    port.serve(self)
  }

  // MARK: Bytes

  func selected() { command = [] }

  func nextByte() -> UInt8 {
    guard site.isPowered else { return 0xFF }
    if output.isEmpty, case .sending(let next) = state { send(block: next) }
    return output.isEmpty ? 0xFF : output.removeFirst()
  }

  func take(_ byte: UInt8) {
    guard site.isPowered else { return }
    switch state {
    case .awaiting(let block, let isMultiple):
      if byte == (isMultiple ? 0xFC : 0xFE) {
        state = .taking(block: block, isMultiple: isMultiple, [])
      } else if byte == 0xFD {
        state = .ready
        output = [0xFF, 0x00, 0x00]
      }
    case .taking(let block, let isMultiple, var bytes):
      bytes.append(byte)
      guard bytes.count == BlockStore.size + 2 else {
        state = .taking(block: block, isMultiple: isMultiple, bytes)
        return
      }
      let isWritten = blocks.write(Array(bytes.dropLast(2)), to: block)
      // Accepted or not, then busy for a while.
      output = [isWritten ? 0x05 : 0x0D, 0x00, 0x00]
      state = isMultiple ? .awaiting(block: block + 1, isMultiple: true) : .ready
    case .ready, .sending: takeCommand(byte)
    }
  }

  private func takeCommand(_ byte: UInt8) {
    if command.isEmpty && byte & 0xC0 != 0x40 { return }
    command.append(byte)
    guard command.count == 6 else { return }
    let number = Int(command[0] & 0x3F)
    let argument = command[1...4].reduce(0) { $0 << 8 | Int($1) }
    command = []
    let isApplication = isApplicationCommand
    isApplicationCommand = false
    // One byte of silence in front of each answer.
    output = [0xFF] + (isApplication ? answerApplication(number) : answer(number, argument))
  }

  private var status: UInt8 { isIdle ? 0x01 : 0x00 }

  private func answer(_ number: Int, _ argument: Int) -> [UInt8] {
    switch number {
    case 0:
      isIdle = true
      state = .ready
      return [0x01]
    case 8: return [status, 0, 0, UInt8(argument >> 8 & 0x0F), UInt8(argument & 0xFF)]
    case 9: return [status, 0xFE] + specificData + [0, 0]
    case 10: return [status, 0xFE] + [UInt8](repeating: 0, count: 16) + [0, 0]
    case 12:
      state = .ready
      return [status, 0x00]
    case 13: return [status, 0]
    case 16: return [argument == BlockStore.size ? status : status | 0x40]
    case 17, 18:
      guard !isIdle, argument < blocks.count else { return [status | 0x40] }
      if number == 18 { state = .sending(next: argument) }
      return [status] + (number == 17 ? data(of: argument) : [])
    case 24, 25:
      guard !isIdle, argument < blocks.count else { return [status | 0x40] }
      state = .awaiting(block: argument, isMultiple: number == 25)
      return [status]
    case 55:
      isApplicationCommand = true
      return [status]
    // Powered up; blocks are counted, not bytes.
    case 58: return [status, isIdle ? 0x00 : 0xC0, 0xFF, 0x80, 0x00]
    case 59: return [status]
    default: return [status | 0x04]
    }
  }

  private func answerApplication(_ number: Int) -> [UInt8] {
    switch number {
    case 41:
      isIdle = false
      return [0x00]
    case 23: return [status]
    default: return [status | 0x04]
    }
  }

  private func data(of block: Int) -> [UInt8] { [0xFF, 0xFE] + blocks.read(block) + [0, 0] }

  private func send(block: Int) {
    guard block < blocks.count else {
      state = .ready
      return
    }
    output = data(of: block)
    state = .sending(next: block + 1)
  }

  /// CSD version 2: the size in units of 512 KiB, less one (5.3.3).
  private var specificData: [UInt8] {
    let size = max(1, blocks.count / 1024) - 1
    return [
      0x40, 0x0E, 0x00, 0x32, 0x5B, 0x59, 0x00, UInt8(size >> 16 & 0x3F), UInt8(size >> 8 & 0xFF),
      UInt8(size & 0xFF), 0x7F, 0x80,
      0x0A, 0x40, 0x00, 0x01,
    ]
  }
}

/// Blocks of 512 bytes, in memory or in a file.
final class BlockStore {
  static let size = 512
  let count: Int

  private let descriptor: Int32
  private var memory: [Int: [UInt8]] = [:]

  /// - Parameter image: a file, or `none`.
  init(image: String, megabytes: Int) throws(DeviceError) {
    guard image != "none" else {
      descriptor = -1
      count = megabytes * 2048
      return
    }
    descriptor = open(image, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    var status = stat()
    guard descriptor >= 0, fstat(descriptor, &status) == 0 else {
      let reason = String(cString: strerror(errno))
      if descriptor >= 0 { close(descriptor) }
      throw DeviceError("image \(image) could not be opened: \(reason)")
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw DeviceError("image \(image) is not a file")
    }
    if status.st_size == 0 { ftruncate(descriptor, off_t(megabytes) << 20) }
    let bytes = status.st_size == 0 ? megabytes << 20 : Int(status.st_size)
    count = bytes / Self.size
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  func read(_ block: Int) -> [UInt8] {
    if descriptor < 0 { return memory[block] ?? [UInt8](repeating: 0, count: Self.size) }
    var bytes = [UInt8](repeating: 0, count: Self.size)
    _ = pread(descriptor, &bytes, Self.size, off_t(block * Self.size))
    return bytes
  }

  /// - Returns: whether it could be written.
  func write(_ bytes: [UInt8], to block: Int) -> Bool {
    if descriptor < 0 {
      memory[block] = bytes
      return true
    }
    return pwrite(descriptor, bytes, Self.size, off_t(block * Self.size)) == Self.size
  }
}
