import Timebase

/// `deflate`: a Pyboard only decompresses.
enum DeflateModule: PythonModule {
  static let name = "deflate"

  static func define(_ module: PythonModuleBuilder<Interpreter>) {
    module.add(DeflateIOClass.self)
    module.constants(["AUTO": 0, "RAW": 1, "ZLIB": 2, "GZIP": 3])
  }
}

/// `deflate.DeflateIO`
private enum DeflateIOClass: PythonClass {
  static let name = "DeflateIO"
  static let boardBytes = 32

  static func define(_ type: PythonClassBuilder<Interpreter, DeflateStream>) {
    type.make(
      .required("stream", .value), .optional("format", .format, default: .auto),
      .optional("wbits", .windowBits, default: 0), .optional("close", .bool, default: false)
    ) { _, source, format, windowBits, closes in
      DeflateStream(source, format, windowBits: windowBits, closesSource: closes)
    }
    type.streams([.read, .readinto, .readline, .close, .enter, .exit])
  }
}

extension ArgumentType<DeflateStream.Format> {
  fileprivate static var format: Self {
    Self { (vm, value) throws(Raised) in
      guard let format = DeflateStream.Format(rawValue: try vm.int(value)) else {
        throw vm.error(.valueError, "format")
      }
      return format
    }
  }
}

extension ArgumentType<Int> {
  fileprivate static var windowBits: Self {
    Self { (vm, value) throws(Raised) in
      let bits = try vm.int(value)
      guard bits == 0 || 5...15 ~= bits else { throw vm.error(.valueError, "wbits") }
      return bits
    }
  }
}

/// Reads what another stream holds in compressed form.
private final class DeflateStream: NativeStream, ValueHolding {
  enum Format: Int { case auto, raw, zlib, gzip }

  private let source: Value
  private let format: Format
  private let windowBits: Int
  private let closesSource: Bool
  private var inflater: Inflater<Raised>?
  private var isOpen = true
  private var isAtEnd = false
  /// The check value at the data's end, as the header says.
  private enum Trailer {
    case none
    case zlib(Checksum.Adler32)
    case gzip(Checksum.CRC32)
  }
  private var trailer = Trailer.none

  init(_ source: Value, _ format: Format, windowBits: Int, closesSource: Bool) {
    self.source = source
    self.format = format
    self.windowBits = windowBits
    self.closesSource = closesSource
  }

  func visitValues(_ visit: (Value) -> Void) { visit(source) }

  private func nextByte(_ vm: Interpreter) throws(Raised) -> UInt8 {
    var byte: UInt8 = 0
    let stream = try vm.stream(source)
    let result = try withUnsafeMutableBytes(of: &byte) { (buffer) throws(Raised) in
      try stream.read(into: buffer, vm)
    }
    switch result {
    case .done(0): throw vm.error(.eofError, arguments: [])
    case .done: return byte
    case .failed(let errno): throw vm.osError(errno)
    }
  }

  func read(into buffer: UnsafeMutableRawBufferPointer, _ vm: Interpreter) throws(Raised) -> StreamResult {
    guard isOpen else { return .failed(.einval) }
    if inflater == nil {
      guard let bits = try readHeader(vm) else { return .failed(.einval) }
      inflater = Inflater(windowSize: 1 << bits) { [unowned self] () throws(Raised) in try nextByte(vm) }
    }
    do throws(Inflater<Raised>.Problem) {
      for index in 0..<buffer.count {
        guard !isAtEnd, let byte = try inflater?.next() else {
          if !isAtEnd { try checkTrailer() }
          isAtEnd = true
          return .done(index)
        }
        buffer[index] = byte
        updateTrailer(byte)
      }
    } catch {
      switch error {
      case .corrupted: return .failed(.einval)
      case .source(let raised): throw raised
      }
    }
    return .done(buffer.count)
  }

  private func updateTrailer(_ byte: UInt8) {
    switch trailer {
    case .none: break
    case .zlib(var checksum):
      checksum.update(byte)
      trailer = .zlib(checksum)
    case .gzip(var checksum):
      checksum.update(byte)
      trailer = .gzip(checksum)
    }
  }

  private func checkTrailer() throws(Inflater<Raised>.Problem) {
    let expected: UInt32
    switch trailer {
    case .none: return
    case .zlib(let checksum): expected = checksum.value.byteSwapped
    case .gzip(let checksum): expected = checksum.value
    }
    var stored: UInt32 = 0
    for index in 0..<4 { stored |= UInt32(try inflater?.nextTrailingByte() ?? 0) << UInt32(8 * index) }
    if case .gzip = trailer { for _ in 0..<4 { _ = try inflater?.nextTrailingByte() } }
    if stored != expected { throw .corrupted }
  }

  func control(_ request: Int, _ argument: Int, _ vm: Interpreter) throws(Raised) -> StreamResult {
    guard request == StreamRequest.close else { return .failed(.einval) }
    if isOpen, closesSource { _ = try vm.stream(source).control(request, argument, vm) }
    isOpen = false
    return .done(0)
  }

  /// Takes the header of the format; the window's size as a power of two, or nil for a wrong header.
  private func readHeader(_ vm: Interpreter) throws(Raised) -> Int? {
    if format == .raw { return windowBits == 0 ? 8 : windowBits }
    let first = try nextByte(vm)
    let second = try nextByte(vm)
    var headerBits = 15
    if first == 0x1f, second == 0x8b, format != .zlib {
      guard try skipGzipHeader(vm) else { return nil }
      trailer = .gzip(Checksum.CRC32())
    } else {
      let isZlib = first & 15 == 8 && (Int(first) << 8 | Int(second)) % 31 == 0 && second & 0x20 == 0
      guard isZlib, format != .gzip else { return nil }
      headerBits = Int(first >> 4) + 8
      trailer = .zlib(Checksum.Adler32())
      guard headerBits <= 15 else { return nil }
    }
    return windowBits == 0 ? headerBits : min(windowBits, headerBits)
  }

  private func skipGzipHeader(_ vm: Interpreter) throws(Raised) -> Bool {
    guard try nextByte(vm) == 8 else { return false }
    let flags = try nextByte(vm)
    func skip(_ count: Int) throws(Raised) { for _ in 0..<count { _ = try nextByte(vm) } }
    try skip(6)
    if flags & 4 != 0 {
      let low = Int(try nextByte(vm))
      try skip(low + Int(try nextByte(vm)) << 8)
    }
    for flag: UInt8 in [8, 16] where flags & flag != 0 {
      while try nextByte(vm) != 0 {}
    }
    if flags & 2 != 0 { try skip(2) }
    return true
  }
}
