/// Memory outside of the heap that firmware reaches through memoryviews and that outlives the interpreter, as a chip's backup memory outlives
/// its resets.
///
/// Invariant: the bytes stay where they are for as long as this object is there, and every memoryview on them keeps it
/// (`Interpreter.memoryview(of:)`).
package final class FixedMemory {
  private let storage: UnsafeMutableBufferPointer<UInt32>

  /// Words of zeros.
  package init(wordCount: Int) {
    storage = .allocate(capacity: wordCount)
    storage.initialize(repeating: 0)
  }

  deinit { storage.deallocate() }

  package var wordCount: Int { storage.count }

  package subscript(word index: Int) -> UInt32 {
    get {
      precondition(storage.indices.contains(index))
      return storage[index]
    }
    set {
      precondition(storage.indices.contains(index))
      storage[index] = newValue
    }
  }

  fileprivate func view(typeCode: UInt8) -> BufferView? {
    storage.baseAddress.map {
      BufferView(
        start: UnsafeMutableRawPointer($0), byteCount: 4 * storage.count, typeCode: typeCode, isWritable: true
      )
    }
  }
}

/// The object that memoryviews on such memory are views of.
private final class FixedBuffer {
  let memory: FixedMemory
  let typeCode: UInt8

  init(_ memory: FixedMemory, typeCode: UInt8) {
    self.memory = memory
    self.typeCode = typeCode
  }
}

extension Interpreter {
  /// A memoryview on memory outside of the heap.
  /// - Parameter isOfWords: whether its items are words instead of bytes.
  package func memoryview(of memory: FixedMemory, isOfWords: Bool) throws(Raised) -> Value {
    let type = heap.type("memory")
    type.info.buffer = { _, value in
      guard let buffer = NativeHandle(value)?.payload as? FixedBuffer else { return nil }
      return buffer.memory.view(typeCode: buffer.typeCode)
    }
    let code = UInt8(ascii: isOfWords ? "I" : "B")
    let whole = RootedValue(
      heap.native(type, FixedBuffer(memory, typeCode: code), boardBytes: 0), in: heap)
    return try call(heap.types.memoryview.value, arguments: [whole.value])
  }
}
