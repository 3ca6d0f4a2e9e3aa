/// The result of one operation on a stream.
package enum StreamResult: Sendable {
  /// A count of bytes (0 for a read means the end), or the answer to a request.
  case done(Int)
  /// An error number; `EAGAIN` means that it would have to wait.
  case failed(Int)

  package static func failed(_ error: ErrorNumber) -> StreamResult { .failed(error.rawValue) }
}

/// Requests to a stream beyond reading and writing, by the numbers that firmware's own `ioctl` methods see.
package enum StreamRequest {
  package static let flush = 1
  package static let seek = 2
  /// The argument and the answer are made of the `readable`, `writable`, `error` and `hangUp` flags.
  package static let poll = 3
  package static let close = 4
  /// How many bytes the stream likes to be asked for at once.
  package static let bufferSize = 11

  package static let readable = 1
  package static let writable = 4
  package static let error = 8
  package static let hangUp = 16
  /// Answers for a stream that is closed (POLLNVAL).
  package static let closed = 32
}

/// An object that can be read from, written to or asked about as a stream: files, UARTs, `io.StringIO`, and
/// instances of firmware classes derived from `io.IOBase`. `TypeInfo.stream` makes it from a value.
package protocol NativeStream: AnyObject {
  /// Whether reading gives `str` rather than `bytes`.
  var isText: Bool { get }
  func read(into buffer: UnsafeMutableRawBufferPointer, _ vm: Interpreter) throws(Raised) -> StreamResult
  func write(_ bytes: UnsafeRawBufferPointer, _ vm: Interpreter) throws(Raised) -> StreamResult
  func control(_ request: Int, _ argument: Int, _ vm: Interpreter) throws(Raised) -> StreamResult
  /// - Parameter origin: 0 start, 1 current position, 2 end.
  /// - Returns: the new position.
  func seek(to offset: Int, from origin: Int, _ vm: Interpreter) throws(Raised) -> StreamResult
}

extension NativeStream {
  package var isText: Bool { false }
  package func read(into buffer: UnsafeMutableRawBufferPointer, _ vm: Interpreter) throws(Raised)
    -> StreamResult
  {
    throw vm.streamUnsupported()
  }
  package func write(_ bytes: UnsafeRawBufferPointer, _ vm: Interpreter) throws(Raised) -> StreamResult {
    throw vm.streamUnsupported()
  }
  package func control(_ request: Int, _ argument: Int, _ vm: Interpreter) throws(Raised) -> StreamResult {
    .failed(.einval)
  }
  package func seek(to offset: Int, from origin: Int, _ vm: Interpreter) throws(Raised) -> StreamResult {
    .failed(.einval)
  }
}

extension Interpreter {
  /// A value as a stream, or nil if it is none.
  package func streamIfAny(_ value: Value) -> (any NativeStream)? {
    let info = type(of: value).info
    if let make = info.inheritedStream { return make(self, value) }
    return nil
  }

  /// A value as a stream.
  /// - Throws: `OSError` "stream operation not supported".
  package func stream(_ value: Value) throws(Raised) -> any NativeStream {
    guard let stream = streamIfAny(value) else { throw streamUnsupported() }
    return stream
  }

  package func streamUnsupported() -> Raised { error(.osError, "stream operation not supported") }

  /// Makes the objects of a type streams: their payload is the stream.
  package func makeStreams(of type: TypeHandle) {
    type.info.stream = { vm, value in
      if let payload = NativeHandle(vm.native(of: value))?.payload as? any NativeStream { return payload }
      return UnsupportedStream()
    }
  }
}

extension TypeInfo {
  fileprivate var inheritedStream: ((Interpreter, Value) -> any NativeStream)? {
    if let stream { return stream }
    for base in bases {
      if let inherited = base.info.inheritedStream { return inherited }
    }
    return nil
  }
}

/// Stands for an instance whose `__init__` never ran the native base's.
private final class UnsupportedStream: NativeStream {}

/// An instance of a firmware class derived from `io.IOBase`: its `readinto`, `write` and `ioctl` are the stream.
final class FirmwareStream: NativeStream {
  private let object: Value
  init(_ object: Value) { self.object = object }

  func read(into buffer: UnsafeMutableRawBufferPointer, _ vm: Interpreter) throws(Raised) -> StreamResult {
    let room = vm.heap.array(
      typeCode: UInt8(ascii: "B"), itemSize: 1, count: buffer.count, type: vm.heap.types.bytearray)
    let result = try outcome(of: try vm.callMethod(object, "readinto", room.value), limit: buffer.count, vm)
    guard case .done(let count) = result else { return result }
    let view = try vm.buffer(room.value, writable: false)
    buffer.copyBytes(from: view.bytes.prefix(count))
    return .done(count)
  }

  func write(_ bytes: UnsafeRawBufferPointer, _ vm: Interpreter) throws(Raised) -> StreamResult {
    let answer = try vm.callMethod(object, "write", vm.heap.bytearray(bytes))
    return try outcome(of: answer, limit: bytes.count, vm)
  }

  func control(_ request: Int, _ argument: Int, _ vm: Interpreter) throws(Raised) -> StreamResult {
    let answer = try vm.int(
      try vm.callMethod(object, "ioctl", Value(smallInt: request), Value(smallInt: argument)))
    return answer >= 0 ? .done(answer) : .failed(-answer)
  }

  /// Reads the result of `readinto` or `write`: a count, a negative error number, or None for "would have to
  /// wait".
  private func outcome(of answer: Value, limit: Int, _ vm: Interpreter) throws(Raised) -> StreamResult {
    if answer.isNone { return .failed(.eagain) }
    let count = try vm.int(answer)
    if count < 0 { return .failed(-count) }
    return count > limit ? .failed(.eio) : .done(count)
  }
}
