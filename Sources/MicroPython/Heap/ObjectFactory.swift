import Timebase

/// Making values and objects. Every maker accounts for the object's memory on the board.
extension Heap {
  // MARK: Numbers

  /// Any Swift integer; a heap object beyond 63 bits, and on the board beyond 31.
  @inline(__always) package func int(_ integer: Int) -> Value {
    let value = Value(smallInt: integer)
    if Value.fitsBoardWord(value.bits) && value.smallInt == integer { return value }
    return wideInt(integer)
  }

  @inline(never) private func wideInt(_ integer: Int) -> Value {
    guard Value.smallIntRange.contains(integer) else { return bigIntObject(BigInt(integer)) }
    // A heap object on the board, though immediate here.
    accountFloat()
    return Value(smallInt: integer)
  }

  package func int(_ integer: BigInt) -> Value {
    if let small = Int(exactly: integer) { return int(small) }
    return bigIntObject(integer)
  }

  private func bigIntObject(_ integer: BigInt) -> Value {
    integer.withView { bigIntObject(isNegative: $0.isNegative, $0.words) }
  }

  private func bigIntObject(isNegative: Bool, _ words: UnsafeBufferPointer<UInt>) -> Value {
    let raw = allocate(
      MemoryLayout<BigIntObject>.size + words.count * MemoryLayout<UInt>.size, kind: .bigInt,
      type: types.int.pointer, boardBytes: 16 + words.count * 8)
    let handle = BigIntHandle(pointer: raw.assumingMemoryBound(to: BigIntObject.self))
    handle.pointer.pointee.isNegative = isNegative
    handle.pointer.pointee.wordCount = words.count
    handle.words.update(from: words.baseAddress.unsafelyUnwrapped, count: words.count)
    return handle.value
  }

  /// The integer with these words as magnitude, of which the highest may be zero.
  func int(isNegative: Bool, _ words: UnsafePointer<UInt>, _ count: Int) -> Value {
    var count = count
    while count > 0 && words[count - 1] == 0 { count -= 1 }
    if count == 0 { return Value(smallInt: 0) }
    if count == 1 && words[0] <= UInt(Int.max) {
      return int(isNegative ? -Int(words[0]) : Int(words[0]))
    }
    return bigIntObject(isNegative: isNegative, UnsafeBufferPointer(start: words, count: count))
  }

  /// Room for words that are computed, valid until it is asked for again.
  func scratch(_ count: Int) -> UnsafeMutablePointer<UInt> {
    if count > wordScratch.count {
      wordScratch.deallocate()
      wordScratch = .allocate(capacity: count * 2)
    }
    return wordScratch.baseAddress.unsafelyUnwrapped
  }

  /// A float, rounded as on the board.
  @inline(__always) package func float(_ double: Double) -> Value {
    accountFloat()
    let rounded = hasSingleFloats ? Double(Float(double)) : double
    if let value = Value.immediate(rounded) { return value }
    return specialFloat(rounded)
  }

  @inline(never) private func specialFloat(_ double: Double) -> Value {
    if double.isNaN { return specialFloats.notANumber }
    if double == .infinity { return specialFloats.infinity }
    if double == -.infinity { return specialFloats.negativeInfinity }
    if double == 0 { return specialFloats.negativeZero }
    return floatObject(double)
  }

  func floatObject(_ double: Double) -> Value {
    let raw = allocate(
      MemoryLayout<FloatObject>.size, kind: .float, type: types.float.pointer, boardBytes: 16)
    let object = raw.assumingMemoryBound(to: FloatObject.self)
    object.pointee.double = double
    return Value(bits: UInt64(UInt(bitPattern: raw)))
  }

  package func complex(_ real: Double, _ imaginary: Double) -> Value {
    let raw = allocate(
      MemoryLayout<ComplexObject>.size, kind: .complex, type: types.complex.pointer, boardBytes: 16)
    let object = raw.assumingMemoryBound(to: ComplexObject.self)
    object.pointee.real = hasSingleFloats ? Double(Float(real)) : real
    object.pointee.imaginary = hasSingleFloats ? Double(Float(imaginary)) : imaginary
    return ComplexHandle(pointer: object).value
  }

