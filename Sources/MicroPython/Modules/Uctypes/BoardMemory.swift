/// Which objects' memory firmware has addresses of.
final class BoardMemory: ValueHolding {
  private struct Range {
    var owner: Value
    var start: Int
    var byteCount: Int
    /// Whether the address keeps the object alive.
    var isKept: Bool
  }
  /// In order of their addresses.
  private var ranges: [Range] = []
  /// Where the last address was found: it is likely to be there again.
  private var lastFound = 0
  private var nextStart = 0x1000_0000

  /// Objects stay alive while they are among the last so many.
  private static let rangeLimit = 256

  func visitValues(_ visit: (Value) -> Void) { for range in ranges where range.isKept { visit(range.owner) } }

  /// Forgets addresses of objects that are about to be freed.
  func forgetOwners(unless isReachable: (Value) -> Bool) { ranges.removeAll { !isReachable($0.owner) } }

  /// The address of an object's memory.
  ///
  /// - Parameter isKept: whether the object stays alive as long as its address is known.
  func address(of owner: Value, byteCount: Int, isKept: Bool = true) -> Int {
    if let index = ranges.lastIndex(where: { $0.owner == owner && $0.byteCount == byteCount }) {
      if isKept { ranges[index].isKept = true }
      return ranges[index].start
    }
    if ranges.count == BoardMemory.rangeLimit { ranges.removeFirst() }
    let start = nextStart
    nextStart += (byteCount + 31) & ~15
    ranges.append(Range(owner: owner, start: start, byteCount: byteCount, isKept: isKept))
    return start
  }

  /// The memory that holds `count` bytes at an address, of which 32 bits count, and where in it they are.
  private func find(_ address: Int, count: Int, _ vm: Interpreter) throws(Raised) -> (
    range: Range, offset: Int
  ) {
    let address = Int(UInt32(truncatingIfNeeded: address))
    func offset(in range: Range) -> Int? {
      let offset = address - range.start
      let isInside =
        offset >= 0 && count >= 0 && offset <= range.byteCount && count <= range.byteCount - offset
      return isInside ? offset : nil
    }
    if lastFound < ranges.count, let offset = offset(in: ranges[lastFound]) {
      return (ranges[lastFound], offset)
    }
    for (index, range) in ranges.enumerated().reversed() {
      if let offset = offset(in: range) {
        lastFound = index
        return (range, offset)
      }
    }
    throw vm.error(
      .valueError,
      "no memory at 0x\(String(address, radix: 16)): only buffers can be accessed, by pointers or addressof()"
    )
  }

  /// The object whose memory an address is in, and where in it.
  func owner(at address: Int) -> (owner: Value, offset: Int)? {
    guard let range = ranges.last(where: { address >= $0.start && address < $0.start + $0.byteCount }) else {
      return nil
    }
    return (range.owner, address - range.start)
  }

  func contains(_ address: Int, count: Int) -> Bool {
    ranges.contains { address >= $0.start && address + count <= $0.start + $0.byteCount }
  }

  /// The `count` bytes at an address.
  func place(
    at address: Int, count: Int, writable: Bool = false, _ vm: Interpreter
  ) throws(Raised) -> UnsafeMutableRawBufferPointer {
    let (range, offset) = try find(address, count: count, vm)
    let view = try vm.buffer(range.owner, writable: writable)
    guard view.byteCount >= offset + count else { throw vm.error(.valueError, "memory was resized") }
    return UnsafeMutableRawBufferPointer(rebasing: view.mutableBytes[offset..<offset + count])
  }

  /// The text from an address to a zero or the end of the memory there.
  func text(at address: Int, _ vm: Interpreter) throws(Raised) -> [UInt8] {
    let (range, offset) = try find(address, count: 0, vm)
    let owner = vm.native(of: range.owner)
    if let string = StringHandle(owner) { return string.bytes.dropFirst(offset).prefix { $0 != 0 } }
    return try vm.buffer(owner).bytes.dropFirst(offset).prefix { $0 != 0 }
  }

  /// A `bytearray` on the memory at an address, which it keeps alive. Like a memoryview it cannot grow.
  func bytearray(at address: Int, count: Int, _ vm: Interpreter) throws(Raised) -> Value {
    let (range, offset) = try find(address, count: count, vm)
    let view = try vm.buffer(range.owner, writable: false)
    let array = vm.heap.array(
      typeCode: UInt8(ascii: "B"), itemSize: 1, count: 0, type: vm.heap.types.bytearray)
    array.pointer.pointee.items.deallocate()
    array.pointer.pointee.items = view.start
    array.pointer.pointee.base = range.owner
    array.pointer.pointee.offset = offset
    if let owner = ArrayHandle(range.owner), owner.isMemoryview {
      array.pointer.pointee.items = owner.pointer.pointee.items
      array.pointer.pointee.base = owner.pointer.pointee.base
      array.pointer.pointee.offset += owner.pointer.pointee.offset * owner.itemSize
    }
    array.pointer.pointee.count = count
    array.pointer.pointee.capacity = count
    array.pointer.pointee.isReadOnly = !view.isWritable
    return array.value
  }
}

extension Interpreter {
  /// The bytes of a buffer to which `uctypes.addressof` gave this address; nil where there is none.
  package func memory(
    at address: Int, count: Int, isWritable: Bool
  ) throws(Raised) -> UnsafeMutableRawBufferPointer? {
    guard memory.contains(address, count: count) else { return nil }
    return try memory.place(at: address, count: count, writable: isWritable, self)
  }
}
