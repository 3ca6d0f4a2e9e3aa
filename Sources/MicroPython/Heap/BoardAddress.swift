/// Addresses that do not depend on the host, for `id`, default hashes and `<… at 2000…>`: two runs of a firmware
/// must print the same.
extension Heap {
  /// Where the heap begins on the board.
  private static let boardBase = 0x2000_4000

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
