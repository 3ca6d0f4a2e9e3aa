/// An object whose data is a Swift object: peripherals, iterators such as `map`, files, compiled regular
/// expressions.
package struct NativeObject {
  var header: ObjectHeader
  /// Owned by the object.
  var payload: Unmanaged<AnyObject>
  /// The payload again if it holds values: asking an object for a conformance takes longer than marking it.
  /// Invariant: `payload` keeps it alive as long as this object is there.
  unowned(unsafe) var holder: (any ValueHolding)?
}

package struct NativeHandle: ObjectHandle {
  package typealias Layout = NativeObject
  package static let kind = ObjectKind.native
  package let pointer: UnsafeMutablePointer<NativeObject>
  @inline(__always) package init(pointer: UnsafeMutablePointer<NativeObject>) { self.pointer = pointer }
  package var payload: AnyObject { pointer.pointee.payload.takeUnretainedValue() }
}

/// A payload that refers to values must report them, or the collector would free them.
package protocol ValueHolding: AnyObject {
  func visitValues(_ visit: (Value) -> Void)
}
