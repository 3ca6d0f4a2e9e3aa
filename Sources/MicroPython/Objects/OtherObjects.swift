/// An integer beyond 63 bits: the words of its magnitude, the lowest first, follow the fixed part.
package struct BigIntObject {
  var header: ObjectHeader
  var isNegative: Bool
  var wordCount: Int
}

package struct BigIntHandle: ObjectHandle {
  package typealias Layout = BigIntObject
  package static let kind = ObjectKind.bigInt
  package let pointer: UnsafeMutablePointer<BigIntObject>
  @inline(__always) package init(pointer: UnsafeMutablePointer<BigIntObject>) { self.pointer = pointer }
  package var integer: BigInt {
    BigInt(sign: pointer.pointee.isNegative ? .minus : .plus, magnitude: BigUInt(words: Array(view.words)))
  }
  /// The integer where it is, valid while the object is reachable.
  @inline(__always) var view: IntegerView {
    IntegerView(
      isNegative: pointer.pointee.isNegative,
      words: UnsafeBufferPointer(start: words, count: pointer.pointee.wordCount))
  }
  @inline(__always) var words: UnsafeMutablePointer<UInt> {
    UnsafeMutableRawPointer(pointer + 1).assumingMemoryBound(to: UInt.self)
  }
}

/// A float that has no immediate form.
package struct FloatObject {
  var header: ObjectHeader
  var double: Double
}

/// A complex number.
package struct ComplexObject {
  var header: ObjectHeader
  var real: Double
  var imaginary: Double
}

package struct ComplexHandle: ObjectHandle {
  package typealias Layout = ComplexObject
  package static let kind = ObjectKind.complex
  package let pointer: UnsafeMutablePointer<ComplexObject>
  @inline(__always) package init(pointer: UnsafeMutablePointer<ComplexObject>) { self.pointer = pointer }
  package var real: Double { pointer.pointee.real }
  package var imaginary: Double { pointer.pointee.imaginary }
}

extension Value {
  /// The value of a `float` object, immediate or not.
  @inline(__always) package var float: Double? {
    if isImmediateFloat { return immediateFloat }
    guard isKind(.float) else { return nil }
    return address(as: FloatObject.self).pointee.double
  }
}

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

/// `bytearray`, `array.array` and `memoryview` (told apart by their type).
package struct ArrayObject {
  var header: ObjectHeader
  /// `B`, `b`, `H`, `h`, `I`, `i`, `L`, `l`, `Q`, `q`, `f`, `d`, `O`, `P`.
  var typeCode: UInt8
  var itemSize: Int
  var count: Int
  var capacity: Int
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
}

/// A module: a name and its globals.
package struct ModuleObject {
  var header: ObjectHeader
  var globals: UnsafeMutablePointer<DictObject>
}

package struct ModuleHandle: ObjectHandle {
  package typealias Layout = ModuleObject
  package static let kind = ObjectKind.module
  package let pointer: UnsafeMutablePointer<ModuleObject>
  @inline(__always) package init(pointer: UnsafeMutablePointer<ModuleObject>) { self.pointer = pointer }
  package var globals: DictHandle { DictHandle(pointer: pointer.pointee.globals) }
}

/// An exception object of a built-in exception type (or the native part of a firmware one).
package struct ExceptionObject {
  var header: ObjectHeader
  /// Tuple of the constructor's arguments.
  var arguments: Value
  /// Owned by the object.
  var traceback: Unmanaged<Traceback>
}

package struct TracebackEntry: Hashable, Sendable {
  package var file: String
  package var line: Int
  package var function: String
  package init(file: String, line: Int, function: String) {
    self.file = file
    self.line = line
    self.function = function
  }
}

/// Where an exception has passed, innermost first.
package final class Traceback {
  package var entries: [TracebackEntry] = []
  /// How many entries there were room for while memory could be had; forgetting entries leaves the room.
  var room = 0
}

package struct ExceptionHandle: ObjectHandle {
  package typealias Layout = ExceptionObject
  package static let kind = ObjectKind.exception
  package let pointer: UnsafeMutablePointer<ExceptionObject>
  @inline(__always) package init(pointer: UnsafeMutablePointer<ExceptionObject>) { self.pointer = pointer }
  package var arguments: TupleHandle { TupleHandle(unchecked: pointer.pointee.arguments) }
  package var traceback: Traceback { pointer.pointee.traceback.takeUnretainedValue() }
}

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
