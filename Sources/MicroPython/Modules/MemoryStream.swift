/// `io.StringIO` and `io.BytesIO`: a stream in memory.
final class MemoryStream: NativeStream {
  let isText: Bool
  /// Nil once closed.
  private(set) var contents: [UInt8]?
  private var position = 0

  init(_ contents: [UInt8], isText: Bool) {
    self.contents = contents
    self.isText = isText
  }

  func openContents(_ vm: Interpreter) throws(Raised) -> [UInt8] {
    guard let contents else { throw vm.error(.valueError, "I/O operation on closed file") }
    return contents
  }

  func read(into buffer: UnsafeMutableRawBufferPointer, _ vm: Interpreter) throws(Raised) -> StreamResult {
    let contents = try openContents(vm)
    guard position < contents.count else { return .done(0) }
    let count = min(buffer.count, contents.count - position)
    buffer.copyBytes(from: contents[position..<position + count])
    position += count
    return .done(count)
  }

  func write(_ bytes: UnsafeRawBufferPointer, _ vm: Interpreter) throws(Raised) -> StreamResult {
    var length = try openContents(vm).count
    try vm.requireBoardMemory(position)
    if position > length {
      contents?.append(contentsOf: repeatElement(0, count: position - length))
      length = position
    }
    contents?.replaceSubrange(position..<min(position + bytes.count, length), with: bytes)
    position += bytes.count
    return .done(bytes.count)
  }

  func seek(to offset: Int, from origin: Int, _ vm: Interpreter) throws(Raised) -> StreamResult {
    let base = origin == 1 ? position : origin == 2 ? try openContents(vm).count : 0
    let (sum, overflows) = base.addingReportingOverflow(offset)
    if overflows { return .failed(.einval) }
    position = max(0, sum)
    return .done(position)
  }

  func control(_ request: Int, _ argument: Int, _ vm: Interpreter) throws(Raised) -> StreamResult {
    switch request {
    case StreamRequest.flush: return .done(0)
    case StreamRequest.close:
      contents = nil
      return .done(0)
    default: return .failed(.einval)
    }
  }
}

/// `io`; the port adds `open`.
extension Interpreter {
  func addStreamModule() {
    addModule("io") { [unowned self] module in
      module.attribute("IOBase", makeStreamBase().value)
      module.attribute("StringIO", makeMemoryStreamType("StringIO", isText: true).value)
      module.attribute("BytesIO", makeMemoryStreamType("BytesIO", isText: false).value)
      let open = builtins.get(interned: heap.intern("open"))
      if !open.isUnbound { module.attribute("open", open) }
    }
  }

  /// `io.IOBase` itself does nothing; classes derived from it become streams through their own methods.
  private func makeStreamBase() -> TypeHandle {
    let type = heap.type("IOBase")
    type.info.make = { vm, type, _ in vm.heap.native(type, StreamBase()) }
    type.info.stream = { _, value in FirmwareStream(value) }
    return type
  }

  private func makeMemoryStreamType(_ name: String, isText: Bool) -> TypeHandle {
    let type = heap.type(name)
    type.info.make = { (vm, type, args) throws(Raised) in
      try vm.require(args, 0...1)
      var contents: [UInt8] = []
      // An integer reserves room, which costs nothing here.
      if args.count > 0, !args[0].isSmallInt { contents = try vm.bytes(args[0]) }
      let stream = MemoryStream(contents, isText: isText)
      return vm.heap.native(type, stream, boardBytes: 16 + max(16, contents.count))
    }
    type.info.print = { vm, value, _, output in
      output.write("<io.\(name) 0x\(String(vm.heap.boardAddress(of: value), radix: 16))>")
    }
    makeStreams(of: type)
    iterateByLines(type)
    define(type) { builder in
      defineStreamMethods(
        [.read, .readinto, .readline, .write, .seek, .tell, .flush, .close, .enter, .exit], on: builder)
      builder.method("getvalue", 0...0) { vm, args throws(Raised) in
        guard let stream = NativeHandle(args[0])?.payload as? MemoryStream else {
          throw vm.streamUnsupported()
        }
        let contents = try stream.openContents(vm)
        return isText ? vm.heap.string(contents) : vm.heap.bytes(contents)
      }
    }
    return type
  }
}

/// The empty native part of an instance of a class derived from `io.IOBase`.
private final class StreamBase {}
