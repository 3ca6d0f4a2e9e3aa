/// `io.StringIO` and `io.BytesIO`: a stream in memory.
final class MemoryStream: NativeStream {
  let isText: Bool
  /// Nil once closed.
  private(set) var contents: [UInt8]?
  private var position = 0
  /// The object around this stream, which its bytes are charged to. It lives as long as the stream is used.
  var object = Value.unbound

  /// Bytes that the board has reserved for it: so many can be written while the heap is locked.
  private var capacity: Int

  init(_ contents: [UInt8], isText: Bool, capacity: Int = 0) {
    self.contents = contents
    self.isText = isText
    self.capacity = capacity
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
    let (end, overflows) = position.addingReportingOverflow(bytes.count)
    try vm.requireBoardMemory(overflows ? .max : end)
    if end > capacity {
      if !object.isUnbound { vm.heap.resize(object, by: end - capacity) }
      capacity = end
    }
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
      if contents != nil, !object.isUnbound { vm.heap.resize(object, by: -capacity) }
      contents = nil
      return .done(0)
    default: return .failed(.einval)
    }
  }
}
