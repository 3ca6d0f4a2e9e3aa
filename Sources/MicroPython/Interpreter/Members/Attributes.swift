/// Finding, storing and deleting attributes.
extension Interpreter {
  package func type(of value: Value) -> TypeHandle {
    if value.isObject { return TypeHandle(pointer: value.header.pointee.type) }
    if value.isSmallInt { return heap.types.int }
    if value.isImmediateFloat { return heap.types.float }
    switch value {
    case .none: return heap.types.noneType
    case .true, .false: return heap.types.bool
    case .ellipsis: return heap.types.ellipsis
    default: return heap.types.notImplemented
    }
  }

  /// The native part of an instance of a firmware subclass of a built-in type; any other value itself.
  @inline(__always) package func native(of value: Value) -> Value {
    guard let instance = InstanceHandle(value), !instance.native.isUnbound else { return value }
    return instance.native
  }

  package func isInstance(_ value: Value, of type: TypeHandle) -> Bool {
    if type == heap.types.object { return true }
    return self.type(of: value).info.isSubclass(of: type)
  }

  // MARK: Loading

  package func getAttribute(_ object: Value, _ name: String) throws(Raised) -> Value {
    try getAttribute(object, heap.intern(name))
  }

  package func getAttribute(_ object: Value, _ name: Value) throws(Raised) -> Value {
    if let value = try findAttribute(object, name) { return value }
    throw attributeError(object, name)
  }

  func attributeError(_ object: Value, _ name: Value) -> Raised {
    let text = StringHandle(unchecked: name).text
    if let type = TypeHandle(object) {
      return error(.attributeError, "type object '\(type.name)' has no attribute '\(text)'")
    }
    return error(.attributeError, "'\(type(of: object).name)' object has no attribute '\(text)'")
  }

  package func findAttribute(_ object: Value, _ name: Value) throws(Raised) -> Value? {
    let found = try lookUp(object, name)
    switch found {
    case .absent: return nil
    case .value(let value): return value
    case .method(let function, let receiver): return heap.boundMethod(function, receiver)
    }
  }

  /// An attribute, nil when there is none. When computing it raises `AttributeError` that is, as on the board, the property
  /// or descriptor itself.
  func attributeIfAny(_ object: Value, _ name: Value) throws(Raised) -> Value? {
    do throws(Raised) {
      return try findAttribute(object, name)
    } catch {
      guard isException(error.exception, .attributeError) else { throw error }
      guard object.isKind(.instance) else { return nil }
      let member = type(of: object).info.lookUp(name)
      return member.isUnbound ? nil : member
    }
  }

  /// The result of an attribute look-up: nothing, a value, or a function that is to be bound.
  enum FoundAttribute {
    case absent
    case value(Value)
    case method(Value, Value)
  }

  func lookUp(_ object: Value, _ name: Value) throws(Raised) -> FoundAttribute {
    if object.isObject {
      switch object.header.pointee.kind {
      case .instance: return try lookUp(inInstance: InstanceHandle(unchecked: object), name)
      case .module:
        let value = ModuleHandle(unchecked: object).globals.get(interned: name)
        if !value.isUnbound { return .value(value) }
        if name == names.attributes { return .value(ModuleHandle(unchecked: object).globals.value) }
        if name == names.classOf { return .value(type(of: object).value) }
        let hook = ModuleHandle(unchecked: object).globals.get(interned: names.getattr)
        return hook.isUnbound ? .absent : .value(try call(hook, name))
      case .type: return try lookUp(inType: TypeHandle(unchecked: object), name)
      default: break
      }
    }
    let type = self.type(of: object)
    let info = type.info
    if let load = info.getAttribute {
      let value = try load(self, object, name)
      if !value.isUnbound { return .value(value) }
    }
    let value = classMember(name, of: type)
    if !value.isUnbound { return try bind(value, to: object, type) }
    if name == names.classOf { return .value(type.value) }
    if name == names.next && isIterator(object) { return .method(iteratorNext, object) }
    return .absent
  }

  /// Whether a built-in object is an iterator, so that it has `__next__`.
  private func isIterator(_ value: Value) -> Bool {
    switch value.kind {
    case .generator, .rangeIterator, .sequenceIterator: return true
    default: return type(of: value).info.next != nil
    }
  }

