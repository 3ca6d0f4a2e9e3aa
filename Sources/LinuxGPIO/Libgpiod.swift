import CGPIOD
import Glibc
import Synchronization
import Timebase

/// The library that is installed: libgpiod 2.x, or 1.6.
public struct Libgpiod: GPIOLibrary {
  public init() {}

  public var version: String? {
    cgpiod_version() == 0 ? nil : "libgpiod " + String(cString: cgpiod_version_text())
  }

  public var canDebounce: Bool { cgpiod_version() >= 2 }

  public func chipPaths() -> [String] {
    var names: [String] = []
    _ = FolderEntries.forEach(in: "/dev") { bytes in
      let name = String(decoding: bytes, as: UTF8.self)
      if name.hasPrefix("gpiochip"), Int(name.dropFirst(8)) != nil { names.append(name) }
    }
    // A second name for a chip is a link to its device file: /dev/gpiochip4 on a Raspberry Pi 5.
    var devices: Set<UInt> = []
    return names.sorted { Int($0.dropFirst(8)) ?? 0 < Int($1.dropFirst(8)) ?? 0 }.map { "/dev/" + $0 }
      .filter { path in
        var status = stat()
        return stat(path, &status) == 0 && devices.insert(UInt(status.st_rdev)).inserted
      }
  }

  public func open(_ path: String) throws(SystemError) -> any GPIOChip { try LibgpiodChip(path) }
}

private final class LibgpiodChip: GPIOChip {
  let path: String
  let name: String
  let label: String
  let lineCount: Int
  private let handle: Mutex<ChipHandle>

  init(_ path: String) throws(SystemError) {
    self.path = path
    var chip: OpaquePointer?
    try check(cgpiod_chip_open(path, &chip))
    guard let chip else { throw SystemError(number: EIO) }
    name = String(cString: cgpiod_chip_name(chip))
    label = String(cString: cgpiod_chip_label(chip))
    lineCount = Int(cgpiod_chip_line_count(chip))
    handle = Mutex(ChipHandle(pointer: chip))
  }

  deinit { handle.withLock { cgpiod_chip_close($0.pointer) } }

  func info(_ offset: Int) throws(SystemError) -> LineInfo {
    var info = cgpiod_info()
    let status = handle.withLock { cgpiod_chip_line_info($0.pointer, UInt32(offset), &info) }
    try check(status)
    var result = LineInfo(name: text(info.name), consumer: text(info.consumer), isUsed: info.is_used)
    result.isOutput = info.is_output
    result.isActiveLow = info.active_low
    result.drive =
      switch info.drive {
      case CGPIOD_OPEN_DRAIN: .openDrain
      case CGPIOD_OPEN_SOURCE: .openSource
      default: .pushPull
      }
    result.bias =
      switch info.bias {
      case CGPIOD_BIAS_DISABLED: .disabled
      case CGPIOD_BIAS_PULL_UP: .pullUp
      case CGPIOD_BIAS_PULL_DOWN: .pullDown
      default: .unknown
      }
    return result
  }

  func request(_ offset: Int, _ settings: LineSettings, consumer: String) throws(SystemError) -> any GPIOLine
  {
    var settings = cgpiod_settings(settings)
    var status: Int32 = 0
    let line = handle.withLock { chip in
      var line: OpaquePointer?
      status = cgpiod_line_request(chip.pointer, UInt32(offset), &settings, consumer, &line)
      return line.map { LineHandle(pointer: $0) }
    }
    try check(status)
    guard let line else { throw SystemError(number: EIO) }
    return LibgpiodLine(line, of: self)
  }

  private func text<Characters>(_ characters: Characters) -> String {
    withUnsafeBytes(of: characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}

private final class LibgpiodLine: GPIOLine {
  /// Must outlive its lines.
  private let chip: LibgpiodChip
  private let handle: Mutex<LineHandle?>

  init(_ handle: LineHandle, of chip: LibgpiodChip) {
    self.chip = chip
    self.handle = Mutex(handle)
  }

  deinit { release() }

  func configure(_ settings: LineSettings) throws(SystemError) {
    var settings = cgpiod_settings(settings)
    try check(with { cgpiod_line_reconfigure($0, &settings) })
  }

  func read() throws(SystemError) -> Bool {
    var value = false
    try check(with { cgpiod_line_get($0, &value) })
    return value
  }

  func write(_ value: Bool) throws(SystemError) { try check(with { cgpiod_line_set($0, value) }) }

  var edgeDescriptor: Int32? {
    let descriptor = handle.withLock { $0.map { cgpiod_line_descriptor($0.pointer) } ?? -1 }
    return descriptor < 0 ? nil : descriptor
  }

  func nextEdge() throws(SystemError) -> LineEdge? {
    var edge = cgpiod_edge()
    let status = with { cgpiod_line_read_edge($0, &edge) }
    if status == EAGAIN { return nil }
    try check(status)
    let canCount = cgpiod_version() >= 2
    var result = LineEdge(time: edge.time, isRising: edge.is_rising)
    result.lost = Int(clamping: edge.lost)
    // The old interface counts nothing: missing edges show in the edges that are left.
    result.isLossExact = !edge.was_full && (edge.lost == 0 || canCount)
    return result
  }

  func release() {
    handle.withLock { handle in
      if let line = handle { cgpiod_line_release(line.pointer) }
      handle = nil
    }
  }

  @inline(__always) private func with(_ body: (OpaquePointer) -> Int32) -> Int32 {
    handle.withLock { $0.map { body($0.pointer) } ?? ENODEV }
  }
}

// Pointers of the C target, each used only under the lock of the one object that owns it.
private struct ChipHandle: @unchecked Sendable { let pointer: OpaquePointer }
private struct LineHandle: @unchecked Sendable { let pointer: OpaquePointer }

private func check(_ status: Int32) throws(SystemError) {
  if status != 0 { throw SystemError(number: status) }
}

extension cgpiod_settings {
  fileprivate init(_ settings: LineSettings) {
    self.init()
    if case .output(let value, let drive) = settings.direction {
      is_output = true
      self.value = value
      self.drive =
        switch drive {
        case .pushPull: CGPIOD_PUSH_PULL
        case .openDrain: CGPIOD_OPEN_DRAIN
        case .openSource: CGPIOD_OPEN_SOURCE
        }
    } else {
      edges = (settings.rising ? Int32(CGPIOD_RISING) : 0) | (settings.falling ? Int32(CGPIOD_FALLING) : 0)
      debounce = settings.debounce
    }
    bias =
      switch settings.bias {
      case .unknown: CGPIOD_BIAS_UNKNOWN
      case .disabled: CGPIOD_BIAS_DISABLED
      case .pullUp: CGPIOD_BIAS_PULL_UP
      case .pullDown: CGPIOD_BIAS_PULL_DOWN
      }
    active_low = settings.isActiveLow
  }
}
