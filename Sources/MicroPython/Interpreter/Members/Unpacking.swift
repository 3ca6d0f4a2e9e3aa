/// Unpacking of iterables into registers, and the instructions that build containers.
extension Interpreter {
  func unpack(_ value: Value, count: Int, into registers: UnsafeMutablePointer<Value>) throws(Raised) {
    if let tuple = TupleHandle(value), tuple.count == count {
      for index in 0..<count { registers[index] = tuple.base[index] }
      return
    }
    if let list = ListHandle(value), list.count == count {
      for index in 0..<count { registers[index] = list.items[index] }
      return
    }
    // Of an iterable that may go on for ever no more than one item too many is taken.
    let items = try collect(value, atMost: count + 1)
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
      registers[instruction.a] = heap.slice(
        registers[instruction.b], registers[instruction.b + 1], registers[instruction.b + 2],
        boardBytes: isSliceOfArray(instruction) ? 0 : Heap.boardBlock)
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

  /// Whether a slice is used at once as the index of an array, bytearray or memoryview. On the board it then lies on the stack
  /// (MP_TYPE_FLAG_SUBSCR_ALLOWS_STACK_SLICE).
  private func isSliceOfArray(_ instruction: Instruction) -> Bool {
    let frame = state.pointee.frame
    let next = frame.pointee.pc.pointee
    let registers = frame.pointee.registers
    switch next.opcode {
    case .getItem: return next.c == instruction.a && registers[next.b].isKind(.array)
    case .setItem: return next.b == instruction.a && registers[next.a].isKind(.array)
    default: return false
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
      // A name may stand there twice: the callee refuses that, or takes the first or the last, as the board's does.
      dict.insertNew(
        interned, hash: StringHandle(unchecked: interned).hash, value: value, isInterned: true, in: heap)
    } else {
      try dictSet(dict, key, value)
    }
  }
}
