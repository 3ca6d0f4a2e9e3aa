import Glibc
import Timebase

/// Owns every object of one MicroPython machine.
///
/// Objects are raw structs from an allocator of the heap's own: small ones come from free lists by size, so making
/// one is a pop and a few stores, and nothing is reference-counted. (DESIGN.md proposed Swift classes; they cost
/// four times as much to allocate, see docs/architecture.md.)
///
/// Allocation never fails and never collects, so a built-in may hold values in Swift variables. When the board's
/// memory is used up, or the heap is locked, the heap sets `pending`; the interpreter looks at it after every
/// instruction that can allocate, collects at that safe point, and raises `MemoryError` if it has to.
package final class Heap {
  /// Bytes of a pointer on the board.
  static let boardWord = 4
  /// Bytes of a block of the board's heap; every object takes whole blocks.
  static let boardBlock = 16

  /// Bytes that the board has for its heap.
  package let capacity: Int
  /// Whether floats are rounded to single precision, as on a Pyboard V1.1.
  package let hasSingleFloats: Bool

  /// Counters that every allocation reads and writes.
  private struct Meter {
    var used = 0
    var floatBytes = 0
    var lockDepth = 0
    var limit = 0
  }
  /// Raw, so that the bytecode loop need not check exclusivity. Allocated with the heap and freed with it; only the
  /// thread that has the baton touches it.
  private let meter: UnsafeMutablePointer<Meter>

  /// Board bytes in use, garbage that was not collected yet included.
  @inline(__always) package internal(set) var used: Int {
    get { meter.pointee.used }
    set { meter.pointee.used = newValue }
  }
  /// Whether a coroutine was ever made that somebody may have forgotten to await.
  var hasMadeCoroutines = false
  /// Called for every coroutine that is freed although it never began, while a collection runs: it must not
  /// allocate.
  package let droppedCoroutines = Observers<(GeneratorHandle) -> Void>()
  /// Called at each collection with a test for objects that live on, after marking and before anything is
  /// freed.
  package let collections = Observers<((Value) -> Bool) -> Void>()
  /// `used` right after the last collection.
  package internal(set) var usedAfterCollection = 0
  /// Board bytes of immediate floats made since the last collection; on the board each is an object.
  @inline(__always) var floatBytes: Int {
    get { meter.pointee.floatBytes }
    set { meter.pointee.floatBytes = newValue }
  }
  /// `gc.threshold`: collect after so many bytes were allocated; -1 for only when memory is used up.
  package internal(set) var threshold = -1
  package var isCollectionEnabled = true
  /// Every allocation asks for a collection, and freed memory is overwritten: what is used after it was freed, or kept
  /// where no collector finds it, shows at once. Such a collection takes no board time.
  package var collectsAlways = false {
    didSet { resetLimit() }
  }
  /// `micropython.heap_lock` depth; hard interrupt handlers run with a locked heap.
  @inline(__always) package internal(set) var lockDepth: Int {
    get { meter.pointee.lockDepth }
    set { meter.pointee.lockDepth = newValue }
  }

  /// `micropython.alloc_emergency_exception_buf`: room for exceptions made while the heap is locked.
  package var emergencyBufferSize = 0

  struct Pending: OptionSet {
    var rawValue: UInt8
    /// A collection is due.
    static let collect = Pending(rawValue: 1)
    /// Something was allocated while the heap was locked: MemoryError.
    static let allocatedWhileLocked = Pending(rawValue: 2)
    /// More was asked for than the board can have: MemoryError.
    static let exhausted = Pending(rawValue: 4)
    /// A collection is due for the host's sake, which takes no time of the board's; see `HostBound.swift`.
    static let hostCollect = Pending(rawValue: 8)
    /// Reasons for a collection.
    static let anyCollect: Pending = [.collect, .exhausted, .hostCollect]
  }
  var pending: Pending = [] {
    didSet { if !pending.isEmpty { onPending?() } }
  }
  /// Makes the interpreter look at `pending`.
  var onPending: (() -> Void)?
  /// Objects that were made since the last collection and count nothing on the board.
  var uncounted = 0
  /// Bytes that classes and code hold beyond eight times what they count on the board.
  var excess = 0
  /// The largest allocation since memory was used up: named in the text of a MemoryError.
  var failedSize = 0

  /// Counts changes of classes; cached class attributes carry the count they were found at.
  var typeVersion: UInt32 = 0
  /// Hashes keys when a table grows; set by the interpreter because firmware classes may define `__hash__`.
  var hasher: (Value) -> Int = { _ in 0 }

  /// Every object, in order of allocation since the last sweep.
  var objects: UnsafeMutablePointer<UnsafeMutablePointer<ObjectHeader>>
  package internal(set) var objectCount = 0
  /// Built-in types, which are freed with the heap.
  var nativeTypes: [UnsafeMutablePointer<TypeObject>] = []
  var objectCapacity: Int
  private var freeLists: UnsafeMutablePointer<UnsafeMutableRawPointer?>
  private var chunks = ChunkSupply()
  static let chunkSize = ChunkSupply.chunkSize
  /// Index of each chunk by its address.
  var chunkNumbers: [UInt: Int] = [:]
  /// Addresses given to objects outside chunks.
  var distantAddresses: [UInt: Int] = [:]
  var distantCount = 0
  /// Interned strings by contents.
  var interned = InternTable()
  /// Those of one ASCII character, as far as they have been interned.
  let characters: UnsafeMutablePointer<Value>
  /// Whose code new names are interned for.
  var nameOrigin = NameOrigin.builtIn
  /// Bytes of names that are not charged to the board's heap yet.
  var unchargedNameBytes = 0
  /// How many strings are interned.
  package var internedCount: Int { interned.count }
  /// Values that Swift code holds, see `RootedValue`.
  let roots = RootTable()
  /// Values that live as long as the heap.
  var permanentRoots: [Value] = []
  package let types: CoreTypes
  let specialFloats: SpecialFloats
  private(set) var emptyTuple = Value.unbound

  /// See `scratch`.
  var wordScratch = UnsafeMutableBufferPointer<UInt>.allocate(capacity: 64)

  /// Items of lists and tables of dicts and sets.
  let storage = StoragePool()

  private static let granule = 16
  private static let largestSmallSize = 512

  package init(capacity: Int, hasSingleFloats: Bool) {
    self.capacity = capacity
    self.hasSingleFloats = hasSingleFloats
    meter = .allocate(capacity: 1)
    meter.initialize(to: Meter())
    objectCapacity = 4096
    objects = .allocate(capacity: 4096)
    freeLists = .allocate(capacity: Heap.largestSmallSize / Heap.granule + 1)
    freeLists.initialize(repeating: nil, count: Heap.largestSmallSize / Heap.granule + 1)
    characters = .allocate(capacity: 128)
    characters.initialize(repeating: .unbound, count: 128)
    types = CoreTypes()
    specialFloats = SpecialFloats()
    limit = capacity
    makeCoreTypes()
    specialFloats.make(in: self)
    emptyTuple = tuple(count: 0).value
    permanentRoots.append(emptyTuple)
  }

  /// Board bytes that may be in use at most: garbage piles up while Swift code holds values that the collector does not
  /// know. An object takes up to five times its size on the board of the host's memory, which must not hold more than
  /// 64 MiB and eight times the board's heap (docs/security.md).
  package var ceiling: Int { capacity + max(capacity / 2, 4 << 20) }

  /// Bytes that are free on the board.
  package var free: Int { max(0, capacity - used - floatBytes) }

  /// Stops counting what exists now: on the board it is in flash.
  package func leaveOutWhatExists() {
    for index in 0..<objectCount { objects[index].pointee.boardBytes = 0 }
    used = 0
    floatBytes = 0
    usedAfterCollection = 0
    nameOrigin = .firmware
  }

  // MARK: Raw memory

  /// Memory for an object of `size` host bytes that takes `boardBytes` on the board, `itemBytes` of them in an
  /// allocation of their own. The caller initialises the rest of the object before it makes another one.
  @inline(__always) func allocate(
    _ size: Int, kind: ObjectKind, type: UnsafeMutablePointer<TypeObject>, boardBytes: Int,
    itemBytes: Int? = nil
  ) -> UnsafeMutableRawPointer {
    let rounded = (size &+ Heap.granule &- 1) & ~(Heap.granule &- 1)
    let raw: UnsafeMutableRawPointer
    if rounded <= Heap.largestSmallSize {
      let list = freeLists + rounded / Heap.granule
      if let first = list.pointee {
        // Invariant: a free cell's first word is the address of the next free cell of its size.
        list.pointee = first.load(as: UnsafeMutableRawPointer?.self)
        raw = first
      } else {
        raw = refill(rounded)
      }
    } else {
      raw = UnsafeMutableRawPointer.allocate(byteCount: rounded, alignment: Heap.granule)
    }
    let header = raw.assumingMemoryBound(to: ObjectHeader.self)
    let blocks = (boardBytes &+ Heap.boardBlock &- 1) & ~(Heap.boardBlock &- 1)
    header.initialize(
      to: ObjectHeader(kind: kind, boardBytes: UInt32(truncatingIfNeeded: blocks), type: type))
    if objectCount == objectCapacity { growObjectTable() }
    objects[objectCount] = header
    objectCount &+= 1
    // Objects that take no memory on the board are in its flash, and can be made in an interrupt handler too.
    if blocks != 0 { account(blocks, request: itemBytes ?? boardBytes) }
    if boardBytes > Heap.bulkSize { reportBulk(boardBytes) }
    return raw
  }

  /// Charges `bytes` to the board's heap, for a request of so many bytes.
  @inline(__always) private func account(_ bytes: Int, request: Int) {
    used &+= bytes
    if used &+ floatBytes > limit || lockDepth != 0 { overLimit(bytes, request: request) }
  }

  /// Charges `bytes` to the board's heap.
  @inline(__always) func account(_ bytes: Int) { account(bytes, request: bytes) }

  /// Charges a float that needs no object here but one on the board.
  @inline(__always) func accountFloat() {
    floatBytes &+= Heap.boardBlock
    if used &+ floatBytes > limit || lockDepth != 0 { overLimit(Heap.boardBlock, request: Heap.boardBlock) }
  }

  /// Charges a slice that needs no object here but one on the board.
  @inline(__always) func accountSlice() { accountFloat() }

  /// Takes note of memory that the board asks for and gives back at once, which fails while the heap is locked: text under
  /// construction, a list that shrinks.
  @inline(__always) func noteRequest() {
    if lockDepth != 0 { pending.insert(.allocatedWhileLocked) }
  }

  /// Bytes above which making, copying or comparing something takes board time by its size.
  static let bulkSize = 4096
  /// Called with the bytes of each allocation above `bulkSize`.
  var onBulk: ((Int) -> Void)?

  @inline(never) private func reportBulk(_ bytes: Int) { onBulk?(bytes) }

  /// Use of memory at which the next check is due; see `overLimit`.
  @inline(__always) var limit: Int {
    get { meter.pointee.limit }
    set { meter.pointee.limit = newValue }
  }

  /// Sets the limit after a collection, or when what it depends on has changed.
  func resetLimit() {
    if collectsAlways {
      limit = -1
    } else {
      limit = threshold < 0 ? capacity : min(capacity, usedAfterCollection + threshold)
    }
  }

  @inline(never) private func overLimit(_ bytes: Int, request: Int) {
    if lockDepth != 0 {
      pending.insert(.allocatedWhileLocked)
    } else if collectsAlways, isCollectionEnabled, used + floatBytes <= capacity {
      pending.insert(.collect)
    } else if isCollectionEnabled {
      failedSize = max(failedSize, request)
      // Everything made since the last collection may be garbage; only more than that is hopeless.
      if usedAfterCollection + bytes > capacity { pending.insert(.exhausted) }
      pending.insert(.collect)
    } else if used + floatBytes > capacity {
      failedSize = max(failedSize, request)
      pending.insert(.exhausted)
    }
  }

  /// Changes what an object counts for on the board.
  func resize(_ value: Value, by delta: Int) {
    let header = value.header
    let old = Int(header.pointee.boardBytes)
    let new = max(0, old + delta)
    header.pointee.boardBytes = UInt32(truncatingIfNeeded: new)
    if delta > 0 { account(delta) } else { used += new - old }
    // An object that grows is copied.
    if delta > 0 && new > Heap.bulkSize { reportBulk(new) }
  }

  @inline(never) private func refill(_ size: Int) -> UnsafeMutableRawPointer {
    // Aligned to its size, so that an object's chunk follows from its address (see `boardAddress`).
    let chunk = chunks.chunk()
    chunkNumbers[UInt(bitPattern: chunk)] = chunkNumbers.count
    let list = freeLists + size / Heap.granule
    var offset = (Heap.chunkSize / size - 1) * size
    while offset > 0 {
      let cell = chunk + offset
      cell.storeBytes(of: list.pointee, as: UnsafeMutableRawPointer?.self)
      list.pointee = cell
      offset -= size
    }
    return chunk
  }

  @inline(never) private func growObjectTable() {
    let capacity = objectCapacity * 2
    let table = HostMemory.allocate(
      capacity * MemoryLayout<UnsafeMutablePointer<ObjectHeader>>.stride, alignment: 16
    ).bindMemory(to: UnsafeMutablePointer<ObjectHeader>.self, capacity: capacity)
    table.moveInitialize(from: objects, count: objectCount)
    objects.deallocate()
    objects = table
    objectCapacity = capacity
  }

  /// Gives an object's own memory back. Out-of-line storage was released before.
  @inline(__always) func release(_ raw: UnsafeMutableRawPointer, size: Int) {
    let rounded = (size &+ Heap.granule &- 1) & ~(Heap.granule &- 1)
    if collectsAlways { memset(raw, 0xa5, rounded) }
    if rounded <= Heap.largestSmallSize {
      let list = freeLists + rounded / Heap.granule
      raw.storeBytes(of: list.pointee, as: UnsafeMutableRawPointer?.self)
      list.pointee = raw
    } else {
      if !distantAddresses.isEmpty { distantAddresses[UInt(bitPattern: raw)] = nil }
      raw.deallocate()
    }
  }

  // MARK: Locking

  /// `micropython.heap_lock` and the entry of a hard interrupt handler.
  package func lock() { lockDepth += 1 }
  /// Returns whether an allocation while the heap was locked has not been reported yet, and marks it as
  /// reported.
  package func takeLockedAllocation() -> Bool { pending.remove(.allocatedWhileLocked) != nil }
  package func noteLockedAllocation() { pending.insert(.allocatedWhileLocked) }

  @discardableResult package func unlock() -> Int {
    lockDepth = max(0, lockDepth - 1)
    return lockDepth
  }

  func hashOfStoredKey(_ key: Value) -> Int {
    if key.isSmallInt { return IntegerArithmetic.hash(.small(key.smallInt)) }
    return key.isKind(.string) ? StringHandle(unchecked: key).hash : hasher(key)
  }

  /// Lets go of everything that objects hold, at the end of the heap's life: no value may be used any more.
  func releaseObjects() {
    // Types last, because their instances need the shapes; noted now, because a freed header has no kind any more.
    var types: [UnsafeMutablePointer<ObjectHeader>] = []
    for index in 0..<objectCount {
      let header = objects[index]
      if header.pointee.kind == .type { types.append(header) } else { finalize(header) }
    }
    objectCount = 0
    for header in types { finalize(header) }
  }

  /// Lets go of what built-in types do, at the end of the heap's life.
  func releaseSlots() {
    for type in nativeTypes { type.pointee.info.takeUnretainedValue().clearSlots() }
  }

  deinit {
    releaseObjects()
    for type in nativeTypes {
      type.pointee.info.release()
      type.deallocate()
    }
    chunks.deallocate()
    objects.deallocate()
    freeLists.deallocate()
    storage.deallocate()
    wordScratch.deallocate()
    characters.deallocate()
    meter.deallocate()
  }
}
