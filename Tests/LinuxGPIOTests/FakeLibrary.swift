import Glibc
import LinuxGPIO
import Machine
import Synchronization

/// Chips that exist only in a test.
struct FakeLibrary: GPIOLibrary {
  var version: String? = "libgpiod 2.9"
  var canDebounce = true
  var chips: [FakeChip] = []
  /// What opening a device file fails with.
  var refusals: [String: Int32] = [:]

  func chipPaths() -> [String] { (chips.map(\.path) + refusals.keys).sorted() }

  func open(_ path: String) throws(SystemError) -> any GPIOChip {
    if let number = refusals[path] { throw SystemError(number: number) }
    guard let chip = chips.first(where: { $0.path == path }) else { throw SystemError(number: ENOENT) }
    return chip
  }
}

/// A chip whose lines a test drives from outside.
final class FakeChip: GPIOChip {
  /// How many edges wait for a line, as in the kernel.
  static let queueLength = 16

  struct Line {
    var name: String
    var consumer = ""
    /// How this process holds it.
    var settings: LineSettings?
    /// What it was set to when this process gave it back.
    var last: LineSettings?
    /// What drives it from outside.
    var outside: Bool?
    var edges: [LineEdge] = []
    /// Edges that were thrown away since the last one that was kept.
    var lost = 0
    /// Readable while edges wait.
    var pipe: (read: Int32, write: Int32)?
    /// What configuring it with a bias fails with.
    var biasRefusal: Int32?

    var isHigh: Bool {
      if case .output(let value, let drive) = settings?.direction {
        switch (drive, value) {
        case (.pushPull, _), (.openDrain, false), (.openSource, true): return value
        default: break
        }
      }
      return outside ?? (settings?.bias == .pullUp)
    }
  }

  let path: String
  let name: String
  let label: String
  let lineCount: Int
  private let state: Mutex<(lines: [Line], isGone: Bool)>

  init(_ name: String = "gpiochip0", label: String, lines: [String]) {
    path = "/dev/" + name
    self.name = name
    self.label = label
    lineCount = lines.count
    state = Mutex((lines.map { Line(name: $0) }, false))
  }

  /// GPIO0 to GPIO27 of a Raspberry Pi 4.
  convenience init() { self.init(label: "pinctrl-bcm2711", lines: (0..<28).map { "GPIO\($0)" }) }

  func info(_ offset: Int) throws(SystemError) -> LineInfo {
    guard !isGone else { throw SystemError(number: ENODEV) }
    let line = line(offset)
    return LineInfo(
      name: line.name, consumer: line.settings == nil ? line.consumer : "vpyboard",
      isUsed: line.settings != nil || !line.consumer.isEmpty)
  }

  func request(
    _ offset: Int, _ settings: LineSettings, consumer: String
  ) throws(SystemError) -> any GPIOLine {
    guard line(offset).consumer.isEmpty, line(offset).settings == nil else {
      throw SystemError(number: EBUSY)
    }
    let line = FakeLine(offset, of: self)
    try line.configure(settings)
    return line
  }

  // MARK: From outside

  func line(_ offset: Int) -> Line { state.withLock { $0.lines[offset] } }

  func change(_ offset: Int, _ body: (inout Line) -> Void) { state.withLock { body(&$0.lines[offset]) } }

  /// Somebody outside drives the line, or lets go of it.
  func drive(_ offset: Int, _ value: Bool?) {
    change(offset) { line in
      let before = line.isHigh
      line.outside = value
      guard line.isHigh != before, let settings = line.settings, settings.direction == .input,
        line.isHigh ? settings.rising : settings.falling
      else { return }
      var now = timespec()
      clock_gettime(CLOCK_MONOTONIC, &now)
      var edge = LineEdge(time: Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec), isRising: line.isHigh)
      if line.edges.count == Self.queueLength {
        let lost = line.edges.removeFirst().lost + 1
        if line.edges.isEmpty { edge.lost += lost } else { line.edges[0].lost += lost }
      } else if let pipe = line.pipe {
        var byte: UInt8 = 1
        _ = write(pipe.write, &byte, 1)
      }
      line.edges.append(edge)
    }
  }

  /// What a line with these settings is at when nobody else drives it.
  static func level(_ settings: LineSettings) -> Level {
    Line(name: "", settings: settings).isHigh ? .high : .low
  }

  func goAway() { state.withLock { $0.isGone = true } }

  var isGone: Bool { state.withLock { $0.isGone } }
}

private final class FakeLine: GPIOLine {
  private let offset: Int
  private let chip: FakeChip

  init(_ offset: Int, of chip: FakeChip) {
    self.offset = offset
    self.chip = chip
  }

  func configure(_ settings: LineSettings) throws(SystemError) {
    try stillThere()
    if let number = chip.line(offset).biasRefusal, settings.bias != .unknown {
      throw SystemError(number: number)
    }
    chip.change(offset) { line in
      line.settings = settings
      if line.pipe == nil {
        var ends: [Int32] = [-1, -1]
        if pipe(&ends) == 0 { line.pipe = (ends[0], ends[1]) }
      }
    }
  }

  func read() throws(SystemError) -> Bool {
    try stillThere()
    return chip.line(offset).isHigh
  }

  func write(_ value: Bool) throws(SystemError) {
    try stillThere()
    chip.change(offset) { line in
      guard case .output(_, let drive) = line.settings?.direction else { return }
      line.settings?.direction = .output(value, drive)
    }
  }

  var edgeDescriptor: Int32? {
    let line = chip.line(offset)
    return line.settings?.rising == true || line.settings?.falling == true ? line.pipe?.read : nil
  }

  func nextEdge() throws(SystemError) -> LineEdge? {
    try stillThere()
    var edge: LineEdge?
    chip.change(offset) { line in
      guard !line.edges.isEmpty, let pipe = line.pipe else { return }
      edge = line.edges.removeFirst()
      var byte: UInt8 = 0
      _ = Glibc.read(pipe.read, &byte, 1)
    }
    return edge
  }

  func release() {
    chip.change(offset) { line in
      line.last = line.settings ?? line.last
      line.settings = nil
      if let pipe = line.pipe {
        close(pipe.read)
        close(pipe.write)
      }
      line.pipe = nil
    }
  }

  private func stillThere() throws(SystemError) { if chip.isGone { throw SystemError(number: ENODEV) } }
}
