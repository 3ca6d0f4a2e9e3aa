/// Making classes and their objects.
extension Interpreter {
  // MARK: Objects

  /// `X(…)`: a native type makes its object at once; a firmware class gets an instance and its `__init__` is
  /// entered.
  func construct(
    _ type: TypeHandle, _ arguments: Arguments, result: UnsafeMutablePointer<Value>
  ) throws(Raised) {
    let info = type.info
    guard info.isFirmwareClass else {
      // Not with `??`: it takes closures in another form, for which each time two objects are made.
      if let make = info.make {
        account.pointee.remaining &-= costs.nativeCall
        result.pointee = try make(self, type, arguments)
        return
      }
      guard let make = inheritedMake(type) else {
        throw error(.typeError, "can't create '\(info.name)' instances")
      }
      account.pointee.remaining &-= costs.nativeCall
      result.pointee = try make(self, type, arguments)
      return
    }
    let new = classMember(names.new, of: type)
    if !new.isUnbound && !new.isKind(.nativeFunction) {
      return try constructWithNew(type, new, arguments, result: result)
    }
    rememberInitializer(of: type)
    try initialize(heap.instance(of: type).value, arguments, result: result)
  }

  /// Lets the bytecode loop make the next instance of a class, when entering a plain `__init__` is all there is to do.
  private func rememberInitializer(of type: TypeHandle) {
    let initializer = classMember(names.initialize, of: type)
    let isPlain = initializer.isKind(.function) && !type.pointer.pointee.hasNativeBase
    type.pointer.pointee.initializer = isPlain ? initializer : .unbound
    type.pointer.pointee.initializerVersion = heap.typeVersion
  }

  func inheritedMake(_ type: TypeHandle) -> ((Interpreter, TypeHandle, Arguments) throws(Raised) -> Value)? {
    for base in type.info.bases {
      if let make = base.info.make ?? inheritedMake(base) { return make }
    }
    return nil
  }

  private func constructWithNew(
    _ type: TypeHandle, _ new: Value, _ arguments: Arguments, result: UnsafeMutablePointer<Value>
  ) throws(Raised) {
    let function = WrapperHandle(new).map(\.first) ?? new
    let keywords = (0..<arguments.keywordCount).map { arguments.keyword(at: $0) }.map {
      ($0.name.value, $0.value)
    }
    let object = try call(
      function, arguments: [type.value] + Array(arguments.positional), keywords: keywords)
    guard isInstance(object, of: type), object.isKind(.instance) else {
      result.pointee = object
      return
    }
    // The arguments have stayed where they were.
    try initialize(object, arguments, result: result)
  }

  private func initialize(
    _ object: Value, _ arguments: Arguments, result: UnsafeMutablePointer<Value>
  ) throws(Raised) {
    let type = InstanceHandle(unchecked: object).type
    let initializer = classMember(names.initialize, of: type)
    guard initializer.isKind(.function) else {
      let info = type.info
      if initializer.isUnbound || info.nativeBase != nil || initializer.isKind(.nativeFunction) {
        // Arguments that neither `__init__` nor a built-in base takes are passed over, as on a board.
        try makeNativePart(of: object, arguments)
      } else {
        let keywords = (0..<arguments.keywordCount).map { arguments.keyword(at: $0) }
          .map { ($0.name.value, $0.value) }
        _ = try call(initializer, arguments: [object] + Array(arguments.positional), keywords: keywords)
      }
      result.pointee = object
      return
    }
    // `base[-1]` held the class; it becomes the receiver.
    let base = arguments.base - 1
    base.pointee = object
    if type.pointer.pointee.hasNativeBase {
      let positional = heap.tuple(arguments.positional)
      constructionArguments.append((object, positional))
    }
    try enter(
      function: initializer.address(as: FunctionObject.self), base, arguments.count + 1,
      arguments.keywordNames,
      kind: .construct, extra: object, result: result)
  }

  /// After `__init__`: a native part that it did not make is made from the constructor's arguments.
  func finishConstruction(_ object: Value) throws(Raised) {
    let instance = InstanceHandle(unchecked: object)
    guard instance.type.pointer.pointee.hasNativeBase else { return }
    let index = constructionArguments.lastIndex { $0.object == object }
    let arguments = index.map { constructionArguments.remove(at: $0).arguments } ?? heap.emptyTuple
    guard instance.native.isUnbound else { return }
    let tuple = TupleHandle(unchecked: arguments)
    try makeNativePart(of: object, Arguments(base: tuple.base, count: tuple.count))
  }

  /// Makes the native part of an instance of a class that has a native base; also `super().__init__(…)` in it.
  func makeNativePart(of object: Value, _ arguments: Arguments) throws(Raised) {
    let instance = InstanceHandle(unchecked: object)
    guard let base = instance.type.info.nativeBase, let make = base.info.make ?? inheritedMake(base) else {
      return
    }
    instance.pointer.pointee.native = try make(self, base, arguments)
  }

