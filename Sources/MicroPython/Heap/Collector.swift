/// Mark and sweep. Runs only at safe points, see `Heap`.
extension Heap {
  /// Frees everything that cannot be reached from the roots.
  ///
  /// - Parameter visitRoots: calls its argument with every value in registers, frames, modules and the like.
  package func collect(visitRoots: ((Value) -> Void) -> Void) {
    var pendingMarks = UnsafeMutableBufferPointer<UnsafeMutablePointer<ObjectHeader>>.allocate(capacity: 1024)
    var pendingCount = 0
    var liveFloats = 0
    func mark(_ value: Value) {
      if value.isImmediateFloat { liveFloats += 1 }
      guard value.isObject else { return }
      let header = value.header
      // Objects that the attributes of built-in types refer to are permanent roots.
      if header.pointee.kind == .type, header.pointee.isImmortal { return }
      if header.pointee.mark != 0 { return }
      header.pointee.mark = 1
      if pendingCount == pendingMarks.count {
        let larger = UnsafeMutableBufferPointer<UnsafeMutablePointer<ObjectHeader>>.allocate(
          capacity: pendingMarks.count * 2)
        _ = larger.moveInitialize(fromContentsOf: pendingMarks)
        pendingMarks.deallocate()
        pendingMarks = larger
      }
      pendingMarks[pendingCount] = header
      pendingCount += 1
    }
    func drain() {
      while pendingCount > 0 {
        pendingCount -= 1
        let header = pendingMarks[pendingCount]
        Heap.visitReferences(of: header, mark)
        let type = header.pointee.type
        if !type.pointee.header.isImmortal { mark(TypeHandle(pointer: type).value) }
      }
    }
    for root in permanentRoots {
      mark(root)
      drain()
    }
    for root in roots.values {
      mark(root)
      drain()
    }
    visitRoots { value in
      mark(value)
      drain()
    }
    pendingMarks.deallocate()
    let isReachable: (Value) -> Bool = { value in
      !value.isObject || value.header.pointee.mark != 0 || value.header.pointee.isImmortal
    }
    collections.callEach { $0(isReachable) }
    sweep()
    floatBytes = liveFloats * Heap.boardBlock
    usedAfterCollection = used + floatBytes
    pending.subtract([.collect, .hostCollect])
    uncounted = 0
    failedSize = 0
    resetLimit()
  }

  /// `gc.threshold(bytes)`: counted in whole blocks, and from now on; negative turns it off.
  package func setThreshold(_ bytes: Int) {
    threshold = bytes < 0 ? -1 : bytes / Heap.boardBlock * Heap.boardBlock
    if !collectsAlways {
      limit = threshold < 0 ? capacity : min(capacity, used + floatBytes + threshold)
    }
  }

  private func sweep() {
    var kept = 0
    // Freed last, so that a report of a dropped coroutine can still name its function.
    var droppedCode: [UnsafeMutablePointer<ObjectHeader>] = []
    // Freed last, because their instances need the shapes.
    var droppedTypes: [UnsafeMutablePointer<ObjectHeader>] = []
    for index in 0..<objectCount {
      let header = objects[index]
      if header.pointee.mark != 0 || header.pointee.isImmortal {
        header.pointee.mark = 0
        objects[kept] = header
        kept += 1
      } else {
        used -= Int(header.pointee.boardBytes)
        switch header.pointee.kind {
        case .code: droppedCode.append(header)
        case .type: droppedTypes.append(header)
        case .generator:
          reportIfNeverStarted(header)
          finalize(header)
        default: finalize(header)
        }
      }
    }
    for header in droppedCode { finalize(header) }
    for header in droppedTypes { finalize(header) }
    objectCount = kept
    if !droppedTypes.isEmpty { forgetCachedShapes() }
  }

  /// Inline caches compare addresses of shapes and types, which others may have from now on.
  private func forgetCachedShapes() {
    typeVersion &+= 1
    for index in 0..<objectCount where objects[index].pointee.kind == .code {
      let code = UnsafeMutableRawPointer(objects[index]).assumingMemoryBound(to: CodeObject.self)
      for number in 0..<code.pointee.cacheCount { code.pointee.caches[number].forgetShape() }
    }
  }

