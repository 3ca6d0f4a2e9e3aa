/// A class, built in or written in firmware.
package struct TypeObject {
  var header: ObjectHeader
  var info: Unmanaged<TypeInfo>
  /// The shape of a new instance of a firmware class; owned by `info`.
  var rootShape: Unmanaged<Shape>?
  /// How many slots an instance gets at once: the most that one has needed.
  var expectedSlotCount = 0
  /// Whether instances have a native part, which construction has to see to.
  var hasNativeBase = false
  /// Whether an `await` of an instance only parks the running task (`CoroutineScheduler.park`).
  var parksTask = false
  /// The `__init__` that is all there is to making an instance; unbound when there is more to do, or another class may
  /// have changed since (`Heap.typeVersion`).
  var initializer = Value.unbound
  var initializerVersion: UInt32 = 0
}

package struct TypeHandle: ObjectHandle {
  package typealias Layout = TypeObject
  package static let kind = ObjectKind.type
  package let pointer: UnsafeMutablePointer<TypeObject>
  @inline(__always) package init(pointer: UnsafeMutablePointer<TypeObject>) { self.pointer = pointer }
  package var info: TypeInfo { pointer.pointee.info.takeUnretainedValue() }
  package var name: String { info.name }
  /// Declares that an `await` of an instance only parks the running task, where the interpreter's `coroutineScheduler`
  /// can do that; `TypeInfo.step` is asked where it can't.
  package func setParksTask() { pointer.pointee.parksTask = true }
}

extension TypeHandle: Equatable {
  package static func == (left: TypeHandle, right: TypeHandle) -> Bool { left.pointer == right.pointer }
}

/// How a value is printed: `str(x)`, `repr(x)`, as JSON, or the text of an exception.
package enum PrintStyle: Sendable { case str, repr, json, exception }

/// Unary operations as types see them.
package enum UnaryOperation: Sendable {
  case bool, length, hash, positive, negative, invert, absolute, integer, sizeof
}

/// Binary operations as types see them; `isReverse` forms are asked of the right operand with the operands
/// swapped, `inplace` forms fall back to the plain ones.
package enum BinaryOperation: UInt8, Sendable, CaseIterable {
  case add, subtract, multiply, floorDivide, modulo, trueDivide, power
  case bitAnd, bitOr, bitXor, shiftLeft, shiftRight, matrixMultiply
  case inplaceAdd, inplaceSubtract, inplaceMultiply, inplaceFloorDivide, inplaceModulo, inplaceTrueDivide
  case inplacePower, inplaceBitAnd, inplaceBitOr, inplaceBitXor, inplaceShiftLeft, inplaceShiftRight
  case inplaceMatrixMultiply
  case less, lessOrEqual, greater, greaterOrEqual, equal, notEqual
  /// `right in left`: the container is the left operand.
  case contains
  case divmod
  case reverseAdd, reverseSubtract, reverseMultiply, reverseFloorDivide, reverseModulo, reverseTrueDivide
  case reversePower, reverseBitAnd, reverseBitOr, reverseBitXor, reverseShiftLeft, reverseShiftRight
  case reverseMatrixMultiply
}

