import Glibc
import MicroPython

/// `micropython.RingIO`: a queue of bytes that an interrupt handler can fill and a task can read.
final class RingStream: NativeStream, ValueHolding {
  /// Its own memory, or nothing when the firmware gave a buffer.
  private var bytes: [UInt8]
  private let buffer: Value
  private let capacity: Int
  private var first = 0
  private(set) var count = 0

  /// - Parameter buffer: the firmware's own memory, one byte larger; unbound for memory of the queue's own.
  init(capacity: Int, buffer: Value = .unbound) {
    self.capacity = capacity
    self.buffer = buffer
    bytes = buffer.isUnbound ? [UInt8](repeating: 0, count: capacity) : []
  }

  func visitValues(_ visit: (Value) -> Void) { visit(buffer) }

  private func withMemory<Result>(
    _ vm: Interpreter, _ body: (UnsafeMutableRawBufferPointer) -> Result
  ) throws(Raised) -> Result {
    guard buffer.isUnbound else {
      let memory = try vm.buffer(buffer, writable: true).mutableBytes
      // Firmware may have cut it off meanwhile.
      guard memory.count >= capacity else { throw vm.error(.valueError, "memory was resized") }
      return body(memory)
    }
    return bytes.withUnsafeMutableBytes(body)
  }

  func read(into target: UnsafeMutableRawBufferPointer, _ vm: Interpreter) throws(Raised) -> StreamResult {
    let taken = min(target.count, count)
    try withMemory(vm) { memory in
      for index in 0..<taken { target[index] = memory[(first + index) % capacity] }
    }
    if taken > 0 { first = (first + taken) % capacity }
    count -= taken
    return .done(taken)
  }

  func write(_ source: UnsafeRawBufferPointer, _ vm: Interpreter) throws(Raised) -> StreamResult {
    let taken = min(source.count, capacity - count)
    try withMemory(vm) { memory in
      for index in 0..<taken { memory[(first + count + index) % capacity] = source[index] }
    }
    count += taken
    return .done(taken)
  }

  func control(_ request: Int, _ argument: Int, _ vm: Interpreter) throws(Raised) -> StreamResult {
    switch request {
    case StreamRequest.poll:
      let ready =
        (count > 0 ? StreamRequest.readable : 0) | (count < capacity ? StreamRequest.writable : 0)
      return .done(argument & ready)
    case StreamRequest.close: return .done(0)
    default: return .failed(Int(EINVAL))
    }
  }

  static func makeType(_ vm: Interpreter) -> TypeHandle {
    let type = vm.heap.type("RingIO")
    type.info.make = { (vm, type, args) throws(Raised) in
      try vm.require(args, 1...1)
      // A buffer given by the firmware has one byte that stays unused, as on the board.
      let buffer = vm.bufferIfAny(args[0], writable: true)
      let ownsMemory = buffer == nil
      let capacity: Int
      if let buffer { capacity = buffer.byteCount - 1 } else { capacity = try vm.int(args[0]) }
      guard (1..<0xffff).contains(capacity) else { throw vm.error(.valueError) }
      return vm.heap.native(
        type, RingStream(capacity: capacity, buffer: ownsMemory ? .unbound : args[0]),
        boardBytes: ownsMemory ? 16 + capacity : 16)
    }
    vm.makeStreams(of: type)
    vm.define(type) { builder in
      vm.defineStreamMethods([.read, .readinto, .readline, .write, .close], on: builder)
      builder.method("any", 0...0) { _, args in
        Value(smallInt: (NativeHandle(args[0])?.payload as? RingStream)?.count ?? 0)
      }
    }
    return type
  }
}
