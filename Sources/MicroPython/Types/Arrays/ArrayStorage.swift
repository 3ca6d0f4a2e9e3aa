/// Memory of `bytearray`, `array.array` and `memoryview`.
///
/// Invariants: an array's storage never shrinks, and a memoryview finds its base's storage anew at each access. So a view
/// stays within memory that exists, whatever happens to the array underneath.
extension ArrayHandle {
  var isBytearray: Bool { type.name == "bytearray" }
  package var isMemoryview: Bool { !pointer.pointee.base.isUnbound }
  var byteCount: Int { count * itemSize }
  /// Whether the items are values (type code `O`). Their memory is not exposed as bytes.
  var holdsValues: Bool { typeCode == UInt8(ascii: "O") }
  var isWritable: Bool { !pointer.pointee.isReadOnly }

  private var start: UnsafeMutableRawPointer {
    if isMemoryview, let base = ArrayHandle(pointer.pointee.base) {
      return base.pointer.pointee.items + pointer.pointee.offset * itemSize
    }
    // Own storage, or that of an immutable or native object, which does not move.
    return pointer.pointee.items + (isMemoryview ? pointer.pointee.offset * itemSize : 0)
  }

  /// The bytes, or nil when they are values, or are to be written and must not be.
  func view(isWritable wantsWriting: Bool) -> BufferView? {
    if wantsWriting && !isWritable || holdsValues { return nil }
    return BufferView(start: start, byteCount: byteCount, typeCode: typeCode, isWritable: isWritable)
  }

  /// The bytes for reading.
  var bytes: UnsafeBufferPointer<UInt8> {
    UnsafeRawBufferPointer(start: start, count: byteCount).bindMemory(to: UInt8.self)
  }

  /// The items of an array that holds values.
  var values: UnsafeBufferPointer<Value> {
    UnsafeRawBufferPointer(start: start, count: byteCount).bindMemory(to: Value.self)
  }

  /// A copy of some items' bytes.
  func copy(of items: Range<Int>) -> [UInt8] {
    Array(bytes[(items.lowerBound * itemSize)..<(items.upperBound * itemSize)])
  }

  /// Replaces items by others of the same size, given as bytes. A memoryview's length cannot change.
  func replace(_ range: Range<Int>, with newBytes: [UInt8], in heap: Heap) {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= count && newBytes.count.isMultiple(of: itemSize))
    let growth = newBytes.count / itemSize - range.count
    precondition(growth == 0 || !isMemoryview)
    if growth > 0 { reserve(count + growth, in: heap) }
    let start = start
    let tail = start + range.upperBound * itemSize
    (tail + growth * itemSize).copyMemory(from: tail, byteCount: (count - range.upperBound) * itemSize)
    newBytes.withUnsafeBytes { source in
      if let address = source.baseAddress {
        (start + range.lowerBound * itemSize).copyMemory(from: address, byteCount: source.count)
      }
    }
    pointer.pointee.count += growth
  }

  /// Makes room for `minimum` items in all, a few more than asked for.
  func reserve(_ minimum: Int, in heap: Heap) {
    let old = pointer.pointee.capacity
    guard minimum > old else { return }
    precondition(!isMemoryview)
    let capacity = max(minimum, count + 8)
    if capacity * itemSize > pointer.pointee.room {
      let room = max(capacity * itemSize, pointer.pointee.room * 3 / 2)
      let storage = UnsafeMutableRawPointer.allocate(byteCount: room, alignment: 8)
      storage.initializeMemory(as: UInt8.self, repeating: 0, count: room)
      storage.copyMemory(from: pointer.pointee.items, byteCount: byteCount)
      pointer.pointee.items.deallocate()
      pointer.pointee.items = storage
      pointer.pointee.room = room
    }
    pointer.pointee.capacity = capacity
    heap.resize(value, by: (capacity - old) * itemSize)
  }

  // MARK: Items

  /// The item at `index`, which is in range.
  func item(at index: Int, in heap: Heap) -> Value {
    precondition(index >= 0 && index < count)
    let address = start + index * itemSize
    func load<T: FixedWidthInteger>(_: T.Type) -> Value { heap.int(Int(address.loadUnaligned(as: T.self))) }
    switch Unicode.Scalar(typeCode) {
    case "O": return address.loadUnaligned(as: Value.self)
    case "b": return load(Int8.self)
    case "h": return load(Int16.self)
    case "H": return load(UInt16.self)
    case "i", "l", "P", "S": return load(Int32.self)
    case "I", "L": return load(UInt32.self)
    case "q": return load(Int64.self)
    case "Q": return heap.int(unsigned: address.loadUnaligned(as: UInt64.self))
    case "f": return heap.float(Double(address.loadUnaligned(as: Float.self)))
    case "d": return heap.float(address.loadUnaligned(as: Double.self))
    default: return load(UInt8.self)
    }
  }

  /// Stores an item. Integers are cut down to the item's size, as on a board.
  func setItem(at index: Int, to value: Value, _ vm: Interpreter) throws(Raised) {
    precondition(index >= 0 && index < count)
    switch Unicode.Scalar(typeCode) {
    case "f":
      let float = Float(try vm.double(value))
      (start + index * itemSize).storeBytes(of: float, as: Float.self)
    case "d":
      let double = try vm.double(value)
      (start + index * itemSize).storeBytes(of: double, as: Double.self)
    case "O": (start + index * itemSize).storeBytes(of: value, as: Value.self)
    default:
      let bits = UInt64(truncatingIfNeeded: try ArrayElement.lowBits(vm, value))
      let address = start + index * itemSize
      switch itemSize {
      case 1: address.storeBytes(of: UInt8(truncatingIfNeeded: bits), as: UInt8.self)
      case 2: address.storeBytes(of: UInt16(truncatingIfNeeded: bits), as: UInt16.self)
      case 4: address.storeBytes(of: UInt32(truncatingIfNeeded: bits), as: UInt32.self)
      default: address.storeBytes(of: bits, as: UInt64.self)
      }
    }
  }
}

extension Heap {
  func int(unsigned integer: UInt64) -> Value {
    Int(exactly: integer).map { int($0) } ?? int(BigInt(integer))
  }
}