/// The operations of a type. A nil slot means "not supported"; the interpreter then raises MicroPython's
/// TypeError. Slots get the object itself, for a firmware subclass of a built-in its native part.
package final class TypeInfo {
  package let name: String
  package let internedName: Value
  /// Direct bases in order; empty for `object`'s direct children written natively.
  package internal(set) var bases: [TypeHandle]
  /// How many classes a search through this one and its bases looks at, each as often as it is reached.
  private(set) var searchLength: Int
  /// Methods and class attributes by interned name.
  package let attributes: DictHandle
  /// Whether firmware wrote it (`class X:`), so that its objects are instances.
  package let isFirmwareClass: Bool
  /// See `Heap.noteExcess`.
  var excess = 0
  /// The first native base with data of its own (list, dict, Exception …), for firmware classes.
  package internal(set) var nativeBase: TypeHandle?

  /// Makes an object: `X(…)`. The type asked for may be a subclass of the slot's owner.
  package var make: ((Interpreter, TypeHandle, Arguments) throws(Raised) -> Value)?
  package var call: ((Interpreter, Value, Arguments) throws(Raised) -> Value)?
  /// Appends the printed form.
  package var print: ((Interpreter, Value, PrintStyle, inout TextOutput) throws(Raised) -> Void)?
  /// Returns `unbound` for "not supported".
  package var unary: ((Interpreter, UnaryOperation, Value) throws(Raised) -> Value)?
  /// Returns `unbound` for "not supported" (the interpreter then tries the reverse operation).
  package var binary: ((Interpreter, BinaryOperation, Value, Value) throws(Raised) -> Value)?
  package var getItem: ((Interpreter, Value, Value) throws(Raised) -> Value)?
  package var setItem: ((Interpreter, Value, Value, Value) throws(Raised) -> Void)?
  package var deleteItem: ((Interpreter, Value, Value) throws(Raised) -> Void)?
  /// Loads an attribute that is computed rather than stored; `unbound` passes on to `attributes`.
  package var getAttribute: ((Interpreter, Value, Value) throws(Raised) -> Value)?
  /// Stores (or with an unbound value deletes) an attribute; false means "not supported".
  package var setAttribute: ((Interpreter, Value, Value, Value) throws(Raised) -> Bool)?
  package var iterate: ((Interpreter, Value) throws(Raised) -> Value)?
  /// The next item of an iterator, or `unbound` at its end.
  package var next: ((Interpreter, Value) throws(Raised) -> Value)?
  /// One step of an iterator that a generator or coroutine delegates to, with the value sent in. Without it
  /// `next` is used.
  package var step: ((Interpreter, Value, Value) throws(Raised) -> AwaitStep)?
  /// Delivers an exception to an iterator that is delegated to. Without it the exception is raised at the `await`.
  package var throwInto: ((Interpreter, Value, Value) throws(Raised) -> AwaitStep)?
  /// The object's memory, for `bytes`-like arguments.
  package var buffer: ((Interpreter, Value) -> BufferView?)?
  /// The object as a stream; subclasses inherit it.
  package var stream: ((Interpreter, Value) -> any NativeStream)?

  /// Shapes of instances of this class; empty for native types.
  var rootShape: Shape?

  init(
    name: String, internedName: Value, bases: [TypeHandle], attributes: DictHandle, isFirmwareClass: Bool
  ) {
    self.name = name
    self.internedName = internedName
    self.bases = bases
    searchLength = TypeInfo.searchLength(bases)
    self.attributes = attributes
    self.isFirmwareClass = isFirmwareClass
  }

  /// That of a class with these bases; saturates, for it doubles with each class that has two bases with a common one.
  static func searchLength(_ bases: [TypeHandle]) -> Int {
    bases.reduce(1) { min($0 + $1.info.searchLength, longestSearch + 1) }
  }
  /// Longer ones are refused: searches look neither at the clock nor for Ctrl-C.
  static let longestSearch = 256

  var isSubclassed = false

  /// Lets go of what the slots hold, which may refer back to the interpreter.
  func clearSlots() {
    (make, call, print, unary, binary) = (nil, nil, nil, nil, nil)
    (getItem, setItem, deleteItem, getAttribute, setAttribute) = (nil, nil, nil, nil, nil)
    (iterate, next, step, throwInto, buffer, stream) = (nil, nil, nil, nil, nil, nil)
  }

  /// `object`: as a base it contributes nothing, its attributes are found through `super()` and by its own
  /// name only.
  var isObject = false

  /// Looks an attribute up in this type and its bases, depth first as MicroPython does; `unbound` if absent.
  package func lookUp(_ name: Value) -> Value {
    let own = attributes.get(interned: name)
    if !own.isUnbound { return own }
    for base in bases where !base.info.isObject {
      let inherited = base.info.lookUp(name)
      if !inherited.isUnbound { return inherited }
    }
    return .unbound
  }

  package func isSubclass(of other: TypeHandle) -> Bool {
    if attributes.pointer == other.info.attributes.pointer { return true }
    for base in bases where base.info.isSubclass(of: other) { return true }
    return false
  }
}

/// Bytes that belong to an object, with their element type (`B` for plain bytes).
package struct BufferView {
  package var start: UnsafeMutableRawPointer
  package var byteCount: Int
  package var typeCode: UInt8
  package var isWritable: Bool
  package var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: start, count: byteCount) }
  package var mutableBytes: UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(start: start, count: byteCount)
  }
}

/// Text under construction, as bytes; what `print` slots write to.
package struct TextOutput {
  package var bytes: [UInt8] = []
  package init() {}
  package mutating func write(_ text: String) { bytes.append(contentsOf: text.utf8) }
  package mutating func write(_ more: some Sequence<UInt8>) { bytes.append(contentsOf: more) }
}
