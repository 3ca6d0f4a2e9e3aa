/// Remembers what classes and shapes answered lately, for look-ups that have no inline cache of their own: special
/// methods, `getattr` and `setattr`.
///
/// Invariant: an entry holds as long as no class has changed (`Heap.typeVersion`) and nothing was collected since it was
/// made (`forget`), so that neither its addresses nor its value can belong to anything else.
struct MemberCache {
  struct Entry {
    /// A type or the shape of an instance.
    var owner: UnsafeRawPointer?
    var name: Value
    var version: UInt32
    /// The member; for a shape the number of the slot. Unbound when there is none.
    var found: Value

    static var empty: Entry { Entry(owner: nil, name: .unbound, version: 0, found: .unbound) }
  }

  private static let count = 1024
  private let entries: UnsafeMutablePointer<Entry>

  init() {
    entries = .allocate(capacity: MemberCache.count)
    forget()
  }

  func deallocate() { entries.deallocate() }

  /// Forgets everything; asked at each collection.
  func forget() { entries.initialize(repeating: .empty, count: MemberCache.count) }

  /// Returns the entry for the answer of `owner` to `name`.
  @inline(__always) func entry(_ owner: UnsafeRawPointer, _ name: Value) -> UnsafeMutablePointer<Entry> {
    let hash = (UInt(bitPattern: owner) &>> 4) &* 31 &+ UInt(truncatingIfNeeded: name.bits &>> 4)
    return entries + Int(bitPattern: (hash ^ hash &>> 10) & UInt(bitPattern: MemberCache.count - 1))
  }
}

extension Interpreter {
  /// Returns the member `name` of a type and its bases; `unbound` if absent.
  @inline(__always) func classMember(_ name: Value, of type: TypeHandle) -> Value {
    let owner = UnsafeRawPointer(type.pointer)
    let entry = memberCache.entry(owner, name)
    if entry.pointee.owner == owner && entry.pointee.name == name && entry.pointee.version == heap.typeVersion
    {
      return entry.pointee.found
    }
    return classMemberSlowly(name, of: type, entry)
  }

  @inline(never) private func classMemberSlowly(
    _ name: Value, of type: TypeHandle, _ entry: UnsafeMutablePointer<MemberCache.Entry>
  ) -> Value {
    let found = type.info.lookUp(name)
    entry.pointee = MemberCache.Entry(
      owner: UnsafeRawPointer(type.pointer), name: name, version: heap.typeVersion, found: found)
    return found
  }

  /// Returns the slot of an instance's attribute `name`; nil if it has none.
  @inline(__always) func slot(of name: Value, in instance: InstanceHandle) -> Int? {
    let owner = UnsafeRawPointer(instance.pointer.pointee.shape.toOpaque())
    let entry = memberCache.entry(owner, name)
    if entry.pointee.owner == owner && entry.pointee.name == name && entry.pointee.version == heap.typeVersion
    {
      return entry.pointee.found.isUnbound ? nil : entry.pointee.found.smallInt
    }
    return slotSlowly(of: name, in: instance, entry)
  }

  @inline(never) private func slotSlowly(
    of name: Value, in instance: InstanceHandle, _ entry: UnsafeMutablePointer<MemberCache.Entry>
  ) -> Int? {
    let slot = instance.shape.slot(of: name)
    // A shape that belongs to one instance goes when that changes.
    guard instance.shape.isShared else { return slot }
    entry.pointee = MemberCache.Entry(
      owner: UnsafeRawPointer(instance.pointer.pointee.shape.toOpaque()), name: name,
      version: heap.typeVersion, found: slot.map { Value(smallInt: $0) } ?? .unbound)
    return slot
  }
}