  private func reportIfNeverStarted(_ header: UnsafeMutablePointer<ObjectHeader>) {
    if droppedCoroutines.isEmpty { return }
    let generator = GeneratorHandle(
      pointer: UnsafeMutableRawPointer(header).assumingMemoryBound(to: GeneratorObject.self))
    if generator.isNeverAwaited { droppedCoroutines.callEach { $0(generator) } }
  }

  /// Calls `body` with every coroutine that has not begun and belongs to no task.
  package func forEachUnstartedCoroutine(_ body: (GeneratorHandle) -> Void) {
    guard hasMadeCoroutines else { return }
    for index in 0..<objectCount where objects[index].pointee.kind == .generator {
      let generator = GeneratorHandle(
        pointer: UnsafeMutableRawPointer(objects[index]).assumingMemoryBound(to: GeneratorObject.self))
      if generator.isNeverAwaited { body(generator) }
    }
  }

  /// Releases an object's storage.
  func finalize(_ header: UnsafeMutablePointer<ObjectHeader>) {
    let raw = UnsafeMutableRawPointer(header)
    func layout<T>(_: T.Type) -> UnsafeMutablePointer<T> { raw.assumingMemoryBound(to: T.self) }
    let size: Int
    switch header.pointee.kind {
    case .bigInt:
      size =
        MemoryLayout<BigIntObject>.size
        + layout(BigIntObject.self).pointee.wordCount * MemoryLayout<UInt>.size
    case .float: size = MemoryLayout<FloatObject>.size
    case .complex: size = MemoryLayout<ComplexObject>.size
    case .string, .bytes:
      size = MemoryLayout<StringObject>.size + layout(StringObject.self).pointee.byteCount
    case .array:
      let array = layout(ArrayObject.self)
      if array.pointee.base.isUnbound { array.pointee.items.deallocate() }
      size = MemoryLayout<ArrayObject>.size
    case .tuple:
      size =
        MemoryLayout<TupleObject>.size + layout(TupleObject.self).pointee.count * MemoryLayout<Value>.size
    case .list:
      let list = layout(ListObject.self)
      storage.deallocate(list.pointee.items, list.pointee.capacity)
      size = MemoryLayout<ListObject>.size
    case .dict:
      let dict = layout(DictObject.self)
      storage.deallocate(dict.pointee.slots, dict.pointee.capacity)
      size = MemoryLayout<DictObject>.size
    case .set:
      let set = layout(SetObject.self)
      storage.deallocate(set.pointee.slots, set.pointee.capacity)
      size = MemoryLayout<SetObject>.size
    case .function: size = MemoryLayout<FunctionObject>.size
    case .nativeFunction:
      layout(NativeFunctionObject.self).pointee.box.release()
      size = MemoryLayout<NativeFunctionObject>.size
    case .boundMethod: size = MemoryLayout<BoundMethodObject>.size
    case .cell: size = MemoryLayout<CellObject>.size
    case .generator:
      let generator = layout(GeneratorObject.self)
      size = MemoryLayout<GeneratorObject>.size + generator.pointee.registerCount * MemoryLayout<Value>.size
    case .code:
      let code = layout(CodeObject.self)
      code.pointee.instructions.deallocate()
      code.pointee.constants.deallocate()
      code.pointee.names.deallocate()
      code.pointee.caches.deallocate()
      code.pointee.children.deallocate()
      excess -= code.pointee.details.takeUnretainedValue().excess
      code.pointee.details.release()
      size = MemoryLayout<CodeObject>.size
    case .type:
      excess -= layout(TypeObject.self).pointee.info.takeUnretainedValue().excess
      layout(TypeObject.self).pointee.info.release()
      size = MemoryLayout<TypeObject>.size
    case .instance:
      let instance = InstanceHandle(pointer: layout(InstanceObject.self))
      instance.releaseShape()
      if instance.hasInlineSlots {
        size =
          MemoryLayout<InstanceObject>.size + instance.pointer.pointee.capacity * MemoryLayout<Value>.size
      } else {
        instance.pointer.pointee.slots.deallocate()
        size =
          MemoryLayout<InstanceObject>.size + Int(instance.pointer.pointee.inlineCapacity)
          * MemoryLayout<Value>.size
      }
    case .module: size = MemoryLayout<ModuleObject>.size
    case .exception:
      layout(ExceptionObject.self).pointee.traceback.release()
      size = MemoryLayout<ExceptionObject>.size
    case .range, .slice: size = MemoryLayout<RangeObject>.size
    case .rangeIterator: size = MemoryLayout<RangeIteratorObject>.size
    case .sequenceIterator: size = MemoryLayout<SequenceIteratorObject>.size
    case .wrapper: size = MemoryLayout<WrapperObject>.size
    case .native:
      layout(NativeObject.self).pointee.payload.release()
      size = MemoryLayout<NativeObject>.size
    }
    release(raw, size: size)
  }

