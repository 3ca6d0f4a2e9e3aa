/// Interned names that the interpreter itself asks for.
struct WellKnownNames {
  let name: Value
  let file: Value
  let path: Value
  let attributes: Value
  let classOf: Value
  let initialize: Value
  let new: Value
  let call: Value
  let getattr: Value
  let setattr: Value
  let delattr: Value
  let getitem: Value
  let setitem: Value
  let delitem: Value
  let iter: Value
  let next: Value
  let length: Value
  let bool: Value
  let hash: Value
  let string: Value
  let repr: Value
  let contains: Value
  let getDescriptor: Value
  let setDescriptor: Value
  let deleteDescriptor: Value
  let throwMethod: Value
  let closeMethod: Value
  let sendMethod: Value
  let value: Value
  let bases: Value
  let finalizer: Value
  let all: Value
  let int: Value
  let float: Value
  let complex: Value
  let equal: Value
  let setName: Value
  let qualifiedName: Value
  let module: Value
  let underscore: Value
  let buildClass: Value
  let doc: Value
  let absolute: Value
  let negative: Value
  let positive: Value
  let invert: Value
  let sizeof: Value

  /// Whether `name` is one that look-up itself asks for, so that `__getattr__` must not be.
  func isAccessor(_ name: Value) -> Bool {
    name == getattr || name == setattr || name == delattr || name == getDescriptor || name == setDescriptor
      || name == deleteDescriptor || name == setName
  }

  /// The special methods of binary operations, in their order.
  let operations: [Value]

  init(_ heap: Heap) {
    name = heap.intern("__name__")
    file = heap.intern("__file__")
    path = heap.intern("__path__")
    attributes = heap.intern("__dict__")
    classOf = heap.intern("__class__")
    initialize = heap.intern("__init__")
    new = heap.intern("__new__")
    call = heap.intern("__call__")
    getattr = heap.intern("__getattr__")
    setattr = heap.intern("__setattr__")
    delattr = heap.intern("__delattr__")
    getitem = heap.intern("__getitem__")
    setitem = heap.intern("__setitem__")
    delitem = heap.intern("__delitem__")
    iter = heap.intern("__iter__")
    next = heap.intern("__next__")
    length = heap.intern("__len__")
    bool = heap.intern("__bool__")
    hash = heap.intern("__hash__")
    string = heap.intern("__str__")
    repr = heap.intern("__repr__")
    contains = heap.intern("__contains__")
    getDescriptor = heap.intern("__get__")
    setDescriptor = heap.intern("__set__")
    deleteDescriptor = heap.intern("__delete__")
    throwMethod = heap.intern("throw")
    closeMethod = heap.intern("close")
    sendMethod = heap.intern("send")
    value = heap.intern("value")
    bases = heap.intern("__bases__")
    finalizer = heap.intern("__del__")
    all = heap.intern("__all__")
    int = heap.intern("__int__")
    float = heap.intern("__float__")
    complex = heap.intern("__complex__")
    equal = heap.intern("__eq__")
    setName = heap.intern("__set_name__")
    qualifiedName = heap.intern("__qualname__")
    module = heap.intern("__module__")
    underscore = heap.intern("_")
    buildClass = heap.intern("__build_class__")
    doc = heap.intern("__doc__")
    absolute = heap.intern("__abs__")
    negative = heap.intern("__neg__")
    positive = heap.intern("__pos__")
    invert = heap.intern("__invert__")
    sizeof = heap.intern("__sizeof__")
    operations = BinaryOperation.allCases.map { heap.intern($0.methodName) }
  }
}

extension Interpreter {
  /// Bytes that a name may have on the board.
  static let nameLimit = 255

  /// Text as a name: interned.
  func name(_ bytes: some Collection<UInt8>) throws(Raised) -> Value {
    guard bytes.count <= Interpreter.nameLimit else { throw error(.runtimeError, "name too long") }
    return heap.intern(Array(bytes))
  }
}
