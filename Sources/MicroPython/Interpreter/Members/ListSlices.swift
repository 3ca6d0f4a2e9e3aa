/// Slices of lists that are used at once, without making the slice.
extension Interpreter {
  /// Executes a `buildSlice` together with the instruction behind it, when that gets or replaces items of a list.
  /// False, with nothing done, for everything else, errors among it.
  func sliceAtOnce(_ instruction: Instruction) -> Bool {
    let frame = state.pointee.frame
    let registers = frame.pointee.registers
    let next = frame.pointee.pc.pointee
    let bounds = registers + instruction.b
    let isTaken: Bool
    switch next.opcode {
    case .getItem where next.c == instruction.a:
      guard let list = ListHandle(registers[next.b]), let slice = Self.bounds(bounds, count: list.count)
      else {
        return false
      }
      registers[next.a] = copy(slice, of: list)
      isTaken = true
    case .setItem where next.b == instruction.a:
      guard let list = ListHandle(registers[next.a]), let other = ListHandle(registers[next.c]),
        let slice = Self.bounds(bounds, count: list.count)
      else { return false }
      isTaken = replace(slice, of: list, by: other)
    default: return false
    }
    // The other instruction is done too; neither charges time of its own.
    if isTaken {
      frame.pointee.pc += 1
      heap.accountSlice()
    }
    return isTaken
  }

  /// The bounds of a slice whose parts are small integers or None; nil for other parts and a step of 0.
  private static func bounds(_ parts: UnsafeMutablePointer<Value>, count: Int) -> BoundSlice? {
    var step = 1
    if !parts[2].isNone {
      guard isBoardWord(parts[2]), parts[2].smallInt != 0 else { return nil }
      step = parts[2].smallInt
    }
    // With a negative step, -1 stands for "before the first item".
    let lowest = step > 0 ? 0 : -1
    let highest = step > 0 ? count : count - 1
    var slice = BoundSlice(start: step > 0 ? lowest : highest, stop: step > 0 ? highest : lowest, step: step)
    if !parts[0].isNone {
      guard isBoardWord(parts[0]) else { return nil }
      let index = parts[0].smallInt
      slice.start = min(max(index < 0 ? index &+ count : index, lowest), highest)
    }
    if !parts[1].isNone {
      guard isBoardWord(parts[1]) else { return nil }
      let index = parts[1].smallInt
      slice.stop = min(max(index < 0 ? index &+ count : index, lowest), highest)
    }
    return slice
  }

  private static func isBoardWord(_ value: Value) -> Bool {
    value.isSmallInt && Value.fitsBoardWord(value.bits)
  }

  private func copy(_ slice: BoundSlice, of list: ListHandle) -> Value {
    if slice.step == 1 {
      let count = slice.range.count
      let result = heap.list(reserving: count)
      result.pointer.pointee.items.update(
        from: list.pointer.pointee.items + slice.range.lowerBound, count: count)
      result.pointer.pointee.count = count
      return result.value
    }
    let result = heap.list()
    // Invariant: `bounds` has cut start and stop down to the list.
    let items = list.pointer.pointee.items
    var position = slice.start
    while slice.step > 0 ? position < slice.stop : position > slice.stop {
      result.append(items[position], in: heap)
      position &+= slice.step
    }
    return result.value
  }

  /// Overwrites items by as many others; false, with nothing done, when there are more or fewer of them.
  private func replace(_ slice: BoundSlice, of list: ListHandle, by other: ListHandle) -> Bool {
    guard slice.step == 1, slice.range.count == other.count, other.pointer != list.pointer else {
      return false
    }
    (list.pointer.pointee.items + slice.start).update(from: other.pointer.pointee.items, count: other.count)
    return true
  }
}
