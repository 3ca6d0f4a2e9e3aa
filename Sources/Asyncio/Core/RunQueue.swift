/// Tasks in order of due time, then of arrival.
///
/// Tasks that are due when they come (most of them) go into a ring, the rest into a binary heap; taking the
/// first merges the two. Both are raw memory that grows and never shrinks: a switch allocates nothing.
struct RunQueue {
  private struct Entry {
    var due: Int64
    var sequence: UInt64
    var node: NodePointer

    @inline(__always) static func < (left: Entry, right: Entry) -> Bool {
      left.due != right.due ? left.due < right.due : left.sequence < right.sequence
    }
  }

  /// Ring positions run on without wrapping; `& ringMask` finds the entry. Entries are in order because
  /// `insert` puts only those here that are not before the last one.
  private var ring: UnsafeMutablePointer<Entry>
  private var ringMask: Int
  private var head = 0
  private var tail = 0
  private var heap: UnsafeMutablePointer<Entry>
  private var heapCapacity: Int
  private var heapCount = 0
  private var nextSequence: UInt64 = 0

  init() {
    ringMask = 63
    ring = .allocate(capacity: 64)
    heapCapacity = 64
    heap = .allocate(capacity: 64)
  }

  /// Entries are trivial and the nodes belong to their tasks, so there is nothing else to free.
  func deallocate() {
    ring.deallocate()
    heap.deallocate()
  }

  @inline(__always) var count: Int { tail &- head &+ heapCount }
  var isEmpty: Bool { head == tail && heapCount == 0 }
  /// Whether there is a task that was due when it came.
  var hasReady: Bool { head != tail }

  /// When the first task is due, in milliseconds.
  var firstDue: Int64? {
    switch (head != tail, heapCount > 0) {
    case (true, true): min(ring[head & ringMask].due, heap[0].due)
    case (true, false): ring[head & ringMask].due
    case (false, true): heap[0].due
    case (false, false): nil
    }
  }

  /// Calls `body` with every task that is due by `now`.
  func forEachDue(by now: Int64, _ body: (NodePointer) -> Void) {
    for position in head..<tail where ring[position & ringMask].due <= now {
      body(ring[position & ringMask].node)
    }
    for position in 0..<heapCount where heap[position].due <= now { body(heap[position].node) }
  }

  /// `node` must not be in any queue.
  @inline(__always) mutating func insert(_ node: NodePointer, due: Int64, now: Int64) {
    nextSequence &+= 1
    node.pointee.due = due
    let entry = Entry(due: due, sequence: nextSequence, node: node)
    if due <= now && (head == tail || ring[(tail &- 1) & ringMask].due <= due) {
      if tail &- head > ringMask { growRing() }
      node.pointee.place = .ready
      ring[tail & ringMask] = entry
      tail &+= 1
    } else {
      insertInHeap(entry)
    }
  }

  /// The first task, if it was due when it came.
  @inline(__always) var firstReady: NodePointer? {
    guard head != tail else { return nil }
    let entry = ring[head & ringMask]
    return heapCount == 0 || entry < heap[0] ? entry.node : nil
  }

  /// The first task, if it was not due when it came but is `now`. To be asked for when there is no `firstReady`.
  func firstTimed(dueBy now: Int64) -> NodePointer? {
    guard heapCount > 0, heap[0].due <= now else { return nil }
    return heap[0].node
  }

  /// Takes out the first task, which `node` must be.
  @inline(__always) mutating func removeFirst(_ node: NodePointer) {
    if node.pointee.place == .ready {
      node.pointee.place = .nowhere
      head &+= 1
    } else {
      removeFromHeap(at: 0)
    }
  }

  @inline(__always) mutating func popFirst() -> NodePointer? {
    guard let node = firstReady ?? firstTimed(dueBy: .max) else { return nil }
    removeFirst(node)
    return node
  }

  /// Takes out a node whose place is `timed`.
  mutating func removeTimed(_ node: NodePointer) { removeFromHeap(at: node.pointee.heapPosition) }

  private mutating func growRing() {
    let capacity = (ringMask + 1) * 2
    let larger = UnsafeMutablePointer<Entry>.allocate(capacity: capacity)
    for position in head..<tail { larger[position & (capacity - 1)] = ring[position & ringMask] }
    ring.deallocate()
    ring = larger
    ringMask = capacity - 1
  }

  private mutating func insertInHeap(_ entry: Entry) {
    if heapCount == heapCapacity {
      let larger = UnsafeMutablePointer<Entry>.allocate(capacity: heapCapacity * 2)
      larger.update(from: heap, count: heapCount)
      heap.deallocate()
      heap = larger
      heapCapacity *= 2
    }
    entry.node.pointee.place = .timed
    heapCount += 1
    siftUp(entry, from: heapCount - 1)
  }

  private mutating func removeFromHeap(at position: Int) {
    heap[position].node.pointee.place = .nowhere
    heapCount -= 1
    guard position < heapCount else { return }
    let last = heap[heapCount]
    if position > 0 && last < heap[(position - 1) / 2] {
      siftUp(last, from: position)
    } else {
      siftDown(last, from: position)
    }
  }

  @inline(__always) private func put(_ entry: Entry, at position: Int) {
    heap[position] = entry
    entry.node.pointee.heapPosition = position
  }

  private func siftUp(_ entry: Entry, from start: Int) {
    var position = start
    while position > 0 {
      let parent = (position - 1) / 2
      guard entry < heap[parent] else { break }
      put(heap[parent], at: position)
      position = parent
    }
    put(entry, at: position)
  }

  private func siftDown(_ entry: Entry, from start: Int) {
    var position = start
    while true {
      var child = 2 &* position &+ 1
      guard child < heapCount else { break }
      if child &+ 1 < heapCount && heap[child &+ 1] < heap[child] { child &+= 1 }
      guard heap[child] < entry else { break }
      put(heap[child], at: position)
      position = child
    }
    put(entry, at: position)
  }
}
