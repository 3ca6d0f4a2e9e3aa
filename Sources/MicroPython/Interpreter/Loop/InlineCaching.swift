/// The slow halves of the instructions that have an inline cache: they do the look-up and remember where it ended.
extension Interpreter {
  func loadGlobalSlowly(
    _ cache: UnsafeMutablePointer<InlineCache>, _ globals: UnsafeMutablePointer<DictObject>
  ) throws(Raised) -> Value {
    let name = cache.pointee.name
    let slot = DictHandle(pointer: globals).slotIndex(interned: name)
    if slot >= 0 {
      cache.pointee.slot = slot
      return globals.pointee.slots[slot].value
    }
    let value = builtins.get(interned: name)
    guard !value.isUnbound else {
      if let module = try presetModule(name, DictHandle(pointer: globals)) { return module }
      throw nameError(name)
    }
    cache.pointee.place = .builtin
    cache.pointee.version = globals.pointee.keyVersion
    cache.pointee.value = value
    return value
  }

  func storeGlobalSlowly(
    _ cache: UnsafeMutablePointer<InlineCache>, _ globals: UnsafeMutablePointer<DictObject>, _ value: Value
  ) {
    let dict = DictHandle(pointer: globals)
    dict.set(interned: cache.pointee.name, to: value, in: heap)
    cache.pointee.slot = dict.slotIndex(interned: cache.pointee.name)
  }

  func nameError(_ name: Value) -> Raised {
    error(.nameError, "name '\(StringHandle(unchecked: name).text)' isn't defined")
  }

  func getAttribute(_ object: Value, _ cache: UnsafeMutablePointer<InlineCache>) throws(Raised) -> Value {
    remember(object, cache)
    return try getAttribute(object, cache.pointee.name)
  }

  /// Puts method and receiver (or a plain callable and `unbound`) into two registers.
  func loadMethod(
    _ object: Value, _ cache: UnsafeMutablePointer<InlineCache>, into registers: UnsafeMutablePointer<Value>
  ) throws(Raised) {
    remember(object, cache)
    switch try lookUp(object, cache.pointee.name) {
    case .absent: throw attributeError(object, cache.pointee.name)
    case .value(let value):
      registers[0] = value
      registers[1] = .unbound
    case .method(let function, let receiver):
      registers[0] = function
      registers[1] = receiver
      guard let type = builtInType(of: object), receiver == object else { return }
      cache.pointee.shape = type
      cache.pointee.version = heap.typeVersion
      cache.pointee.place = .method
      cache.pointee.value = function
    }
  }

  /// The type of an object that has no attributes but those of its type, as a key for a cache; nil for others.
  private func builtInType(of object: Value) -> UnsafeRawPointer? {
    guard object.isObject else { return nil }
    switch object.header.pointee.kind {
    case .list, .tuple, .dict, .set, .string, .bytes, .array, .generator:
      return UnsafeRawPointer(object.header.pointee.type)
    case .native where type(of: object).info.getAttribute == nil:
      return UnsafeRawPointer(object.header.pointee.type)
    default: return nil
    }
  }

  /// Notes where an attribute of an instance or module is, when that is a plain place.
  private func remember(_ object: Value, _ cache: UnsafeMutablePointer<InlineCache>) {
    let name = cache.pointee.name
    if let module = ModuleHandle(object) {
      cache.pointee.forgetShape()
      cache.pointee.slot = max(0, module.globals.slotIndex(interned: name))
      return
    }
    guard let instance = InstanceHandle(object) else { return }
    cache.pointee.forgetShape()
    guard instance.shape.isShared else { return }
    let shape = UnsafeRawPointer(instance.pointer.pointee.shape.toOpaque())
    cache.pointee.version = heap.typeVersion
    if let slot = instance.shape.slot(of: name) {
      cache.pointee.slot = slot
      cache.pointee.slotShape = shape
      return
    }
    cache.pointee.shape = shape
    let member = classMember(name, of: instance.type)
    guard !member.isUnbound, name != names.classOf, name != names.attributes else { return }
    if member.isKind(.function) {
      cache.pointee.place = .method
      cache.pointee.value = member
    } else if !member.isObject
      || [.string, .tuple, .list, .dict, .bytes].contains(member.header.pointee.kind)
    {
      cache.pointee.place = .classValue
      cache.pointee.value = member
    }
  }

  func setAttribute(
    _ object: Value, _ cache: UnsafeMutablePointer<InlineCache>, _ value: Value
  ) throws(Raised) {
    let name = cache.pointee.name
    guard let instance = InstanceHandle(object) else { return try setAttribute(object, name, value) }
    guard hasPlainStorage(instance.type, name), instance.shape.isShared else {
      return try setAttribute(object, name, value)
    }
    let before = UnsafeRawPointer(instance.pointer.pointee.shape.toOpaque())
    cache.pointee.forgetShape()
    cache.pointee.version = heap.typeVersion
    if let slot = instance.shape.slot(of: name) {
      cache.pointee.slot = slot
      cache.pointee.slotShape = before
      instance.pointer.pointee.slots[slot] = value
    } else {
      cache.pointee.slot = instance.shape.names.count
      instance.set(name, to: value, in: heap)
      guard instance.shape.isShared else { return }
      cache.pointee.shape = before
      cache.pointee.place = .newSlot
      cache.pointee.nextShape = UnsafeRawPointer(instance.pointer.pointee.shape.toOpaque())
    }
  }

  /// Whether a class takes no part when its instances store the attribute `name`.
  @inline(__always) func hasPlainStorage(_ type: TypeHandle, _ name: Value) -> Bool {
    let member = classMember(name, of: type)
    return classMember(names.setattr, of: type).isUnbound && !member.isKind(.wrapper)
      && !member.isKind(.instance)
  }

  // MARK: Names in class bodies and exec

  func loadName(_ name: Value) throws(Raised) -> Value {
    let frame = state.pointee.frame
    if let locals = DictHandle(frame.pointee.locals) {
      let value = locals.get(interned: name)
      if !value.isUnbound { return value }
    }
    let global = DictHandle(pointer: frame.pointee.globals).get(interned: name)
    if !global.isUnbound { return global }
    let builtin = builtins.get(interned: name)
    if builtin.isUnbound { throw nameError(name) }
    return builtin
  }

  func storeName(_ name: Value, _ value: Value) throws(Raised) {
    namesDict.set(interned: name, to: value, in: heap)
  }

  func deleteName(_ name: Value) throws(Raised) {
    if namesDict.remove(interned: name).isUnbound { throw keyError(name) }
  }

  private var namesDict: DictHandle {
    let frame = state.pointee.frame
    return DictHandle(frame.pointee.locals) ?? DictHandle(pointer: frame.pointee.globals)
  }

  // MARK: super()

  /// `super().name` with the class in a cell of the method.
  func loadSuperMethod(
    classCell: Value, receiver: Value, name: Value, into registers: UnsafeMutablePointer<Value>
  ) throws(Raised) {
    // On the board neither this object nor a bound method is made, so a locked heap does not matter.
    let depth = heap.lockDepth
    heap.lockDepth = 0
    defer { heap.lockDepth = depth }
    let superObject = heap.wrapper(heap.types.superType, classCell, receiver)
    switch try lookUp(superObject, name) {
    case .absent: throw attributeError(superObject, name)
    case .value(let value):
      registers[0] = value
      registers[1] = .unbound
    case .method(let function, let receiver):
      registers[0] = function
      registers[1] = receiver
    }
  }
}
