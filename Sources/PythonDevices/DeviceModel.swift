import Devices
import Glibc
import Machine
import MicroPython
import Timebase

/// The file of a device in Python, in an interpreter of its own: no memory, no files and no time of the board's.
///
/// It belongs to the thread of the board that the device is wired to.
final class DeviceModel {
  let vm: Interpreter
  private(set) var description = ModelDescription()
  /// The device that the model acts for, as soon as there is one.
  weak var device: PythonDevice?

  let file: String
  private var deviceClass: RootedValue?
  private var instance: RootedValue?
  private var pins: [RootedValue] = []
  private var methods: [DeviceMethod: RootedValue] = [:]
  private var observations: [Observation] = []
  private let sources: ModelSources
  /// Time of the interpreter at which a call has run for too long.
  private var limit = Instant.powerOn
  /// Whether the call was warned that it runs for too long.
  private var isWarned = false
  private var time = ModelTime()
  private var line: [UInt8] = []
  /// Memory that `ModelMemory` counts for this one.
  private var held = 0

  private static let tooLong = "it runs for too long: a device waits with after_us, not in a loop"
  private static let tooOften =
    "it computes for more than \(ModelTime.share) s a second of the board's: "
    + "its delays are too short, or its pins change too fast"
  /// Python objects of a model may take as much of the host's memory as this, several times over.
  private static let heapSize = 4 << 20
  /// Limit of a call, in the interpreter's own time; a second or so of the host's.
  private static let longestCall = Interval.seconds(3)
  /// How long it may go on after the warning that it has run for too long.
  private static let respite = Interval.seconds(1)

  /// Reads and runs the file.
  /// - Throws: for a file that cannot be read, for its exceptions, and for a class that is no device.
  init(path: String, collectsAlways: Bool = false) throws(DeviceError) {
    file = path
    let source = try Self.read(path)
    guard ModelMemory.enter() else {
      throw DeviceError("there can be \(ModelMemory.maximumCount) devices in Python at most")
    }
    let heap = Heap(capacity: Self.heapSize, hasSingleFloats: false)
    vm = Interpreter(heap: heap, clock: Clock(mode: .virtual), costs: CostTable())
    sources = ModelSources(beside: path)
    vm.installEverything()
    vm.hardwareRandom = { [unowned self] in UInt32(truncatingIfNeeded: random()) }
    vm.sourceFinder = sources
    vm.standardOutput = { [unowned self] in write($0) }
    vm.addModules([DeviceModule.self], host: self)
    heap.leaveOutWhatExists()
    heap.setThreshold(ModelMemory.garbage)
    heap.collectsAlways = collectsAlways
    observations = [
      vm.sliceEnds.add { [unowned self] in if vm.clock.now > limit { vm.requestAttention() } },
      vm.attention.add(
        AttentionObserver { [unowned self] () throws(Raised) in
          guard vm.clock.now > limit else { return }
          // Code that catches the error and goes on is ended with one that cannot be caught.
          if vm.clock.now > limit + Self.respite { throw vm.halt() }
          guard !isWarned else { return }
          isWarned = true
          throw vm.error(.runtimeError, Self.tooLong)
        }),
    ]
    do {
      try limited { () throws(Raised) in try load(source) }
    } catch { throw DeviceError(message(of: error)) }
  }

  deinit {
    vm.dismantle()
    ModelMemory.leave(holding: held)
  }

  private static func read(_ path: String) throws(DeviceError) -> [UInt8] {
    guard let bytes = ModelSources.read(path) else {
      throw DeviceError("\(path) cannot be read: \(String(cString: strerror(errno)))")
    }
    return bytes
  }

  // MARK: The class

  private func load(_ source: [UInt8]) throws(Raised) {
    try vm.runMain(source, file: file)
    let type = try helper("_find", vm.mainGlobals.value)
    deviceClass = RootedValue(type, in: vm.heap)
    let name = file.split(separator: "/").last.map(String.init) ?? file
    description = try ModelDescription(
      try helper("_describe", type), name: String(name.dropLast(".py".count)), vm)
  }

  /// Makes the one device of the class; its pins and values can be used from then on.
  func makeInstance() throws(Raised) {
    guard let deviceClass else { return }
    try limited { () throws(Raised) in
      let names = vm.heap.tuple(description.kind.pins.map { vm.heap.string($0.name) })
      let made = try helper("_make", deviceClass.value, names)
      instance = RootedValue(made, in: vm.heap)
      for pin in description.kind.pins {
        pins.append(RootedValue(try vm.callMethod(made, "pin", vm.heap.string(pin.name)), in: vm.heap))
      }
      for method in DeviceMethod.allCases where description.methods.contains(method) {
        methods[method] = RootedValue(try vm.getAttribute(made, method.rawValue), in: vm.heap)
      }
    }
  }

  /// A function of `device.py`.
  private func helper(_ name: String, _ arguments: Value...) throws(Raised) -> Value {
    let module = try vm.importModule("device", globals: vm.mainGlobals, hasFromList: true, level: 0)
    return try vm.call(try vm.getAttribute(module, name), arguments: arguments)
  }

  /// The `Pin` of the class for one of its pins.
  func pinObject(_ index: Int) -> Value { pins[index].value }

