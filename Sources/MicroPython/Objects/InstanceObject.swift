/// An object of a firmware class: values in slots that its shape names.
package struct InstanceObject {
  var header: ObjectHeader
  var shape: Unmanaged<Shape>
  var slots: UnsafeMutablePointer<Value>
  var capacity: Int
  /// How many slots stand behind the fixed part, in use or outgrown.
  var inlineCapacity: Int32
  /// Places of the board's table of attributes, which grows by steps (`HashTable.sizes`) and never shrinks: only such a step takes
  /// memory there.
  var tableSize: Int32
  /// The native part of a subclass of a built-in type (a list, dict, exception …), or unbound.
  var native: Value
}

package struct InstanceHandle: ObjectHandle {
  package typealias Layout = InstanceObject
  package static let kind = ObjectKind.instance
  package let pointer: UnsafeMutablePointer<InstanceObject>
  @inline(__always) package init(pointer: UnsafeMutablePointer<InstanceObject>) { self.pointer = pointer }

  @inline(__always) package var native: Value { pointer.pointee.native }
  var shape: Shape { pointer.pointee.shape.takeUnretainedValue() }

  /// Invariant: an instance has at least as many initialised slots as its shape has names.
  package func get(_ name: Value) -> Value {
    guard let slot = shape.slot(of: name) else { return .unbound }
    return pointer.pointee.slots[slot]
  }

  package func set(_ name: Value, to newValue: Value, in heap: Heap) {
    let current = shape
    if let slot = current.slot(of: name) {
      pointer.pointee.slots[slot] = newValue
      return
    }
    let count = current.names.count
    if count == pointer.pointee.capacity { grow(in: heap) }
    pointer.pointee.slots[count] = newValue
    change(from: current, to: current.adding(name))
    if type.pointer.pointee.expectedSlotCount < count + 1 {
      type.pointer.pointee.expectedSlotCount = min(count + 1, InstanceHandle.mostInlineSlots)
    }
    InstanceHandle.makeRoom(in: pointer, besides: count, heap)
  }

  /// Charges the board's table of attributes for one more than `count`.
  @inline(__always) static func makeRoom(
    in instance: UnsafeMutablePointer<InstanceObject>, besides count: Int, _ heap: Heap
  ) {
    if count < Int(instance.pointee.tableSize) { return }
    let size = HashTable.size(atLeast: count + 1)
    heap.resize(
      InstanceHandle(pointer: instance).value,
      by: (size - Int(instance.pointee.tableSize)) * 2 * Heap.boardWord)
    instance.pointee.tableSize = Int32(truncatingIfNeeded: size)
  }

  /// How many slots an instance gets at once at most.
  private static let mostInlineSlots = 32

  /// An instance owns its shape if nobody else can have it.
  private func change(from old: Shape, to new: Shape) {
    pointer.pointee.shape = new.isShared ? .passUnretained(new) : .passRetained(new)
    if !old.isShared { Unmanaged.passUnretained(old).release() }
  }

  /// Gives up the shape, before the instance goes.
  func releaseShape() {
    if !shape.isShared { pointer.pointee.shape.release() }
  }

  /// Removes an attribute; false if there is none.
  package func remove(_ name: Value, in heap: Heap) -> Bool {
    let current = shape
    guard let slot = current.slot(of: name) else { return false }
    let remaining = current.names.enumerated().filter { $0.offset != slot }.map(\.element)
    for index in slot..<remaining.count { pointer.pointee.slots[index] = pointer.pointee.slots[index + 1] }
    pointer.pointee.slots[remaining.count] = .unbound
    var shape: Shape = current.root
    for name in remaining { shape = shape.adding(name) }
    change(from: current, to: shape)
    return true
  }

  package var attributes: [(name: Value, value: Value)] {
    shape.names.enumerated().map { ($0.element, pointer.pointee.slots[$0.offset]) }
  }

  private func grow(in heap: Heap) {
    let old = pointer.pointee.capacity
    let capacity = max(4, old * 2)
    let slots = UnsafeMutablePointer<Value>.allocate(capacity: capacity)
    slots.update(from: pointer.pointee.slots, count: old)
    (slots + old).initialize(repeating: .unbound, count: capacity - old)
    if !hasInlineSlots { pointer.pointee.slots.deallocate() }
    pointer.pointee.slots = slots
    pointer.pointee.capacity = capacity
  }

  /// Slots stand behind the fixed part until they outgrow it.
  var hasInlineSlots: Bool {
    let behind = UnsafeMutableRawPointer(pointer + 1)
    return UnsafeMutableRawPointer(mutating: pointer.pointee.slots) == behind
  }
}

/// The names of an instance's attributes in the order in which they were first set. Instances of a class that set
/// the same attributes in the same order share a shape, so an inline cache compares one pointer.
///
/// A class keeps the shapes that its instances share, up to a limit: attributes that are named by data would make ever
/// more of them. Beyond it each instance has a shape of its own, which no cache may remember.
final class Shape {
  let names: [Value]
  let isShared: Bool
  /// The shape without attributes from which this one grew.
  private(set) unowned(unsafe) var root: Shape!
  /// Slots by the hash of their names, open addressing, -1 where free; a power of two with half of it free. Empty for
  /// short shapes, which are searched faster than hashed.
  private let table: [Int32]
  private var transitions: [Value: Shape] = [:]
  /// In the root: how many shapes have grown from it.
  private var familySize = 0
  private static let largestFamily = 500

  init() {
    names = []
    table = []
    isShared = true
    root = self
  }

  private init(extending shape: Shape, with name: Value, isShared: Bool) {
    self.isShared = isShared
    names = shape.names + [name]
    table = names.count <= 8 ? [] : Shape.table(of: names)
    root = shape.root
  }

  func slot(of name: Value) -> Int? {
    if table.isEmpty {
      for index in names.indices where names[index] == name { return index }
      return nil
    }
    var position = Shape.hash(name) & (table.count - 1)
    while table[position] >= 0 {
      if names[Int(table[position])] == name { return Int(table[position]) }
      position = (position + 1) & (table.count - 1)
    }
    return nil
  }

  /// Names are interned, so their addresses stand for them.
  private static func hash(_ name: Value) -> Int {
    Int(truncatingIfNeeded: name.bits &>> 4 ^ name.bits &>> 9)
  }

  private static func table(of names: [Value]) -> [Int32] {
    var size = 32
    while size < names.count * 2 { size *= 2 }
    var table = [Int32](repeating: -1, count: size)
    for (slot, name) in names.enumerated() {
      var position = hash(name) & (size - 1)
      while table[position] >= 0 { position = (position + 1) & (size - 1) }
      table[position] = Int32(slot)
    }
    return table
  }

  func adding(_ name: Value) -> Shape {
    if let known = transitions[name] { return known }
    let canShare = isShared && root.familySize < Shape.largestFamily
    let shape = Shape(extending: self, with: name, isShared: canShare)
    if canShare {
      root.familySize += 1
      transitions[name] = shape
    }
    return shape
  }
}
