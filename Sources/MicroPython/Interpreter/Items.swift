/// Subscripts, iteration, unpacking and building of containers.
extension Interpreter {
  // MARK: Subscripts

  package func getItem(_ object: Value, _ index: Value) throws(Raised) -> Value {
    if let instance = InstanceHandle(object) {
      let method = classMember(names.getitem, of: instance.type)
      if !method.isUnbound && !(method.isKind(.nativeFunction) && !instance.native.isUnbound) {
        return try callSpecial(method, on: object, index)
      }
      if !instance.native.isUnbound { return try getItem(instance.native, index) }
    } else if let slot = type(of: object).info.getItem {
      return try slot(self, object, index)
    }
    throw error(.typeError, "'\(type(of: object).name)' object isn't subscriptable")
  }

  package func setItem(_ object: Value, _ index: Value, _ value: Value) throws(Raised) {
    if let instance = InstanceHandle(object) {
      let method = classMember(names.setitem, of: instance.type)
      if !method.isUnbound && !(method.isKind(.nativeFunction) && !instance.native.isUnbound) {
        _ = try callSpecial(method, on: object, index, value)
        return
      }
      if !instance.native.isUnbound { return try setItem(instance.native, index, value) }
    } else if let slot = type(of: object).info.setItem {
      return try slot(self, object, index, value)
    }
    throw error(.typeError, "'\(type(of: object).name)' object doesn't support item assignment")
  }

  package func deleteItem(_ object: Value, _ index: Value) throws(Raised) {
    if let instance = InstanceHandle(object) {
      let method = classMember(names.delitem, of: instance.type)
      if !method.isUnbound && !(method.isKind(.nativeFunction) && !instance.native.isUnbound) {
        _ = try callSpecial(method, on: object, index)
        return
      }
      if !instance.native.isUnbound { return try deleteItem(instance.native, index) }
    } else if let slot = type(of: object).info.deleteItem {
      return try slot(self, object, index)
    }
    throw error(.typeError, "'\(type(of: object).name)' object doesn't support item deletion")
  }

  // MARK: Iteration

  /// `iter(value)`.
  package func iterate(_ value: Value) throws(Raised) -> Value {
    if value.isObject {
      switch value.header.pointee.kind {
      case .generator, .rangeIterator, .sequenceIterator: return value
      case .list, .tuple, .string, .bytes, .dict, .array: return heap.sequenceIterator(over: value)
      case .range:
        let range = RangeHandle(unchecked: value)
        return heap.rangeIterator(range.start, range.stop, range.step)
      case .instance:
        let instance = InstanceHandle(unchecked: value)
        let method = classMember(names.iter, of: instance.type)
        if !method.isUnbound && !(method.isKind(.nativeFunction) && !instance.native.isUnbound) {
          return try callSpecial(method, on: value)
        }
        let hasItems = !classMember(names.getitem, of: instance.type).isUnbound
        // An exception is the one built-in base that has no items of its own.
        if !instance.native.isUnbound, !hasItems || !instance.native.isKind(.exception) {
          return try iterate(instance.native)
        }
        if hasItems { return heap.sequenceIterator(over: value) }
      default:
        let info = type(of: value).info
        if let slot = info.iterate { return try slot(self, value) }
        if info.next != nil || info.step != nil { return value }
      }
    }
    throw error(.typeError, "'\(type(of: value).name)' object isn't iterable")
  }

  /// The iterator of a loop. On the board it lies on the stack, so that loops over built-in objects run while the
  /// heap is locked.
  func iterateInLoop(_ value: Value) throws(Raised) -> Value {
    guard heap.lockDepth != 0, !value.isKind(.instance) else { return try iterate(value) }
    let depth = heap.lockDepth
    heap.lockDepth = 0
    defer { heap.lockDepth = depth }
    return try iterate(value)
  }