  // MARK: Sequences

  /// A tuple whose items the caller fills in before anything else is made; they are `None` until then.
  package func tuple(count: Int, type: TypeHandle? = nil) -> TupleHandle {
    let raw = allocate(
      MemoryLayout<TupleObject>.size + count * MemoryLayout<Value>.size, kind: .tuple,
      type: (type ?? types.tuple).pointer, boardBytes: 8 + count * Heap.boardWord)
    let handle = TupleHandle(pointer: raw.assumingMemoryBound(to: TupleObject.self))
    handle.pointer.pointee.count = count
    handle.base.initialize(repeating: .none, count: count)
    return handle
  }

  package func tuple(_ items: some Collection<Value>) -> Value {
    if items.isEmpty && !emptyTuple.isUnbound { return emptyTuple }
    let handle = tuple(count: items.count)
    for (index, item) in items.enumerated() { handle.base[index] = item }
    return handle.value
  }

  package func list(reserving capacity: Int = 0) -> ListHandle {
    let room = max(capacity, 4)
    let raw = allocate(
      MemoryLayout<ListObject>.size, kind: .list, type: types.list.pointer,
      boardBytes: 16 + room * Heap.boardWord, itemBytes: room * Heap.boardWord)
    let object = raw.assumingMemoryBound(to: ListObject.self)
    object.pointee.count = 0
    object.pointee.capacity = room
    object.pointee.items = storage.allocate(room)
    return ListHandle(pointer: object)
  }

  package func list(_ items: some Collection<Value>) -> Value {
    let handle = list(reserving: items.count)
    var index = 0
    for item in items {
      handle.pointer.pointee.items[index] = item
      index += 1
    }
    handle.pointer.pointee.count = index
    return handle.value
  }

  package func dict(ordered: Bool = false) -> DictHandle {
    let raw = allocate(
      MemoryLayout<DictObject>.size, kind: .dict, type: (ordered ? types.orderedDict : types.dict).pointer,
      boardBytes: 16)
    let object = raw.assumingMemoryBound(to: DictObject.self)
    object.pointee.used = 0
    object.pointee.capacity = 0
    object.pointee.slots = HashTable.emptySlots(0, in: self)
    object.pointee.isOrdered = ordered
    object.pointee.hasOnlyInternedKeys = true
    object.pointee.keyVersion = 0
    return DictHandle(pointer: object)
  }

  package func set(frozen: Bool = false) -> SetHandle {
    let raw = allocate(
      MemoryLayout<SetObject>.size, kind: .set, type: (frozen ? types.frozenset : types.set).pointer,
      boardBytes: 16)
    let object = raw.assumingMemoryBound(to: SetObject.self)
    object.pointee.used = 0
    object.pointee.capacity = 0
    object.pointee.slots = HashTable.emptySlots(0, in: self)
    return SetHandle(pointer: object)
  }

  /// A zeroed array; `type` is `bytearray`, `array` or `memoryview`.
  package func array(typeCode: UInt8, itemSize: Int, count: Int, type: TypeHandle) -> ArrayHandle {
    let byteCount = count * itemSize
    let raw = allocate(
      MemoryLayout<ArrayObject>.size, kind: .array, type: type.pointer, boardBytes: 16 + byteCount,
      itemBytes: byteCount)
    let object = raw.assumingMemoryBound(to: ArrayObject.self)
    object.pointee.typeCode = typeCode
    object.pointee.itemSize = itemSize
    object.pointee.count = count
    object.pointee.capacity = count
    object.pointee.room = max(byteCount, 8)
    object.pointee.items = .allocate(byteCount: max(byteCount, 8), alignment: 8)
    object.pointee.items.initializeMemory(as: UInt8.self, repeating: 0, count: max(byteCount, 8))
    object.pointee.base = .unbound
    object.pointee.offset = 0
    object.pointee.isReadOnly = false
    return ArrayHandle(pointer: object)
  }

