import MicroPython

/// Data that firmware hands to a bus to be sent, or to be filled.
enum TransferData {
  /// One byte given as a number, or a buffer (`pyb_buf_get_for_send`).
  static func toSend(_ value: Value, _ vm: Interpreter) throws -> [UInt8] {
    value.isSmallInt ? [UInt8(truncatingIfNeeded: value.smallInt)] : try vm.bytes(value)
  }

  /// A number of bytes, for a new bytes object, or a buffer to fill (`pyb_buf_get_for_recv`).
  /// - Parameters:
  ///   - tellsCount: whether the answer for a buffer is how many bytes came, else the buffer itself.
  ///   - body: receives so many bytes at most.
  static func receive(
    _ target: Value, _ vm: Interpreter, tellsCount: Bool = false, _ body: (Int) throws -> [UInt8]
  ) throws -> Value {
    if target.isSmallInt {
      return vm.heap.bytes(try body(try checked(target.smallInt, vm)))
    }
    let count = try fill(target, vm, body)
    return tellsCount ? Value(smallInt: count) : target
  }

  /// Fills a buffer.
  /// - Parameter body: receives as many bytes as it is given, or fewer; handlers of the firmware may run meanwhile.
  /// - Returns: how many bytes came.
  @discardableResult
  static func fill(_ target: Value, _ vm: Interpreter, _ body: (Int) throws -> [UInt8]) throws -> Int {
    let bytes = try body(vm.buffer(target, writable: true).byteCount)
    // Handlers that ran meanwhile may have changed the object.
    let view = try vm.buffer(target, writable: true)
    view.mutableBytes.copyBytes(from: bytes.prefix(view.byteCount))
    return bytes.count
  }

  /// A length that fits the board's memory.
  static func checked(_ count: Int, _ vm: Interpreter) throws -> Int {
    guard (0...vm.heap.capacity).contains(count) else {
      throw PythonError(.memoryError, "memory allocation failed, allocating \(count) bytes")
    }
    return count
  }
}
