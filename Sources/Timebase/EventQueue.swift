/// Actions that are due at instants, ordered by (instant, order of insertion): a binary heap whose entries know
/// their position, so that cancelling is O(log n) and leaves nothing behind.
struct EventQueue {
  private struct Entry {
    let due: Instant
    let sequence: UInt64
    let slot: Int
    let isInterrupt: Bool

    static func < (left: Entry, right: Entry) -> Bool {
      left.due != right.due ? left.due < right.due : left.sequence < right.sequence
    }
  }

  /// An action's home while it is queued. A slot is used again, its sequence number never is.
  private struct Slot {
    var sequence: UInt64
    var position: Int
    var action: (() -> Void)?
  }

  private var heap: [Entry] = []
  private var slots: [Slot] = []
  private var freeSlots: [Int] = []
  private var nextSequence: UInt64 = 0

  var nextDue: Instant? { heap.first?.due }
  /// Whether the first event only lets interrupts happen.
  var nextIsInterrupt: Bool { heap.first?.isInterrupt ?? false }

  mutating func insert(due: Instant, isInterrupt: Bool = false, _ action: @escaping () -> Void)
    -> Clock.EventID
  {
    nextSequence += 1
    let slot: Int
    if let free = freeSlots.popLast() {
      slot = free
      slots[slot] = Slot(sequence: nextSequence, position: 0, action: action)
    } else {
      slot = slots.count
      slots.append(Slot(sequence: nextSequence, position: 0, action: action))
    }
    heap.append(Entry(due: due, sequence: nextSequence, slot: slot, isInterrupt: isInterrupt))
    siftUp(from: heap.count - 1)
    return Clock.EventID(slot: slot, sequence: nextSequence)
  }

  /// Does nothing when the event ran or was cancelled before.
  mutating func remove(_ id: Clock.EventID) {
    guard slots.indices.contains(id.slot), slots[id.slot].sequence == id.sequence,
      slots[id.slot].action != nil
    else { return }
    removeEntry(at: slots[id.slot].position)
  }

  /// Takes the first event out if it is due at `limit` or before.
  mutating func popFirst(dueBy limit: Instant) -> (due: Instant, action: () -> Void)? {
    guard let first = heap.first, first.due <= limit, let action = slots[first.slot].action else {
      return nil
    }
    removeEntry(at: 0)
    return (first.due, action)
  }

  private mutating func removeEntry(at position: Int) {
    let slot = heap[position].slot
    slots[slot].action = nil
    freeSlots.append(slot)
    let last = heap.removeLast()
    guard position < heap.count else { return }
    place(last, at: position)
    siftDown(from: position)
    siftUp(from: slots[last.slot].position)
  }

  private mutating func place(_ entry: Entry, at position: Int) {
    heap[position] = entry
    slots[entry.slot].position = position
  }

  private mutating func siftUp(from start: Int) {
    let entry = heap[start]
    var position = start
    while position > 0 {
      let parent = (position - 1) / 2
      guard entry < heap[parent] else { break }
      place(heap[parent], at: position)
      position = parent
    }
    place(entry, at: position)
  }

  private mutating func siftDown(from start: Int) {
    let entry = heap[start]
    var position = start
    while true {
      var child = 2 * position + 1
      guard child < heap.count else { break }
      if child + 1 < heap.count && heap[child + 1] < heap[child] { child += 1 }
      guard heap[child] < entry else { break }
      place(heap[child], at: position)
      position = child
    }
    place(entry, at: position)
  }
}