  package func bytearray(_ bytes: some Collection<UInt8>) -> Value {
    let handle = array(typeCode: UInt8(ascii: "B"), itemSize: 1, count: bytes.count, type: types.bytearray)
    UnsafeMutableRawBufferPointer(start: handle.pointer.pointee.items, count: bytes.count)
      .copyBytes(from: bytes)
    return handle.value
  }

  // MARK: Ranges and iterators

  func range(_ start: Int, _ stop: Int, _ step: Int) -> Value {
    triple(.range, types.range, Value(smallInt: start), Value(smallInt: stop), Value(smallInt: step))
  }

  package func slice(
    _ start: Value, _ stop: Value, _ step: Value, boardBytes: Int = Heap.boardBlock
  ) -> Value {
    triple(.slice, types.slice, start, stop, step, boardBytes: boardBytes)
  }

  private func triple(
    _ kind: ObjectKind, _ type: TypeHandle, _ a: Value, _ b: Value, _ c: Value,
    boardBytes: Int = Heap.boardBlock
  ) -> Value {
    let raw = allocate(
      MemoryLayout<RangeObject>.size, kind: kind, type: type.pointer, boardBytes: boardBytes)
    let object = raw.assumingMemoryBound(to: RangeObject.self)
    object.pointee.start = a
    object.pointee.stop = b
    object.pointee.step = c
    return Value(bits: UInt64(UInt(bitPattern: raw)))
  }

  func rangeIterator(_ start: Int, _ stop: Int, _ step: Int) -> Value {
    let raw = allocate(
      MemoryLayout<RangeIteratorObject>.size, kind: .rangeIterator, type: types.iterator.pointer,
      boardBytes: 16)
    let object = raw.assumingMemoryBound(to: RangeIteratorObject.self)
    object.pointee.next = start
    object.pointee.stop = stop
    object.pointee.step = step
    return Value(bits: UInt64(UInt(bitPattern: raw)))
  }

  package func sequenceIterator(over source: Value, mode: Int = 0) -> Value {
    let raw = allocate(
      MemoryLayout<SequenceIteratorObject>.size, kind: .sequenceIterator, type: types.iterator.pointer,
      boardBytes: 16)
    let object = raw.assumingMemoryBound(to: SequenceIteratorObject.self)
    object.pointee.source = source
    object.pointee.index = 0
    object.pointee.mode = mode
    return Value(bits: UInt64(UInt(bitPattern: raw)))
  }

  // MARK: Functions

  /// A built-in function. `count` is how many positional arguments it takes.
  package func function(
    _ name: String, _ count: ClosedRange<Int>, keywords: Bool = false, cost: Interval = .nanoseconds(0),
    _ body: @escaping NativeBody
  ) -> Value {
    let internedName = intern(name)
    let raw = allocate(
      MemoryLayout<NativeFunctionObject>.size, kind: .nativeFunction, type: types.nativeFunction.pointer,
      boardBytes: 0)
    let object = raw.assumingMemoryBound(to: NativeFunctionObject.self)
    object.pointee.name = internedName
    object.pointee.minimumCount = count.lowerBound
    object.pointee.maximumCount = count.upperBound
    object.pointee.acceptsKeywords = keywords
    object.pointee.cost = cost.nanoseconds
    object.pointee.box = .passRetained(NativeBodyBox(body))
    object.pointee.pauseUnit = 0
    return NativeFunctionHandle(pointer: object).value
  }

  func boundMethod(_ function: Value, _ receiver: Value) -> Value {
    let raw = allocate(
      MemoryLayout<BoundMethodObject>.size, kind: .boundMethod, type: types.boundMethod.pointer,
      boardBytes: 16)
    let object = raw.assumingMemoryBound(to: BoundMethodObject.self)
    object.pointee.function = function
    object.pointee.receiver = receiver
    return BoundMethodHandle(pointer: object).value
  }

  func cell(_ content: Value) -> Value {
    let raw = allocate(MemoryLayout<CellObject>.size, kind: .cell, type: types.cell.pointer, boardBytes: 16)
    raw.assumingMemoryBound(to: CellObject.self).pointee.content = content
    return Value(bits: UInt64(UInt(bitPattern: raw)))
  }

