/// The kind of a heap object, by which the interpreter and the collector distinguish objects.
public enum ObjectKind: UInt8, Sendable {
  case bigInt, float, complex, string, bytes, array, tuple, list, dict, set
  case function, nativeFunction, boundMethod, cell, generator, code
  case type, instance, module, exception, range, slice, rangeIterator, sequenceIterator
  case wrapper, native
}

/// The first 16 bytes of every heap object.
@usableFromInline struct ObjectHeader {
  @usableFromInline var kind: ObjectKind
  var mark: UInt8 = 0
  var flags: UInt16 = 0
  /// Bytes that the object takes on the board, its out-of-line storage included.
  var boardBytes: UInt32
  /// The object's type, which lives at least as long as the object.
  var type: UnsafeMutablePointer<TypeObject>

  static let internedFlag: UInt16 = 1
  static let immortalFlag: UInt16 = 2
  var isImmortal: Bool { flags & ObjectHeader.immortalFlag != 0 }
  static let lockedFlag: UInt16 = 4
  /// An interned string that the board's own code has, and one that its frozen modules have.
  static let builtInNameFlag: UInt16 = 8
  static let frozenNameFlag: UInt16 = 16
  /// A coroutine that a task was made of.
  static let taskFlag: UInt16 = 1 << 15
}

/// A typed handle on a heap object: one pointer, copied freely, never counted.
///
/// Invariant of every handle: it was made from a value whose kind was checked, and the object is reachable (from
/// a register, a root, or another live object) until the next safe point; collection runs nowhere else.
public protocol ObjectHandle {
  associatedtype Layout
  static var kind: ObjectKind { get }
  var pointer: UnsafeMutablePointer<Layout> { get }
  init(pointer: UnsafeMutablePointer<Layout>)
}

extension ObjectHandle {
  @inlinable @inline(__always) public var value: Value { Value(bits: UInt64(UInt(bitPattern: pointer))) }
  @inlinable @inline(__always) public init?(_ value: Value) {
    guard value.isObject, value.header.pointee.kind == Self.kind else { return nil }
    self.init(pointer: value.address(as: Layout.self))
  }
  /// For values whose kind is known already.
  @inline(__always) init(unchecked value: Value) {
    self.init(pointer: value.address(as: Layout.self))
  }
  @inline(__always) var header: UnsafeMutablePointer<ObjectHeader> {
    UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: ObjectHeader.self)
  }
  @inline(__always) package var type: TypeHandle { TypeHandle(pointer: header.pointee.type) }
}

extension Value {
  /// Invariant: only asked of values for which `isObject` holds; every object starts with its header.
  @inlinable @inline(__always) var header: UnsafeMutablePointer<ObjectHeader> {
    address(as: ObjectHeader.self)
  }
  @inlinable @inline(__always) func address<T>(as type: T.Type) -> UnsafeMutablePointer<T> {
    UnsafeMutablePointer<T>(bitPattern: UInt(bits)).unsafelyUnwrapped
  }
  /// `isObject` of an operand of an instruction. The compiler sees to it that those are never unbound (`checkBound`), which
  /// saves a test.
  @inline(__always) var isOperandObject: Bool {
    assert(!isUnbound)
    return bits & 7 == 0
  }
  @inlinable @inline(__always) public var kind: ObjectKind? { isObject ? header.pointee.kind : nil }
  @inlinable @inline(__always) public func isKind(_ kind: ObjectKind) -> Bool {
    isObject && header.pointee.kind == kind
  }
}
