/// The methods that streams have in firmware, made of the operations of `NativeStream`.
extension Interpreter {
  // MARK: Reading

  /// `read(count)`: bytes (or characters of a text stream) up to the end; None if it would have to wait.
  package func streamRead(_ stream: any NativeStream, _ count: Int, once: Bool = false) throws(Raised)
    -> Value
  {
    if count == -1 { return try streamReadAll(stream) }
    if count < 0 { throw error(.memoryError, "memory allocation failed") }
    try requireBoardMemory(count)
    // The board makes room before it asks for anything.
    heap.noteRequest()
    if stream.isText { return try streamReadCharacters(stream, count) }
    switch try streamRead(stream, upTo: count, once: once) {
    case .bytes(let bytes): return heap.bytes(bytes)
    case .failed(let errno): return try streamFailure(errno)
    }
  }

  private enum ReadOutcome {
    case bytes([UInt8])
    case failed(Int)
  }

  private func streamRead(_ stream: any NativeStream, upTo count: Int, once: Bool) throws(Raised)
    -> ReadOutcome
  {
    var bytes = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      switch try streamRead(stream, into: &bytes, from: done, upTo: count) {
      case .done(0): return .bytes(Array(bytes[..<done]))
      case .done(let received):
        done += received
        if once { return .bytes(Array(bytes[..<done])) }
      case .failed(let errno):
        if errno == ErrorNumber.eagain.rawValue, done > 0 { return .bytes(Array(bytes[..<done])) }
        return .failed(errno)
      }
    }
    return .bytes(bytes)
  }

  private func streamRead(
    _ stream: any NativeStream, into bytes: inout [UInt8], from start: Int, upTo end: Int
  ) throws(Raised) -> StreamResult {
    try bytes.withUnsafeMutableBufferPointer { (buffer) throws(Raised) in
      let room = UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: buffer[start..<end]))
      return try stream.read(into: room, self)
    }
  }

  /// `read()`: everything up to the end, or as much as there is now.
  package func streamReadAll(_ stream: any NativeStream) throws(Raised) -> Value {
    heap.noteRequest()
    var all: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 256)
    var room = chunk.count
    reading: while true {
      switch try streamRead(stream, into: &chunk, from: 0, upTo: room) {
      case .done(0): break reading
      case .done(let count):
        try requireMemory(all.count + count, itemSize: 1)
        all += chunk[..<count]
        room = count < room ? room - count : chunk.count
      case .failed(let errno):
        if errno == ErrorNumber.eagain.rawValue, !all.isEmpty { break reading }
        return try streamFailure(errno)
      }
    }
    return try text(all, of: stream)
  }

  private func streamReadCharacters(_ stream: any NativeStream, _ count: Int) throws(Raised) -> Value {
    var bytes: [UInt8] = []
    var missing = count
    // The start of the first character that has not been counted yet.
    var start = 0
    // As many bytes as characters never are too many.
    var wanted = count
    reading: while wanted > 0 {
      switch try streamRead(stream, upTo: wanted, once: false) {
      case .bytes(let more):
        bytes += more
        if more.isEmpty { break reading }
      case .failed(let errno):
        if errno == ErrorNumber.eagain.rawValue, !bytes.isEmpty { break reading }
        return try streamFailure(errno)
      }
      while start < bytes.count {
        let end = start + characterLength(ofLead: bytes[start])
        if end > bytes.count {
          wanted = end - bytes.count + missing - 1
          continue reading
        }
        start = end
        missing -= 1
      }
      wanted = missing
    }
    return try string(ofUTF8: bytes)
  }

  /// Returns the board's idea of a character's length, by its first byte; a byte that cannot begin one counts
  /// as five bytes.
  private func characterLength(ofLead byte: UInt8) -> Int {
    switch byte {
    case ..<0x80: 1
    case 0xc0..<0xe0: 2
    case 0xe0..<0xf0: 3
    case 0xf0..<0xf8: 4
    default: 5
    }
  }

  /// `readline(limit)`; None if nothing could be read without waiting.
  package func streamReadLine(_ stream: any NativeStream, limit: Int = -1) throws(Raised) -> Value {
    heap.noteRequest()
    var line: [UInt8] = []
    var byte: [UInt8] = [0]
    reading: while limit < 0 || line.count < limit {
      switch try streamRead(stream, into: &byte, from: 0, upTo: 1) {
      case .done(0): break reading
      case .done:
        try requireMemory(line.count + 1, itemSize: 1)
        line.append(byte[0])
        if byte[0] == UInt8(ascii: "\n") { break reading }
      case .failed(let errno):
        if errno == ErrorNumber.eagain.rawValue, !line.isEmpty { break reading }
        return try streamFailure(errno)
      }
    }
    return try text(line, of: stream)
  }

  private func text(_ bytes: [UInt8], of stream: any NativeStream) throws(Raised) -> Value {
    stream.isText ? try string(ofUTF8: bytes) : heap.bytes(bytes)
  }

  /// None for "would have to wait", else the `OSError`.
  private func streamFailure(_ errno: Int) throws(Raised) -> Value {
    if errno == ErrorNumber.eagain.rawValue { return .none }
    throw osError(errno)
  }

  // MARK: Writing

  /// Writes all bytes, or with `once` as many as one operation takes; the count, or None if it would have to wait.
  package func streamWrite(
    _ stream: any NativeStream, _ bytes: UnsafeRawBufferPointer, once: Bool = false
  ) throws(Raised) -> Value {
    var done = 0
    while done < bytes.count {
      switch try stream.write(UnsafeRawBufferPointer(rebasing: bytes[done...]), self) {
      case .done(0): return Value(smallInt: done)
      case .done(let count):
        done += count
        if once { return Value(smallInt: done) }
      case .failed(let errno):
        if errno == ErrorNumber.eagain.rawValue, done > 0 { return Value(smallInt: done) }
        return try streamFailure(errno)
      }
    }
    return Value(smallInt: done)
  }

  @discardableResult
  package func streamWrite(
    _ stream: any NativeStream, _ bytes: [UInt8], once: Bool = false
  ) throws(Raised) -> Value {
    try bytes.withUnsafeBufferPointer { (buffer) throws(Raised) in
      try streamWrite(stream, UnsafeRawBufferPointer(buffer), once: once)
    }
  }

  /// The part of a buffer that `f(buffer, count)` or `f(buffer, offset, count)` means.
  private func streamRange(_ args: Arguments, _ byteCount: Int) throws(Raised) -> Range<Int> {
    var offset = 0
    var count = byteCount
    if args.count == 3 {
      count = try wideInt(args[2])
    } else if args.count > 3 {
      offset = min(max(0, try wideInt(args[2])), byteCount)
      count = try wideInt(args[3])
    }
    return offset..<offset + min(max(0, count), byteCount - offset)
  }

  // MARK: Methods of a type

  package enum StreamMethod: CaseIterable, Sendable {
    case read, read1, readinto, readinto1, readline, readlines, write, write1
    case seek, tell, flush, close, enter, exit
  }

  /// Gives a type whose objects are streams the methods that firmware calls, and iteration by lines.
  package func defineStreamMethods(_ methods: [StreamMethod], on builder: TypeBuilder) {
    for method in methods {
      switch method {
      case .read, .read1:
        builder.method(method == .read ? "read" : "read1", 0...1) { vm, args throws(Raised) in
          try vm.streamRead(
            try vm.stream(args[0]), args.count > 1 ? try vm.int(args[1]) : -1, once: method == .read1)
        }
      case .readinto, .readinto1:
        builder.method(method == .readinto ? "readinto" : "readinto1", 1...2) { vm, args throws(Raised) in
          try vm.streamReadInto(args, once: method == .readinto1)
        }
      case .readline:
        builder.method("readline", 0...1) { vm, args throws(Raised) in
          try vm.streamReadLine(try vm.stream(args[0]), limit: args.count > 1 ? try vm.int(args[1]) : -1)
        }
      case .readlines:
        builder.method("readlines", 0...0) { vm, args throws(Raised) in try vm.streamReadLines(args[0]) }
      case .write, .write1:
        builder.method(method == .write ? "write" : "write1", 1...3) { vm, args throws(Raised) in
          let bytes = try vm.bytes(args[1])
          let range = try vm.streamRange(args, bytes.count)
          return try vm.streamWrite(try vm.stream(args[0]), Array(bytes[range]), once: method == .write1)
        }
      case .seek:
        builder.method("seek", 1...2) { vm, args throws(Raised) in
          try vm.streamSeek(args[0], try vm.int(args[1]), args.count > 2 ? try vm.int(args[2]) : 0)
        }
      case .tell:
        builder.method("tell", 0...0) { vm, args throws(Raised) in try vm.streamSeek(args[0], 0, 1) }
      case .flush:
        builder.method("flush", 0...0) { vm, args throws(Raised) in
          try vm.streamControl(args[0], StreamRequest.flush)
        }
      case .close:
        builder.method("close", 0...0) { vm, args throws(Raised) in
          try vm.streamControl(args[0], StreamRequest.close)
        }
      case .enter:
        builder.method("__enter__", 0...0) { _, args throws(Raised) in args[0] }
      case .exit:
        builder.method("__exit__", 3...3) { vm, args throws(Raised) in
          try vm.streamControl(args[0], StreamRequest.close)
        }
      }
    }
  }

  /// Makes a stream type iterable by lines.
  package func iterateByLines(_ type: TypeHandle) {
    type.info.iterate = { _, value in value }
    type.info.next = { (vm, value) throws(Raised) in
      let line = try vm.streamReadLine(try vm.stream(value))
      return try vm.isTrue(line) ? line : .unbound
    }
  }

  private func streamReadInto(_ args: Arguments, once: Bool) throws(Raised) -> Value {
    let stream = try stream(args[0])
    let buffer = try buffer(args[1], writable: true)
    let range = try streamRange(args, buffer.byteCount)
    switch try streamRead(stream, upTo: range.count, once: once) {
    case .bytes(let bytes):
      // Looked up anew: while the stream was read, firmware may have run, and the buffer may have grown.
      let room = try self.buffer(args[1], writable: true).mutableBytes[range.lowerBound...]
      UnsafeMutableRawBufferPointer(rebasing: room).copyBytes(from: bytes.prefix(room.count))
      return Value(smallInt: bytes.count)
    case .failed(let errno): return try streamFailure(errno)
    }
  }

  private func streamReadLines(_ value: Value) throws(Raised) -> Value {
    let stream = try stream(value)
    let lines = heap.list()
    let mark = hold(lines.value)
    defer { release(mark) }
    while true {
      try collectInBuiltIn()
      let line = try streamReadLine(stream)
      guard try isTrue(line) else { return lines.value }
      lines.append(line, in: heap)
    }
  }

  private func streamSeek(_ value: Value, _ offset: Int, _ origin: Int) throws(Raised) -> Value {
    if origin == 0, offset < 0 { throw osError(ErrorNumber.einval.rawValue) }
    switch try stream(value).seek(to: offset, from: origin, self) {
    case .done(let position): return heap.int(position)
    case .failed(let errno): throw osError(errno)
    }
  }

  private func streamControl(_ value: Value, _ request: Int) throws(Raised) -> Value {
    if case .failed(let errno) = try stream(value).control(request, 0, self) { throw osError(errno) }
    return .none
  }
}
