/// `range`, `slice` and the iterator over a range: three values (integers for ranges).
package struct RangeObject {
  var header: ObjectHeader
  var start: Value
  var stop: Value
  var step: Value
}

package struct RangeHandle: ObjectHandle {
  package typealias Layout = RangeObject
  package static let kind = ObjectKind.range
  package let pointer: UnsafeMutablePointer<RangeObject>
  @inline(__always) package init(pointer: UnsafeMutablePointer<RangeObject>) { self.pointer = pointer }
  package var start: Int { pointer.pointee.start.smallInt }
  package var stop: Int { pointer.pointee.stop.smallInt }
  package var step: Int { pointer.pointee.step.smallInt }
}

package struct SliceHandle: ObjectHandle {
  package typealias Layout = RangeObject
  package static let kind = ObjectKind.slice
  package let pointer: UnsafeMutablePointer<RangeObject>
  @inline(__always) package init(pointer: UnsafeMutablePointer<RangeObject>) { self.pointer = pointer }
  package var start: Value { pointer.pointee.start }
  package var stop: Value { pointer.pointee.stop }
  package var step: Value { pointer.pointee.step }
}

/// Iterator over a range; counts without allocating.
package struct RangeIteratorObject {
  var header: ObjectHeader
  var next: Int
  var stop: Int
  var step: Int
}

/// Iterator over a list, tuple, str, bytes, array or dict, or over anything with `__getitem__`.
package struct SequenceIteratorObject {
  var header: ObjectHeader
  var source: Value
  var index: Int
  /// For dicts: 0 keys, 1 values, 2 items.
  var mode: Int
}

package struct SequenceIteratorHandle: ObjectHandle {
  package typealias Layout = SequenceIteratorObject
  package static let kind = ObjectKind.sequenceIterator
  package let pointer: UnsafeMutablePointer<SequenceIteratorObject>
  @inline(__always) package init(pointer: UnsafeMutablePointer<SequenceIteratorObject>) {
    self.pointer = pointer
  }
}