  /// The next item, or nil at the end. A collection that falls due meanwhile waits, because the caller may hold
  /// values that the heap does not know.
  package func next(_ iterator: Value) throws(Raised) -> Value? {
    state.pointee.pinDepth += 1
    defer { unpin() }
    let value = try nextOrUnbound(iterator)
    return value.isUnbound ? nil : value
  }

  /// The next item, or `unbound` at the end; collections may happen meanwhile.
  func nextOrUnbound(_ iterator: Value) throws(Raised) -> Value {
    guard iterator.isObject else { throw notAnIterator(iterator) }
    switch iterator.header.pointee.kind {
    case .rangeIterator:
      try passTime(costs.iteration)
      let range = iterator.address(as: RangeIteratorObject.self)
      let next = range.pointee.next
      guard range.pointee.step > 0 ? next < range.pointee.stop : next > range.pointee.stop else {
        return .unbound
      }
      range.pointee.next = next + range.pointee.step
      return heap.int(next)
    case .sequenceIterator:
      try passTime(costs.iteration)
      return try nextOfSequenceIterator(iterator)
    case .generator:
      let generator = GeneratorHandle(unchecked: iterator)
      switch try resume(generator) {
      case .yielded(let value): return value
      case .returned(let value):
        stopValue = value
        return .unbound
      }
    case .instance:
      let method = classMember(names.next, of: InstanceHandle(unchecked: iterator).type)
      guard !method.isUnbound else { throw notAnIterator(iterator) }
      do throws(Raised) {
        return try callSpecial(method, on: iterator)
      } catch {
        guard isException(error.exception, .stopIteration) else { throw error }
        stopValue = stopIterationValue(error.exception)
        return .unbound
      }
    default:
      let info = type(of: iterator).info
      if let slot = info.next {
        // An iterator over an iterator over an iterator …
        guard state.pointee.iterationDepth < 100 else { throw recursionError() }
        state.pointee.iterationDepth += 1
        defer { state.pointee.iterationDepth -= 1 }
        return try slot(self, iterator)
      }
      if let step = info.step {
        switch try step(self, iterator, .none) {
        case .finished: return .unbound
        case .parked: return .none
        case .yielded(let value): return value
        }
      }
      throw notAnIterator(iterator)
    }
  }

  private func notAnIterator(_ value: Value) -> Raised {
    error(.typeError, "'\(type(of: value).name)' object isn't an iterator")
  }

  /// Calls `body` with every item of an iterable.
  package func forEach(_ iterable: Value, _ body: (Value) throws(Raised) -> Void) throws(Raised) {
    if let tuple = TupleHandle(iterable) {
      for item in tuple.items { try body(item) }
      return
    }
    let iterator = try iterate(iterable)
    state.pointee.pinDepth += 1
    defer { unpin() }
    while let item = try next(iterator) { try body(item) }
  }

  /// Every item of an iterable.
  package func collect(_ iterable: Value) throws(Raised) -> [Value] {
    if let tuple = TupleHandle(iterable) { return Array(tuple.items) }
    if let list = ListHandle(iterable) { return Array(list.items) }
    var items: [Value] = []
    try forEach(iterable) { item throws(Raised) in
      // What has no end must not fill the host's memory.
      if items.count & 1023 == 0 { try requireMemory(items.count) }
      items.append(item)
    }
    return items
  }

  // MARK: Unpacking and building

  func unpack(_ value: Value, count: Int, into registers: UnsafeMutablePointer<Value>) throws(Raised) {
    if let tuple = TupleHandle(value), tuple.count == count {
      for index in 0..<count { registers[index] = tuple.base[index] }
      return
    }
    if let list = ListHandle(value), list.count == count {
      for index in 0..<count { registers[index] = list.items[index] }
      return
    }
    var items: [Value] = []
    let iterator = try iterateInLoop(value)
    while let item = try next(iterator) {
      items.append(item)
      if items.count > count && !value.isKind(.list) && !value.isKind(.tuple) {
        throw error(.valueError, "too many values to unpack (expected \(count))")
      }
    }
    if items.count > count { throw error(.valueError, "too many values to unpack (expected \(count))") }
    if items.count < count { throw error(.valueError, "need more than \(items.count) values to unpack") }
    for index in 0..<count { registers[index] = items[index] }
  }