  // MARK: Classes

  /// Makes `__build_class__`.
  func makeClassBuilder() {
    let builder = heap.function("__build_class__", 2...Int.max) {
      vm, arguments throws(Raised) in
      try vm.buildClass(arguments)
    }
    builtins.set(interned: heap.intern("__build_class__"), to: builder, in: heap)
  }

  private func buildClass(_ arguments: Arguments) throws(Raised) -> Value {
    let attributes = heap.dict()
    let body = arguments[0]
    let cell: Value
    if let function = FunctionHandle(body) {
      cell = try run(body: function, locals: attributes)
    } else {
      cell = try call(body)
    }
    let bases = heap.tuple((2..<max(arguments.count, 2)).map { arguments[$0] })
    let type: Value
    if arguments.count > 2, TypeHandle(arguments[2]) == nil {
      // The type of the first base makes the class, whatever it is.
      type = try call(self.type(of: arguments[2]).value, arguments[1], bases, attributes.value)
    } else {
      type = try makeClass(name: arguments[1], bases: bases, attributes: attributes.value)
    }
    if cell.isKind(.cell) { cell.address(as: CellObject.self).pointee.content = type }
    return type
  }

  /// `type(name, bases, attributes)`.
  func makeClass(name: Value, bases: Value, attributes: Value) throws(Raised) -> Value {
    guard let tuple = TupleHandle(bases), let dict = DictHandle(attributes) else {
      throw error(.typeError)
    }
    var types: [TypeHandle] = []
    for base in tuple.items {
      guard let type = TypeHandle(base) else { throw error(.typeError) }
      types.append(type)
    }
    _ = try self.name(StringHandle(native(of: name))?.bytes ?? [])
    return try makeClass(try string(name), bases: types, attributes: dict).value
  }

  /// A class from its parts.
  package func makeClass(_ name: String, bases: [TypeHandle], attributes: DictHandle) throws(Raised)
    -> TypeHandle
  {
    var nativeBases = 0
    for base in bases {
      let isNative = !base.info.isFirmwareClass && base != heap.types.object
      if isNative {
        if base.info.make == nil && inheritedMake(base) == nil {
          throw error(.typeError, "type '\(base.name)' isn't an acceptable base type")
        }
        nativeBases += 1
      } else if base.info.nativeBase != nil {
        nativeBases += 1
      }
    }
    if nativeBases > 1 { throw error(.typeError, "multiple bases have instance lay-out conflict") }
    if TypeInfo.searchLength(bases) > TypeInfo.longestSearch {
      throw error(
        .runtimeError,
        "class '\(name)' has too many bases: with theirs more than \(TypeInfo.longestSearch), each as often as it is inherited"
      )
    }
    // `__new__` is a static method even when it is written as a plain one.
    let new = attributes.get(interned: names.new)
    if new.isKind(.function) {
      attributes.set(interned: names.new, to: heap.wrapper(heap.types.staticMethod, new), in: heap)
    }
    let type = heap.firmwareClass(name, bases: bases, attributes: attributes)
    for base in bases { base.info.isSubclassed = true }
    for entry in attributes.entries where entry.value.isKind(.instance) {
      let hook = InstanceHandle(unchecked: entry.value).type.info.lookUp(names.setName)
      if !hook.isUnbound { _ = try call(hook, entry.value, type.value, entry.key) }
    }
    return type
  }

  /// Whether a class or one of its bases has a member that reads or writes of attributes have to ask.
  func hasSpecialAccessors(_ type: TypeHandle) -> Bool {
    type.info.attributes.entries.contains { isSpecialAccessor($0.key, $0.value) }
      || type.info.bases.contains { $0.info.isFirmwareClass && hasSpecialAccessors($0) }
  }

  /// A property, a descriptor, `__setattr__` or `__delattr__`.
  func isSpecialAccessor(_ name: Value, _ value: Value) -> Bool {
    if name == names.setattr || name == names.delattr { return true }
    if let wrapper = WrapperHandle(value) { return wrapper.type == heap.types.property }
    guard let instance = InstanceHandle(value) else { return false }
    return [names.getDescriptor, names.setDescriptor, names.deleteDescriptor].contains {
      !classMember($0, of: instance.type).isUnbound
    }
  }

  /// Runs code with a locals dictionary of its own: class bodies and `exec`.
  func run(body function: FunctionHandle, locals: DictHandle) throws(Raised) -> Value {
    let frame = state.pointee.frame
    let base = frame.pointee.stackTop + 2
    let result = base - 2
    try enter(
      function: function.pointer, base, 0, nil, kind: .call, extra: .unbound, result: result)
    state.pointee.frame.pointee.locals = locals.value
    return try finish(enteredAbove: frame, result: result)
  }
}