  func wrapper(
    _ type: TypeHandle, _ first: Value, _ second: Value = .none, _ third: Value = .none
  ) -> Value {
    let raw = allocate(MemoryLayout<WrapperObject>.size, kind: .wrapper, type: type.pointer, boardBytes: 16)
    let object = raw.assumingMemoryBound(to: WrapperObject.self)
    object.pointee.first = first
    object.pointee.second = second
    object.pointee.third = third
    return WrapperHandle(pointer: object).value
  }

  // MARK: Modules, instances, exceptions, native objects

  /// - Parameter isOrdered: whether its names stay in the order in which they are defined, as in flash.
  package func module(_ name: String, isOrdered: Bool = false) -> ModuleHandle {
    let globals = dict()
    globals.pointer.pointee.isOrdered = isOrdered
    globals.set(interned: intern("__name__"), to: intern(name), in: self)
    return module(globals: globals)
  }

  func module(globals: DictHandle) -> ModuleHandle {
    let raw = allocate(
      MemoryLayout<ModuleObject>.size, kind: .module, type: types.module.pointer, boardBytes: 16)
    let object = raw.assumingMemoryBound(to: ModuleObject.self)
    object.pointee.globals = globals.pointer
    return ModuleHandle(pointer: object)
  }

  /// An instance of a firmware class, without attributes.
  func instance(of type: TypeHandle) -> InstanceHandle {
    let capacity = type.pointer.pointee.expectedSlotCount
    let raw = allocate(
      MemoryLayout<InstanceObject>.size + capacity * MemoryLayout<Value>.size, kind: .instance,
      type: type.pointer, boardBytes: 16)
    let object = raw.assumingMemoryBound(to: InstanceObject.self)
    object.pointee.shape = type.pointer.pointee.rootShape.unsafelyUnwrapped
    object.pointee.slots = UnsafeMutableRawPointer(object + 1).assumingMemoryBound(to: Value.self)
    object.pointee.slots.initialize(repeating: .unbound, count: capacity)
    object.pointee.capacity = capacity
    object.pointee.inlineCapacity = Int32(truncatingIfNeeded: capacity)
    object.pointee.tableSize = 0
    object.pointee.native = .unbound
    return InstanceHandle(pointer: object)
  }

  package func exception(of type: TypeHandle, arguments: some Collection<Value>) -> Value {
    if lockDepth != 0 { return emergencyException(of: type, arguments: arguments) }
    let tuple = self.tuple(arguments)
    let raw = allocate(
      MemoryLayout<ExceptionObject>.size, kind: .exception, type: type.pointer, boardBytes: 16)
    let object = raw.assumingMemoryBound(to: ExceptionObject.self)
    object.pointee.arguments = tuple
    object.pointee.traceback = .passRetained(Traceback())
    return ExceptionHandle(pointer: object).value
  }

  /// An object around a Swift object (which reports values that it holds through `ValueHolding`).
  package func native(_ type: TypeHandle, _ payload: AnyObject, boardBytes: Int = 16) -> Value {
    native(type, payload, holder: payload as? any ValueHolding, boardBytes: boardBytes)
  }

  /// The same for a payload that is known to hold values, which need not be found out.
  package func native(_ type: TypeHandle, holding payload: some ValueHolding, boardBytes: Int = 16) -> Value {
    native(type, payload, holder: payload, boardBytes: boardBytes)
  }

  /// The same for a payload that is known to hold none: at start-up, each class for which that has to be found out costs 30 µs.
  package func native(_ type: TypeHandle, plain payload: AnyObject, boardBytes: Int = 16) -> Value {
    native(type, payload, holder: nil, boardBytes: boardBytes)
  }

  private func native(
    _ type: TypeHandle, _ payload: AnyObject, holder: (any ValueHolding)?, boardBytes: Int
  ) -> Value {
    let raw = allocate(
      MemoryLayout<NativeObject>.size, kind: .native, type: type.pointer, boardBytes: boardBytes)
    let header = raw.load(as: ObjectHeader.self)
    let object = raw.bindMemory(to: NativeObject.self, capacity: 1)
    object.initialize(to: NativeObject(header: header, payload: .passRetained(payload), holder: holder))
    return NativeHandle(pointer: object).value
  }
}
