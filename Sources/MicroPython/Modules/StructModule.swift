/// `struct`: values packed into bytes by a format.
enum StructModule: PythonModule {
  static let name = "struct"
  static let aliases = ["ustruct"]

  static func define(_ module: PythonModuleBuilder<Interpreter>) {
    module.function("calcsize", .required("fmt", .format)) { _, format in format.byteCount }
    module.function("pack", .required("fmt", .format), .variadic("values")) { call, format, values in
      try call.vm.requireBoardMemory(format.byteCount)
      var bytes = [UInt8](repeating: 0, count: format.byteCount)
      try format.pack(values, into: &bytes, at: 0, in: call.vm)
      return bytes
    }
    module.function(
      "pack_into", .required("fmt", .format), .required("buffer", .value), .required("offset", .value),
      .variadic("values")
    ) { call, format, target, place, values in
      let vm = call.vm
      let buffer = try vm.buffer(target, writable: true)
      let offset = try vm.structOffset(place, in: buffer.byteCount, for: format)
      var bytes = [UInt8](repeating: 0, count: format.byteCount)
      bytes.withUnsafeMutableBytes {
        $0.copyMemory(
          from: UnsafeRawBufferPointer(rebasing: buffer.bytes[offset..<offset + format.byteCount]))
      }
      try format.pack(values, into: &bytes, at: 0, in: vm)
      // Looked up anew: making integers of the values may have run firmware, and the buffer may have grown.
      let room = try vm.buffer(target, writable: true).mutableBytes
      UnsafeMutableRawBufferPointer(rebasing: room[offset..<offset + bytes.count]).copyBytes(from: bytes)
    }
    // MicroPython's `unpack` takes longer buffers and an offset, too.
    for name in ["unpack", "unpack_from"] {
      module.fastFunction(name, "fmt", "data", optional: ["offset"]) { (vm, args) throws(Raised) in
        let format = try StructFormat(args[0], in: vm)
        try vm.requireMemory(format.itemCount)
        let bytes = try vm.bytes(args[1])
        let offset = try vm.structOffset(args.optional(2), in: bytes.count, for: format)
        let values = try bytes.withUnsafeBufferPointer { (bytes) throws(Raised) in
          try format.unpack(UnsafeRawBufferPointer(bytes), at: offset, in: vm)
        }
        return vm.heap.tuple(values)
      }
    }
  }
}

extension ArgumentType<StructFormat> {
  fileprivate static var format: Self {
    Self { (vm, value) throws(Raised) in try StructFormat(value, in: vm) }
  }
}

extension Interpreter {
  /// An offset argument, negative ones counted from the end, with room for the whole format behind it.
  fileprivate func structOffset(_ value: Value, in byteCount: Int, for format: StructFormat) throws(Raised)
    -> Int
  {
    var offset = value.isUnbound ? 0 : try int(value)
    if offset < 0 { offset += byteCount }
    guard offset >= 0, offset <= byteCount, format.byteCount <= byteCount - offset else {
      throw error(.valueError, "buffer too small")
    }
    return offset
  }

  /// Refuses what can never fit the board's memory before the host has to provide it.
  package func requireBoardMemory(_ byteCount: Int) throws(Raised) {
    guard byteCount <= heap.capacity else {
      throw error(.memoryError, "memory allocation failed, allocating \(byteCount) bytes")
    }
  }
}

/// A parsed format: byte order, then items with repeat counts.
struct StructFormat {
  private enum Item {
    case padding(Int)
    case text(Int)
    case numbers(Typecode, count: Int, alignment: Int)
  }

  private var items: [Item] = []
  /// Bytes of everything, padding included.
  private(set) var byteCount = 0
  /// How many values it packs or unpacks.
  private(set) var itemCount = 0

  init(_ format: Value, in vm: Interpreter) throws(Raised) {
    let text = try vm.utf8(format)
    var index = 0
    var isBigEndian = false
    var isAligned = true
    var isKnownOrder = true
    switch text.first {
    case UInt8(ascii: "<"): isAligned = false
    case UInt8(ascii: ">"), UInt8(ascii: "!"): (isAligned, isBigEndian) = (false, true)
    case UInt8(ascii: "@"): break
    case UInt8(ascii: "="): isKnownOrder = false
    default: index = -1
    }
    index += 1
    while index < text.count, text[index] != 0 {
      var count = 1
      if isDigit(text[index]) {
        count = 0
        while index < text.count, isDigit(text[index]) {
          count = min(count * 10 + Int(text[index] - 0x30), StructFormat.largestCount)
          index += 1
        }
      }
      let code = index < text.count ? text[index] : 0
      index += 1
      switch code {
      case UInt8(ascii: "x"):
        items.append(.padding(count))
        byteCount += count
      case UInt8(ascii: "s"):
        items.append(.text(count))
        byteCount += count
        itemCount += 1
      default:
        guard isKnownOrder, let item = Typecode(code: code, isBigEndian: isBigEndian) else {
          throw vm.error(.valueError, "bad typecode")
        }
        let alignment = isAligned ? item.size : 1
        items.append(.numbers(item, count: count, alignment: alignment))
        if count > 0 { byteCount = StructFormat.aligned(byteCount, alignment) + count * item.size }
        itemCount += count
      }
      byteCount = min(byteCount, StructFormat.largestCount)
    }
  }

  /// Keeps sums of absurd repeat counts from overflowing.
  private static let largestCount = 1 << 40

  private static func aligned(_ offset: Int, _ alignment: Int) -> Int {
    (offset + alignment - 1) & ~(alignment - 1)
  }

  /// Packs as many values as there are; `bytes` has room for the format from `start`.
  func pack(_ values: Arguments, into bytes: inout [UInt8], at start: Int, in vm: Interpreter) throws(Raised)
  {
    var position = 0
    var next = 0
    for item in items {
      guard next < values.count else { return }
      switch item {
      case .padding(let count):
        for offset in 0..<count { bytes[start + position + offset] = 0 }
        position += count
      case .text(let count):
        let text = try vm.bytes(values[next])
        next += 1
        for offset in 0..<count { bytes[start + position + offset] = offset < text.count ? text[offset] : 0 }
        position += count
      case .numbers(let item, let count, let alignment):
        for _ in 0..<count where next < values.count {
          position = StructFormat.aligned(position, alignment)
          try store(item, values[next], &bytes, start + position, vm)
          position += item.size
          next += 1
        }
      }
    }
  }

  private func store(
    _ item: Typecode, _ value: Value, _ bytes: inout [UInt8], _ offset: Int, _ vm: Interpreter
  ) throws(Raised) {
    var packed: (UInt64) = 0
    try withUnsafeMutableBytes(of: &packed) { (room: UnsafeMutableRawBufferPointer) throws(Raised) in
      try item.store(value, to: room, at: 0, in: vm)
      for index in 0..<item.size { bytes[offset + index] = room[index] }
    }
  }

  /// Unpacks every item; the caller has checked that the buffer is long enough.
  func unpack(
    _ bytes: UnsafeRawBufferPointer, at start: Int, in vm: Interpreter
  ) throws(Raised) -> [Value] {
    var values: [Value] = []
    values.reserveCapacity(itemCount)
    var position = 0
    for item in items {
      switch item {
      case .padding(let count): position += count
      case .text(let count):
        values.append(vm.heap.bytes(bytes[(start + position)..<(start + position + count)]))
        position += count
      case .numbers(let item, let count, let alignment):
        for _ in 0..<count {
          position = StructFormat.aligned(position, alignment)
          values.append(try item.load(from: bytes, at: start + position, in: vm))
          position += item.size
        }
      }
    }
    return values
  }
}
