/// `bytearray`, `array.array` and `memoryview` (distinguished by their type).
package struct ArrayObject {
  var header: ObjectHeader
  /// `B`, `b`, `H`, `h`, `I`, `i`, `L`, `l`, `Q`, `q`, `f`, `d`, `O`, `P`.
  var typeCode: UInt8
  var itemSize: Int
  var count: Int
  var capacity: Int
  /// Bytes of own storage, which grows in larger steps than on the board, where a block of memory can grow in its place.
  var room: Int
  /// Own storage; a memoryview points into `base`'s.
  var items: UnsafeMutableRawPointer
  /// A memoryview's underlying object, which it keeps alive; unbound for owners.
  var base: Value
  var offset: Int
  var isReadOnly: Bool
}

package struct ArrayHandle: ObjectHandle {
  package typealias Layout = ArrayObject
  package static let kind = ObjectKind.array
  package let pointer: UnsafeMutablePointer<ArrayObject>
  @inline(__always) package init(pointer: UnsafeMutablePointer<ArrayObject>) { self.pointer = pointer }
  @inline(__always) package var count: Int { pointer.pointee.count }
  @inline(__always) package var typeCode: UInt8 { pointer.pointee.typeCode }
  @inline(__always) package var itemSize: Int { pointer.pointee.itemSize }

  /// Returns a memoryview's memory once the view has another length, as `CAN.recv` sets it; nil where that
  /// does not lie in the viewed object, or must not be written.
  package func resizedView(to count: Int) -> BufferView? {
    guard isMemoryview, let whole = view(isWritable: true),
      count <= whole.byteCount || count * itemSize <= room
    else { return nil }
    pointer.pointee.count = count
    return view(isWritable: true)
  }

  /// Bytes from the start of a view to the end of the viewed object.
  private var room: Int {
    let base = pointer.pointee.base
    let whole = ArrayHandle(base)?.byteCount ?? byteCount
    return max(0, whole - pointer.pointee.offset * itemSize)
  }
}