  private func lookUp(inInstance instance: InstanceHandle, _ name: Value) throws(Raised) -> FoundAttribute {
    let type = instance.type
    if let slot = slot(of: name, in: instance) {
      let own = instance.pointer.pointee.slots[slot]
      if !own.isUnbound { return .value(own) }
    }
    if name == names.classOf { return .value(type.value) }
    if name == names.attributes {
      let dict = heap.dict()
      for attribute in instance.attributes {
        dict.set(interned: attribute.name, to: attribute.value, in: heap)
      }
      dict.isLocked = true
      return .value(dict.value)
    }
    if !instance.native.isUnbound, let base = type.info.nativeBase {
      // Members of firmware's own classes come first, then those that the native part computes.
      let member = classMember(name, of: type)
      let isOverride = !member.isUnbound && classMember(name, of: base) != member
      if !isOverride, let load = base.info.getAttribute ?? inheritedGetAttribute(base) {
        let value = try load(self, instance.native, name)
        if !value.isUnbound { return .value(value) }
      }
    }
    let member = classMember(name, of: type)
    if !member.isUnbound {
      if !instance.native.isUnbound, isNativeMember(member),
        type.info.nativeBase?.info.lookUp(name) == member
      {
        return try bind(member, to: instance.native, type)
      }
      // Firmware that puts a built-in function into a class gets a plain function.
      if isNativeMember(member) { return .value(member) }
      return try bind(member, to: instance.value, type)
    }
    // Descriptors and attribute hooks are never asked of `__getattr__`.
    if names.isAccessor(name) { return .absent }
    let hook = classMember(names.getattr, of: type)
    return hook.isUnbound ? .absent : .value(try callSpecial(hook, on: instance.value, name))
  }

  func inheritedGetAttribute(_ type: TypeHandle) -> ((Interpreter, Value, Value) throws(Raised) -> Value)? {
    if let own = type.info.getAttribute { return own }
    for base in type.info.bases { if let found = inheritedGetAttribute(base) { return found } }
    return nil
  }

  private func isNativeMember(_ member: Value) -> Bool { member.isKind(.nativeFunction) }

  private func lookUp(inType type: TypeHandle, _ name: Value) throws(Raised) -> FoundAttribute {
    if let load = heap.types.type.info.getAttribute {
      let value = try load(self, type.value, name)
      if !value.isUnbound { return .value(value) }
    }
    if name == names.name { return .value(heap.intern(type.name)) }
    if name == names.bases { return .value(heap.tuple(type.info.bases.map(\.value))) }
    if name == names.attributes && type.info.isFirmwareClass {
      let copy = heap.dict()
      for entry in type.info.attributes.entries { copy.set(interned: entry.key, to: entry.value, in: heap) }
      copy.isLocked = true
      return .value(copy.value)
    }
    let member = classMember(name, of: type)
    if member.isUnbound {
      if name == names.classOf { return .value(heap.types.type.value) }
      return .absent
    }
    if let wrapper = WrapperHandle(member) {
      if wrapper.type == heap.types.staticMethod { return .value(wrapper.first) }
      if wrapper.type == heap.types.classMethod { return .method(wrapper.first, type.value) }
    }
    // A descriptor is asked by objects only.
    return .value(member)
  }

  /// A class member seen through an object: functions become methods, properties are read.
  private func bind(_ member: Value, to object: Value, _ type: TypeHandle) throws(Raised) -> FoundAttribute {
    guard member.isObject else { return .value(member) }
    switch member.header.pointee.kind {
    case .function, .nativeFunction: return .method(member, object)
    case .wrapper:
      let wrapper = WrapperHandle(unchecked: member)
      if wrapper.type == heap.types.staticMethod { return .value(wrapper.first) }
      if wrapper.type == heap.types.classMethod { return .method(wrapper.first, type.value) }
      if wrapper.type == heap.types.property {
        guard !wrapper.first.isNone else { throw error(.attributeError, "unreadable attribute") }
        return .value(try call(wrapper.first, object))
      }
      return .value(member)
    case .instance:
      if let get = try descriptor(member, names.getDescriptor) {
        return .value(try call(get, object, type.value))
      }
      return .value(member)
    default: return .value(member)
    }
  }