  /// Calls `visit` with every value that an object refers to.
  static func visitReferences(of header: UnsafeMutablePointer<ObjectHeader>, _ visit: (Value) -> Void) {
    let raw = UnsafeMutableRawPointer(header)
    func layout<T>(_: T.Type) -> UnsafeMutablePointer<T> { raw.assumingMemoryBound(to: T.self) }
    func visitObject(_ pointer: UnsafeMutableRawPointer) {
      visit(Value(bits: UInt64(UInt(bitPattern: pointer))))
    }
    switch header.pointee.kind {
    case .bigInt, .float, .complex, .string, .bytes, .range, .rangeIterator: break
    case .type:
      let info = TypeHandle(pointer: layout(TypeObject.self)).info
      visit(info.attributes.value)
      for base in info.bases { visit(base.value) }
    case .array:
      let array = ArrayHandle(pointer: layout(ArrayObject.self))
      visit(array.pointer.pointee.base)
      // A memoryview of such an array finds them through its base.
      if array.holdsValues && !array.isMemoryview { for value in array.values { visit(value) } }
    case .tuple: for item in TupleHandle(pointer: layout(TupleObject.self)).items { visit(item) }
    case .list:
      let list = layout(ListObject.self).pointee
      for index in 0..<list.count { visit(list.items[index]) }
    case .dict:
      let dict = layout(DictObject.self).pointee
      for index in 0..<(dict.isOrdered ? dict.used : dict.capacity) where dict.slots[index].isFilled {
        visit(dict.slots[index].key)
        visit(dict.slots[index].value)
      }
    case .set:
      let set = layout(SetObject.self).pointee
      for index in 0..<set.capacity { visit(set.slots[index]) }
    case .function:
      let function = layout(FunctionObject.self).pointee
      visitObject(function.code)
      visitObject(function.globals)
      visit(function.defaults)
      visit(function.keywordDefaults)
      visit(function.closure)
    case .nativeFunction: visit(layout(NativeFunctionObject.self).pointee.name)
    case .boundMethod:
      visit(layout(BoundMethodObject.self).pointee.function)
      visit(layout(BoundMethodObject.self).pointee.receiver)
    case .cell: visit(layout(CellObject.self).pointee.content)
    case .generator:
      let generator = GeneratorHandle(pointer: layout(GeneratorObject.self))
      visitObject(generator.pointer.pointee.code)
      visitObject(generator.pointer.pointee.globals)
      visit(generator.pointer.pointee.closure)
      visit(generator.pointer.pointee.result)
      visit(generator.pointer.pointee.pendingException)
      if generator.isCreated, let code = generator.pointer.pointee.createdAt.codeValue { visit(code) }
      for index in 0..<generator.pointer.pointee.registerCount { visit(generator.registers[index]) }
    case .code:
      let code = layout(CodeObject.self).pointee
      for index in 0..<code.constantCount { visit(code.constants[index]) }
      for index in 0..<code.childCount { visit(code.children[index]) }
    case .instance:
      let instance = layout(InstanceObject.self).pointee
      for index in 0..<instance.capacity { visit(instance.slots[index]) }
      visit(instance.native)
    case .module: visitObject(layout(ModuleObject.self).pointee.globals)
    case .exception: visit(layout(ExceptionObject.self).pointee.arguments)
    case .slice:
      visit(layout(RangeObject.self).pointee.start)
      visit(layout(RangeObject.self).pointee.stop)
      visit(layout(RangeObject.self).pointee.step)
    case .sequenceIterator: visit(layout(SequenceIteratorObject.self).pointee.source)
    case .wrapper:
      visit(layout(WrapperObject.self).pointee.first)
      visit(layout(WrapperObject.self).pointee.second)
      visit(layout(WrapperObject.self).pointee.third)
    case .native: layout(NativeObject.self).pointee.holder?.visitValues(visit)
    }
  }
}