  func unpackStar(
    _ value: Value, before: Int, after: Int, into registers: UnsafeMutablePointer<Value>
  ) throws(Raised) {
    let items = try collect(value)
    guard items.count >= before + after else {
      throw error(.valueError, "need more than \(items.count) values to unpack")
    }
    for index in 0..<before { registers[index] = items[index] }
    registers[before] = heap.list(items[before..<(items.count - after)])
    for index in 0..<after { registers[before + 1 + index] = items[items.count - after + index] }
  }

  /// The instructions that build containers piece by piece.
  func build(_ instruction: Instruction, _ registers: UnsafeMutablePointer<Value>) throws(Raised) {
    let target = registers[instruction.a]
    switch instruction.opcode {
    case .buildSet:
      let set = heap.set()
      set.reserve(instruction.c, in: heap)
      for index in 0..<instruction.c { try setAdd(set, registers[instruction.b + index]) }
      registers[instruction.a] = set.value
    case .buildDict:
      let dict = heap.dict()
      dict.reserve(instruction.c, in: heap)
      for index in 0..<instruction.c {
        try dictSet(dict, registers[instruction.b + 2 * index], registers[instruction.b + 2 * index + 1])
      }
      registers[instruction.a] = dict.value
    case .buildKeywords:
      let dict = heap.dict()
      dict.pointer.pointee.isOrdered = true
      registers[instruction.a] = dict.value
    case .reserve:
      if let dict = DictHandle(target) {
        dict.reserve(instruction.signedBC, in: heap)
      } else {
        SetHandle(unchecked: target).reserve(instruction.signedBC, in: heap)
      }
    case .buildSlice:
      // On the board a slice lies on the stack while it is used as an index.
      registers[instruction.a] = heap.slice(
        registers[instruction.b], registers[instruction.b + 1], registers[instruction.b + 2],
        boardBytes: instruction.c != 0 ? 0 : Heap.boardBlock)
    case .listAppend: ListHandle(unchecked: target).append(registers[instruction.b], in: heap)
    case .listExtend:
      let list = ListHandle(unchecked: target)
      for item in try collect(registers[instruction.b]) { list.append(item, in: heap) }
    case .setAdd: try setAdd(SetHandle(unchecked: target), registers[instruction.b])
    case .setUpdate:
      for item in try collect(registers[instruction.b]) { try setAdd(SetHandle(unchecked: target), item) }
    case .dictSet:
      try dictSet(DictHandle(unchecked: target), registers[instruction.b], registers[instruction.c])
    case .dictUpdate, .dictMergeKeywords:
      try merge(
        registers[instruction.b], into: DictHandle(unchecked: target),
        asKeywords: instruction.opcode == .dictMergeKeywords)
    default: registers[instruction.a] = heap.tuple(ListHandle(unchecked: target).items)
    }
  }

  private func merge(_ mapping: Value, into dict: DictHandle, asKeywords: Bool) throws(Raised) {
    let source = native(of: mapping)
    if let other = DictHandle(source) {
      for entry in other.entries { try add(entry.key, entry.value, to: dict, asKeywords: asKeywords) }
      return
    }
    let keys = try collect(callMethod(mapping, "keys"))
    for key in keys { try add(key, getItem(mapping, key), to: dict, asKeywords: asKeywords) }
  }

  private func add(_ key: Value, _ value: Value, to dict: DictHandle, asKeywords: Bool) throws(Raised) {
    if asKeywords {
      guard let name = StringHandle(key) else { throw notText(key) }
      let interned = name.isInterned ? key : try self.name(name.bytes)
      if !dict.get(interned: interned).isUnbound {
        throw error(.typeError, "function got multiple values for argument '\(name.text)'")
      }
      dict.set(interned: interned, to: value, in: heap)
    } else {
      try dictSet(dict, key, value)
    }
  }
}
