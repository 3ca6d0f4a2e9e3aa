/// `tuple` (and namedtuple): its items follow the fixed part.
package struct TupleObject {
  var header: ObjectHeader
  var count: Int
}

package struct TupleHandle: ObjectHandle {
  package typealias Layout = TupleObject
  package static let kind = ObjectKind.tuple
  package let pointer: UnsafeMutablePointer<TupleObject>
  @inline(__always) package init(pointer: UnsafeMutablePointer<TupleObject>) { self.pointer = pointer }

  @inline(__always) package var count: Int { pointer.pointee.count }
  @inline(__always) var base: UnsafeMutablePointer<Value> {
    UnsafeMutableRawPointer(pointer + 1).assumingMemoryBound(to: Value.self)
  }
  @inline(__always) package subscript(index: Int) -> Value {
    get {
      precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
      return base[index]
    }
    nonmutating set {
      precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
      base[index] = newValue
    }
  }
  @inline(__always) package var items: UnsafeBufferPointer<Value> {
    UnsafeBufferPointer(start: base, count: count)
  }
}

/// `list`: items in storage of their own that grows as MicroPython's does.
package struct ListObject {
  var header: ObjectHeader
  var count: Int
  var capacity: Int
  var items: UnsafeMutablePointer<Value>
}

package struct ListHandle: ObjectHandle {
  package typealias Layout = ListObject
  package static let kind = ObjectKind.list
  package let pointer: UnsafeMutablePointer<ListObject>
  @inline(__always) package init(pointer: UnsafeMutablePointer<ListObject>) { self.pointer = pointer }

  @inline(__always) package var count: Int { pointer.pointee.count }
  @inline(__always) package subscript(index: Int) -> Value {
    get {
      precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
      return pointer.pointee.items[index]
    }
    nonmutating set {
      precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
      pointer.pointee.items[index] = newValue
    }
  }
  /// The items, valid until the list changes.
  @inline(__always) package var items: UnsafeMutableBufferPointer<Value> {
    UnsafeMutableBufferPointer(start: pointer.pointee.items, count: count)
  }

  @inline(__always) package func append(_ value: Value, in heap: Heap) {
    if count == pointer.pointee.capacity { grow(to: count + 1, in: heap) }
    pointer.pointee.items[count] = value
    pointer.pointee.count &+= 1
  }

  /// Replaces `range` by `values`.
  package func replace(_ range: Range<Int>, with values: [Value], in heap: Heap) {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    let newCount = count - range.count + values.count
    if newCount > pointer.pointee.capacity { grow(to: newCount, in: heap) }
    let items = pointer.pointee.items
    let tail = count - range.upperBound
    (items + range.lowerBound + values.count).update(from: items + range.upperBound, count: tail)
    for (offset, value) in values.enumerated() { items[range.lowerBound + offset] = value }
    pointer.pointee.count = newCount
  }

  package func removeAll() { pointer.pointee.count = 0 }

  @inline(never) func grow(to minimum: Int, in heap: Heap) {
    move(toRoomFor: max(minimum, pointer.pointee.capacity * 2, 4), in: heap)
  }

  /// Moves the items to memory for so many.
  func move(toRoomFor capacity: Int, in heap: Heap) {
    let old = pointer.pointee.capacity
    let items: UnsafeMutablePointer<Value> = heap.storage.allocate(capacity)
    items.initialize(from: pointer.pointee.items, count: count)
    heap.storage.deallocate(pointer.pointee.items, old)
    pointer.pointee.items = items
    pointer.pointee.capacity = capacity
    heap.resize(value, by: (capacity - old) * Heap.boardWord)
  }
}
