/// The objects of whose memory firmware has addresses.
final class BoardMemory: ValueHolding {
  private struct Range {
    var owner: Value
    var start: Int
    var byteCount: Int
  }
  /// In order of their addresses.
  private var ranges: [Range] = []
  /// Index of an object in `ranges`, by its bits.
  private var indices: [UInt64: Int] = [:]
  /// Index of the range of the last address: the next one is likely to be there again.
  private var lastFound = 0
  /// Objects that stay alive, the first one longest.
  private var kept: [(owner: Value, byteCount: Int)] = []

  private static let start = 0x1000_0000
  /// So many bytes stay alive because firmware has asked for their address (`uctypes.struct(uctypes.addressof(bytearray(4)), …)`). On
  /// a board it keeps nothing alive, so that firmware which asks for many must not run out of memory here.
  private static let keptLimit = 4096

  func visitValues(_ visit: (Value) -> Void) { for object in kept { visit(object.owner) } }

  /// Forgets addresses of objects that are about to be freed. Later objects may get them again, as on a
  /// board.
  func forgetOwners(unless isReachable: (Value) -> Bool) {
    ranges.removeAll { !isReachable($0.owner) }
    numberRanges()
  }

  private func numberRanges() {
    indices = [:]
    for (index, range) in ranges.enumerated() { indices[range.owner.bits] = index }
    lastFound = 0
  }

  /// The address of an object's memory; that of a memoryview lies in the memory of what it is a view of.
  ///
  /// - Parameter isKept: whether the object stays alive, as long as it is among the last that were asked for so.
  func address(of owner: Value, byteCount: Int, isKept: Bool = true) -> Int {
    if let view = ArrayHandle(owner), view.pointer.pointee.base.isObject {
      let base = view.pointer.pointee.base
      // Views are of the memory's owner, never of one another.
      let whole = ArrayHandle(base)?.byteCount ?? BytesHandle(base)?.count
      if let whole {
        let offset = view.pointer.pointee.offset * view.itemSize
        return address(of: base, byteCount: whole, isKept: isKept) + offset
      }
    }
    if isKept { keep(owner, byteCount) }
    if let index = indices[owner.bits] {
      let start = ranges[index].start
      if ranges[index].byteCount >= byteCount { return start }
      // Memory that has become larger stays where it is if nothing stands behind it.
      if index + 1 == ranges.count || start + byteCount < ranges[index + 1].start {
        ranges[index].byteCount = byteCount
        return start
      }
      ranges.remove(at: index)
      numberRanges()
    }
    let start = ranges.last.map { $0.start + ($0.byteCount + 31) & ~15 } ?? BoardMemory.start
    indices[owner.bits] = ranges.count
    ranges.append(Range(owner: owner, start: start, byteCount: byteCount))
    return start
  }

  private func keep(_ owner: Value, _ byteCount: Int) {
    if kept.contains(where: { $0.owner == owner }) { return }
    kept.append((owner, byteCount))
    var total = kept.reduce(0) { $0 + $1.byteCount + Heap.boardBlock }
    while total > BoardMemory.keptLimit { total -= kept.removeFirst().byteCount + Heap.boardBlock }
  }

  /// The range that an address lies in or ends, which is the last one that begins before.
  private func index(at address: Int) -> Int? {
    var (low, high) = (0, ranges.count)
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].start <= address { low = middle + 1 } else { high = middle }
    }
    return low > 0 ? low - 1 : nil
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
    if let index = index(at: address), let offset = offset(in: ranges[index]) {
      lastFound = index
      return (ranges[index], offset)
    }
    throw vm.error(
      .valueError,
      "no memory at 0x\(String(address, radix: 16)): only buffers can be accessed, by pointers or addressof()"
    )
  }

  /// The object whose memory an address is in, and where in it.
  func owner(at address: Int) -> (owner: Value, offset: Int)? {
    guard let range = index(at: address).map({ ranges[$0] }), address < range.start + range.byteCount else {
      return nil
    }
    return (range.owner, address - range.start)
  }

  func contains(_ address: Int, count: Int) -> Bool {
    index(at: address).map { address + count <= ranges[$0].start + ranges[$0].byteCount } ?? false
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

  /// A `bytearray` on the memory at an address, which it keeps alive. Like a memoryview it cannot grow. It
  /// can be written regardless of the object there, even if that is a `bytes` object.
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
