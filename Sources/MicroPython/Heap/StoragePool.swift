/// Memory that objects keep outside of themselves: items of lists, tables of dicts and sets.
///
/// Small pieces come from free lists by size, as objects do, because firmware makes and drops them all the time. They
/// have chunks of their own, so that addresses of objects do not depend on them.
///
/// Invariant: pieces are given back with the count that they were made for, and hold trivial values only.
struct StoragePool {
  private static let granule = 16
  private static let largestSize = 512

  /// By size in granules; a free piece's first word is the address of the next one.
  private let freeLists: UnsafeMutablePointer<UnsafeMutableRawPointer?>
  private let chunks: UnsafeMutablePointer<ChunkSupply>

  init() {
    freeLists = .allocate(capacity: StoragePool.largestSize / StoragePool.granule + 1)
    freeLists.initialize(repeating: nil, count: StoragePool.largestSize / StoragePool.granule + 1)
    chunks = .allocate(capacity: 1)
    chunks.initialize(to: ChunkSupply())
  }

  /// Frees the pool and all small pieces.
  func deallocate() {
    chunks.pointee.deallocate()
    chunks.deinitialize(count: 1)
    chunks.deallocate()
    freeLists.deallocate()
  }

  /// Room for at least one item, not initialised.
  @inline(__always) func allocate<Item>(_ count: Int) -> UnsafeMutablePointer<Item> {
    let size = StoragePool.size(Item.self, count)
    guard size <= StoragePool.largestSize else { return .allocate(capacity: count) }
    let list = freeLists + size / StoragePool.granule
    guard let first = list.pointee else { return refill(size).assumingMemoryBound(to: Item.self) }
    list.pointee = first.load(as: UnsafeMutableRawPointer?.self)
    return first.assumingMemoryBound(to: Item.self)
  }

  /// Gives back what `allocate` gave for `count` items.
  @inline(__always) func deallocate<Item>(_ items: UnsafeMutablePointer<Item>, _ count: Int) {
    let size = StoragePool.size(Item.self, count)
    guard size <= StoragePool.largestSize else { return items.deallocate() }
    let list = freeLists + size / StoragePool.granule
    UnsafeMutableRawPointer(items).storeBytes(of: list.pointee, as: UnsafeMutableRawPointer?.self)
    list.pointee = UnsafeMutableRawPointer(items)
  }

  @inline(__always) private static func size<Item>(_: Item.Type, _ count: Int) -> Int {
    (max(count, 1) &* MemoryLayout<Item>.stride &+ granule &- 1) & ~(granule &- 1)
  }

  @inline(never) private func refill(_ size: Int) -> UnsafeMutableRawPointer {
    let chunk = chunks.pointee.chunk()
    let list = freeLists + size / StoragePool.granule
    // From the end, so that pieces are handed out in order of their addresses.
    var offset = (ChunkSupply.chunkSize / size - 1) * size
    while offset > 0 {
      let piece = chunk + offset
      piece.storeBytes(of: list.pointee, as: UnsafeMutableRawPointer?.self)
      list.pointee = piece
      offset -= size
    }
    return chunk
  }
}