  // MARK: Calls

  func has(_ method: DeviceMethod) -> Bool { methods[method] != nil }

  /// Calls a method of the device; `nil` where it has none.
  func call(_ method: DeviceMethod, _ arguments: [Value]) throws(Raised) -> Value? {
    guard let function = methods[method] else { return nil }
    return try call(function.value, arguments)
  }

  func call(_ function: Value, _ arguments: [Value] = []) throws(Raised) -> Value {
    var result = Value.none
    // Unpinned, so that garbage is collected while it runs.
    try limited { () throws(Raised) in result = try vm.callUnpinned(function, arguments: arguments) }
    return result
  }

  /// A picture that a model gives as rows of colours, 0xRRGGBB.
  func picture(of rows: Value) throws(Raised) -> Picture {
    let rows = try vm.collect(rows)
    // Checked before it is copied: many rows may be one and the same object of the model's.
    let width = try rows.first.map { (row) throws(Raised) in try vm.collect(row).count } ?? 0
    guard 1...4096 ~= width, rows.count <= 4096 else { throw noPicture() }
    var picture = Picture(width: width, height: rows.count)
    for (y, row) in rows.enumerated() {
      let line = try vm.collect(row)
      guard line.count == width else { throw noPicture() }
      for (x, colour) in line.enumerated() {
        picture[x, y] = UInt32(truncatingIfNeeded: try vm.wideInt(colour)) & 0xFFFFFF
      }
    }
    return picture
  }

  private func noPicture() -> Raised {
    vm.error(.valueError, "picture() returns rows of colours, all of one length, at most 4096 each way")
  }

  private func limited(_ body: () throws(Raised) -> Void) throws(Raised) {
    let before = limit
    // A call from inside of another one has what that has left.
    if before <= vm.clock.now {
      guard time.isWithinBounds(vm.clock.now, at: device?.site.now ?? .powerOn) else {
        throw vm.error(.runtimeError, Self.tooOften)
      }
      limit = vm.clock.now + Self.longestCall
      isWarned = false
    }
    defer { limit = before }
    let holding = vm.heap.usedAfterCollection
    let isWithinBounds = ModelMemory.change(by: holding - held)
    held = holding
    if !isWithinBounds {
      throw vm.error(
        .memoryError, "devices in Python hold more than \(ModelMemory.limit >> 20) MiB together")
    }
    try body()
  }

  // MARK: Exceptions

  /// `sensor.py:12: NameError: name 'x' isn't defined`.
  func message(of raised: Raised) -> String {
    let place = place(of: raised).map { place in "\(place.file):\(place.line): " } ?? "\(file): "
    return place + complaint(of: raised)
  }

  func complaint(of raised: Raised) -> String {
    if vm.isHalted { return "RuntimeError: \(Self.tooLong)" }
    let text = String(decoding: vm.tracebackText(of: raised.exception), as: UTF8.self)
    return text.split(separator: "\n").last.map(String.init) ?? "an exception"
  }

  /// The innermost line of the model's own.
  func place(of raised: Raised) -> (file: String, line: Int)? {
    vm.exceptionPart(of: raised.exception)?.traceback.entries.first { $0.file != "device.py" }
      .map { ($0.file, $0.line) }
  }

  // MARK: Around it

  /// Of the device; while the file is loaded always the same.
  func random() -> UInt64 { device?.site.random.next() ?? 0 }

  /// Writes printed text to standard error, a line at a time.
  private func write(_ bytes: [UInt8]) {
    line += bytes
    while let end = line.firstIndex(of: 0x0A) {
      let text = Array("\(device?.name ?? file): ".utf8) + line[...end]
      line.removeSubrange(...end)
      _ = text.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
  }
}

/// Calls into the firmware of a device. Names are those of the methods of a class in Python.
enum DeviceMethod: String, CaseIterable {
  case start, edge, changed, picture
  case i2cStart = "i2c_start"
  case i2cWrite = "i2c_write"
  case i2cRead = "i2c_read"
  case i2cAcknowledge = "i2c_acknowledge"
  case i2cStop = "i2c_stop"
  case spiSelect = "spi_select"
  case spiByte = "spi_byte"
  case spiDeselect = "spi_deselect"
}

/// Modules of a model: `device`, and files beside its own.
private final class ModelSources: SourceFinder {
  private let folder: String

  init(beside path: String) {
    folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
  }

  func find(_ path: String, onBoardOnly: Bool) throws(Raised) -> FoundSource? {
    if path == "device" { return .file(path: "device.py", source: PackageResources.device_py) }
    let file = "\(folder)\(path).py"
    return Self.read(file).map { .file(path: file, source: $0) }
  }

  func read(_ path: String) throws(Raised) -> [UInt8] { Self.read(folder + path) ?? [] }

  /// - Returns: `nil`, with `errno` set, for what is no readable file of a reasonable size.
  static func read(_ path: String) -> [UInt8]? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while bytes.count < 1 << 20 {
      let count = fread(&chunk, 1, chunk.count, file)
      if count == 0 { return ferror(file) == 0 ? bytes : nil }
      bytes += chunk[..<count]
    }
    errno = EFBIG
    return nil
  }
}
