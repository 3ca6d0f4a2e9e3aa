/// The types that the interpreter itself makes objects of.
package final class CoreTypes {
  /// Placeholder until `Heap.makeCoreTypes` has run, which is before anything else can use the heap.
  private static var none: TypeHandle {
    TypeHandle(pointer: UnsafeMutablePointer(bitPattern: 16).unsafelyUnwrapped)
  }

  package internal(set) var type = none, object = none, noneType = none, ellipsis = none,
    notImplemented = none
  package internal(set) var bool = none, int = none, float = none, complex = none
  package internal(set) var str = none, bytes = none, bytearray = none, array = none, memoryview = none
  package internal(set) var tuple = none, list = none, dict = none, orderedDict = none
  package internal(set) var set = none, frozenset = none, range = none, slice = none
  package internal(set) var generatorFunction = none
  package internal(set) var function = none, nativeFunction = none, boundMethod = none, closure = none
  package internal(set) var generator = none, cell = none, code = none, module = none, iterator = none
  package internal(set) var staticMethod = none, classMethod = none, property = none, superType = none
  package internal(set) var baseException = none
}

/// The floats that have no immediate form, made once.
final class SpecialFloats {
  private(set) var infinity = Value.unbound
  private(set) var negativeInfinity = Value.unbound
  private(set) var notANumber = Value.unbound
  private(set) var negativeZero = Value.unbound

  func make(in heap: Heap) {
    infinity = heap.floatObject(.infinity)
    negativeInfinity = heap.floatObject(-.infinity)
    notANumber = heap.floatObject(.nan)
    negativeZero = heap.floatObject(-0.0)
    heap.permanentRoots += [infinity, negativeInfinity, notANumber, negativeZero]
  }
}

extension Heap {
  func makeCoreTypes() {
    let types = self.types
    // `type` is its own type, and names need `str`: both exist before they can be complete.
    let typePointer = UnsafeMutablePointer<TypeObject>.allocate(capacity: 1)
    types.type = TypeHandle(pointer: typePointer)
    let strPointer = UnsafeMutablePointer<TypeObject>.allocate(capacity: 1)
    types.str = TypeHandle(pointer: strPointer)
    let dictPointer = UnsafeMutablePointer<TypeObject>.allocate(capacity: 1)
    types.dict = TypeHandle(pointer: dictPointer)

    initialize(types.type, name: "type", bases: [])
    types.object = type("object", bases: [])
    initialize(types.str, name: "str", bases: [])
    initialize(types.dict, name: "dict", bases: [])
    types.noneType = type("NoneType")
    // Types without a name on the board.
    types.ellipsis = type("")
    types.notImplemented = type("")
    types.int = type("int")
    types.bool = type("bool")
    types.float = type("float")
    types.complex = type("complex")
    types.bytes = type("bytes")
    types.bytearray = type("bytearray")
    types.array = type("array")
    types.memoryview = type("memoryview")
    types.tuple = type("tuple")
    types.list = type("list")
    types.orderedDict = type("OrderedDict", bases: [types.dict])
    types.set = type("set")
    types.frozenset = type("frozenset")
    types.range = type("range")
    types.slice = type("slice")
    types.function = type("function")
    types.nativeFunction = type("function")
    types.boundMethod = type("bound_method")
    types.closure = type("closure")
    types.generator = type("generator")
    // On the board what makes generators bears their name.
    types.generatorFunction = type("generator")
    types.cell = type("cell")
    types.code = type("code")
    types.module = type("module")
    types.iterator = type("iterator")
    types.staticMethod = type("staticmethod")
    types.classMethod = type("classmethod")
    types.property = type("property")
    types.superType = type("super")
    types.baseException = type("BaseException")
  }

  /// Makes a native type. The code that defines it fills in its slots.
  package func type(_ name: String, bases: [TypeHandle] = []) -> TypeHandle {
    let handle = TypeHandle(pointer: .allocate(capacity: 1))
    initialize(handle, name: name, bases: bases)
    return handle
  }

  /// Makes a firmware class whose attributes are `attributes`.
  func firmwareClass(_ name: String, bases: [TypeHandle], attributes: DictHandle) -> TypeHandle {
    let info = TypeInfo(
      name: name, internedName: .unbound, bases: bases, attributes: attributes, isFirmwareClass: true)
    info.rootShape = Shape()
    for base in bases {
      if base.info.isFirmwareClass {
        if info.nativeBase == nil { info.nativeBase = base.info.nativeBase }
      } else if base != types.object, info.nativeBase == nil {
        info.nativeBase = base
      }
    }
    let type = collectedType(info, boardBytes: 32)
    type.pointer.pointee.rootShape = info.rootShape.map { .passUnretained($0) }
    type.pointer.pointee.hasNativeBase = info.nativeBase != nil
    return type
  }

  /// Makes a native type while firmware runs, as `namedtuple` does. It is collected when nothing refers to it any more;
  /// its slots must not hold values that the collector does not find elsewhere.
  package func temporaryType(_ name: String, bases: [TypeHandle], boardBytes: Int) -> TypeHandle {
    let info = TypeInfo(
      name: name, internedName: .unbound, bases: bases, attributes: dict(), isFirmwareClass: false)
    return collectedType(info, boardBytes: boardBytes)
  }

  private func collectedType(_ info: TypeInfo, boardBytes: Int) -> TypeHandle {
    let raw = allocate(
      MemoryLayout<TypeObject>.size, kind: .type, type: types.type.pointer, boardBytes: boardBytes)
    let object = raw.assumingMemoryBound(to: TypeObject.self)
    object.initialize(to: TypeObject(header: object.pointee.header, info: .passRetained(info)))
    // What a TypeInfo takes with its name and its first shape.
    info.excess = max(0, 900 - 8 * boardBytes)
    noteExcess(info.excess)
    return TypeHandle(pointer: object)
  }

  /// A type of the firmware's flash: freed with the heap only, like what its attributes refer to.
  private func initialize(_ handle: TypeHandle, name: String, bases: [TypeHandle]) {
    let info = TypeInfo(
      name: name, internedName: .unbound, bases: bases, attributes: dict(), isFirmwareClass: false)
    handle.pointer.initialize(
      to: TypeObject(
        header: ObjectHeader(
          kind: .type, flags: ObjectHeader.immortalFlag, boardBytes: 0, type: types.type.pointer),
        info: .passRetained(info)))
    permanentRoots.append(info.attributes.value)
    nativeTypes.append(handle.pointer)
  }
}
