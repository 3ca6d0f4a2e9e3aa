/// The arguments of a call to a built-in: positional values, then keyword values, side by side.
///
/// Invariant: valid only during the call; the values are reachable from the caller's registers meanwhile.
public struct Arguments {
  @usableFromInline let base: UnsafeMutablePointer<Value>
  /// Number of positional arguments.
  public let count: Int
  /// Interned names of the keyword arguments, or nil.
  let keywordNames: TupleHandle?

  @inline(__always) init(base: UnsafeMutablePointer<Value>, count: Int, keywordNames: TupleHandle? = nil) {
    self.base = base
    self.count = count
    self.keywordNames = keywordNames
  }

  @inlinable @inline(__always) public subscript(index: Int) -> Value {
    precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
    return base[index]
  }
  /// The argument as an integer that is no heap object; nil for anything else.
  @inlinable public func smallInt(at index: Int) -> Int? {
    let value = self[index]
    return value.isSmallInt ? value.smallInt : nil
  }
  /// The argument, or `unbound` when there are fewer.
  @inlinable @inline(__always) public func optional(_ index: Int) -> Value {
    index < count ? base[index] : .unbound
  }
  package var positional: UnsafeBufferPointer<Value> { UnsafeBufferPointer(start: base, count: count) }
  package var isEmpty: Bool { count == 0 && keywordCount == 0 }
  package var keywordCount: Int { keywordNames?.count ?? 0 }
  package func keyword(at index: Int) -> (name: StringHandle, value: Value) {
    (StringHandle(unchecked: keywordNames.unsafelyUnwrapped[index]), base[count + index])
  }
  /// The value of a keyword argument, or `unbound`.
  package func keyword(_ name: String) -> Value {
    for index in 0..<keywordCount where keyword(at: index).name.text == name { return base[count + index] }
    return .unbound
  }
  /// The arguments without the first `n` positional ones.
  @inline(__always) package func dropFirst(_ n: Int = 1) -> Arguments {
    precondition(n <= count)
    return Arguments(base: base + n, count: count - n, keywordNames: keywordNames)
  }
}

/// The code of a built-in function.
package typealias NativeBody = (Interpreter, Arguments) throws(Raised) -> Value

/// A built-in function or method.
package struct NativeFunctionObject {
  var header: ObjectHeader
  var name: Value
  var minimumCount: Int
  /// `Int.max` for any number.
  var maximumCount: Int
  var acceptsKeywords: Bool
  /// Nanoseconds that a call takes on the board, beyond the call instruction.
  var cost: Int64
  /// Owned by the object.
  var box: Unmanaged<NativeBodyBox>
  /// Milliseconds in a unit of its argument, for a built-in that only makes a task pause; 0 for all others.
  var pauseUnit: Int
}

final class NativeBodyBox {
  let body: NativeBody
  init(_ body: @escaping NativeBody) { self.body = body }
}

package struct NativeFunctionHandle: ObjectHandle {
  package typealias Layout = NativeFunctionObject
  package static let kind = ObjectKind.nativeFunction
  package let pointer: UnsafeMutablePointer<NativeFunctionObject>
  @inline(__always) package init(pointer: UnsafeMutablePointer<NativeFunctionObject>) {
    self.pointer = pointer
  }

  /// Declares that the built-in, which must take one argument, does nothing but make a task pause: so the loop may take
  /// its call and the `await` that follows in one (`CoroutineScheduler.pauseAndSwitch`).
  /// - Parameter unit: milliseconds in a unit of the argument.
  package func setPause(_ unit: Int) { pointer.pointee.pauseUnit = unit }
}

/// A MicroPython exception on its way through Swift code.
package struct Raised: Error {
  /// The exception object (an `ExceptionObject`, or an instance of a firmware exception class).
  package let exception: Value
  package init(_ exception: Value) { self.exception = exception }
}
