/// Addresses that do not depend on the host, for `id`, default hashes and `<… at 2000…>`: two runs of a firmware
/// must print the same.
extension Heap {
  /// The heap's first address on the board.
  private static let boardBase = 0x2000_4000

  /// The object that has this address, if there is one.
  func object(atBoardAddress address: Int) -> Value? {
    for index in 0..<objectCount {
      let value = Value(bits: UInt64(UInt(bitPattern: objects[index])))
      let isDistant = chunkNumbers[UInt(value.bits) & ~UInt(Heap.chunkSize - 1)] == nil
      // Asking for the address of a large object would give it one.
      if isDistant, distantAddresses[UInt(value.bits)] == nil { continue }
      if boardAddress(of: value) == address { return value }
    }
    return nil
  }

  /// The address that the program sees of a heap object. Stays the same as long as the object lives.
  package func boardAddress(of value: Value) -> Int {
    precondition(value.isObject)
    let address = UInt(value.bits)
    if let chunk = chunkNumbers[address & ~UInt(Heap.chunkSize - 1)] {
      return Heap.boardBase + chunk * Heap.chunkSize + Int(address & UInt(Heap.chunkSize - 1))
    }
    // Types and large objects have memory of their own and are numbered when first asked for.
    if let known = distantAddresses[address] { return known }
    distantCount += 1
    let new = Heap.boardBase + (1 << 24) + distantCount * Heap.boardBlock
    distantAddresses[address] = new
    return new
  }
}