  /// A descriptor method of an instance that stands in a class; its class must define it.
  private func descriptor(_ member: Value, _ name: Value) throws(Raised) -> Value? {
    let function = classMember(name, of: InstanceHandle(unchecked: member).type)
    return function.isUnbound ? nil : heap.boundMethod(function, member)
  }

  // MARK: Storing

  package func setAttribute(_ object: Value, _ name: String, _ value: Value) throws(Raised) {
    try setAttribute(object, heap.intern(name), value)
  }

  package func setAttribute(_ object: Value, _ name: Value, _ value: Value) throws(Raised) {
    guard try storeAttribute(object, name, value) else { throw notStorable(object, name) }
  }

  package func deleteAttribute(_ object: Value, _ name: Value) throws(Raised) {
    guard try storeAttribute(object, name, .unbound) else { throw notStorable(object, name) }
  }

  private func notStorable(_ object: Value, _ name: Value) -> Raised {
    error(
      .attributeError,
      "'\(type(of: object).name)' object has no attribute '\(StringHandle(unchecked: name).text)'")
  }

  /// Stores, or deletes when `value` is unbound; false when the object does not take it.
  private func storeAttribute(_ object: Value, _ name: Value, _ value: Value) throws(Raised) -> Bool {
    if let instance = InstanceHandle(object) { return try store(inInstance: instance, name, value) }
    if let module = ModuleHandle(object) {
      if module.globals.isLocked {
        let isSettable = settableAttributes.contains {
          $0.module.pointer == module.globals.pointer && $0.name == name
        }
        guard isSettable, !value.isUnbound else { return false }
      }
      if module.globals.pointer == builtins.pointer { forgetRememberedBuiltins() }
      if value.isUnbound {
        if module.globals.remove(interned: name).isUnbound { throw keyError(name) }
        return true
      }
      module.globals.set(interned: name, to: value, in: heap)
      return true
    }
    if let type = TypeHandle(object) {
      guard type.info.isFirmwareClass else { return false }
      if !value.isUnbound && type.info.isSubclassed && isSpecialAccessor(name, value)
        && !hasSpecialAccessors(type)
      {
        throw error(.attributeError, "can't add special method to already-subclassed class")
      }
      heap.typeVersion &+= 1
      if value.isUnbound { return !type.info.attributes.remove(interned: name).isUnbound }
      type.info.attributes.set(interned: name, to: value, in: heap)
      return true
    }
    guard let store = type(of: object).info.setAttribute else { return false }
    return try store(self, object, name, value)
  }

  private func store(inInstance instance: InstanceHandle, _ name: Value, _ value: Value) throws(Raised)
    -> Bool
  {
    let type = instance.type
    if !value.isUnbound, let slot = slot(of: name, in: instance), hasPlainStorage(type, name) {
      instance.pointer.pointee.slots[slot] = value
      return true
    }
    let member = classMember(name, of: type)
    if let wrapper = WrapperHandle(member), wrapper.type == heap.types.property {
      let accessor = value.isUnbound ? wrapper.third : wrapper.second
      guard !accessor.isNone else { return false }
      _ = value.isUnbound ? try call(accessor, instance.value) : try call(accessor, instance.value, value)
      return true
    }
    if member.isKind(.instance),
      let method = try descriptor(member, value.isUnbound ? names.deleteDescriptor : names.setDescriptor)
    {
      _ = value.isUnbound ? try call(method, instance.value) : try call(method, instance.value, value)
      return true
    }
    let hook = classMember(value.isUnbound ? names.delattr : names.setattr, of: type)
    if !hook.isUnbound && !hook.isKind(.nativeFunction) {
      _ =
        value.isUnbound
        ? try call(hook, instance.value, name) : try call(hook, instance.value, name, value)
      return true
    }
    // Another name makes another table of all of them.
    charge(bytes: instance.shape.names.count * 4 * Heap.boardWord)
    if value.isUnbound { return instance.remove(name, in: heap) }
    instance.set(name, to: value, in: heap)
    return true
  }
}
