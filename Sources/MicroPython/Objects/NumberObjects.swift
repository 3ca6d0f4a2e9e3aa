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
