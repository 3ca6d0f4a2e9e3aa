/// Items of the bytecode loop: lists, tuples and bytes indexed by small integers. False stands for the rest.
extension Interpreter {
  /// Returns the address of a list's item; nil for other objects and beyond the list's ends.
  @inline(__always) private func listItem(
    _ object: Value, _ index: Int
  ) -> UnsafeMutablePointer<Value>? {
    guard object.isOperandObject && object.header.pointee.kind == .list else { return nil }
    let list = object.address(as: ListObject.self)
    guard let position = position(index, in: list.pointee.count) else { return nil }
    return list.pointee.items + position
  }

  /// Counts negative indices from the end; nil beyond the ends.
  @inline(__always) private func position(_ index: Int, in count: Int) -> Int? {
    let position = index < 0 ? index &+ count : index
    return UInt(bitPattern: position) < UInt(bitPattern: count) ? position : nil
  }

  @inline(__always) func getItem(_ at: inout LoopPosition, _ instruction: Instruction) -> Bool {
    let object = at.registers[instruction.b]
    let index = at.registers[instruction.c]
    guard index.isSmallInt, object.isOperandObject else { return false }
    if let item = listItem(object, index.smallInt) {
      at.registers[instruction.a] = item.pointee
      return true
    }
    switch object.header.pointee.kind {
    case .tuple:
      let tuple = TupleHandle(unchecked: object)
      guard let position = position(index.smallInt, in: tuple.count) else { return false }
      at.registers[instruction.a] = tuple.base[position]
      return true
    case .array:
      guard let byte = ownByte(object, index.smallInt) else { return false }
      at.registers[instruction.a] = Value(smallInt: Int(byte.pointee))
      return true
    case .bytes:
      let bytes = object.address(as: StringObject.self)
      guard let position = position(index.smallInt, in: bytes.pointee.byteCount) else { return false }
      at.registers[instruction.a] = Value(smallInt: Int(StringHandle.bytes(of: bytes)[position]))
      return true
    default: return false
    }
  }

  /// Returns the address of an item of a bytearray, or of an array with items like it; nil for other objects
  /// and beyond its ends.
  @inline(__always) private func ownByte(_ object: Value, _ index: Int) -> UnsafeMutablePointer<UInt8>? {
    let array = object.address(as: ArrayObject.self)
    guard array.pointee.typeCode == UInt8(ascii: "B"), array.pointee.base.isUnbound,
      let position = position(index, in: array.pointee.count)
    else { return nil }
    return array.pointee.items.assumingMemoryBound(to: UInt8.self) + position
  }

  @inline(__always) func getItemInt(_ at: inout LoopPosition, _ instruction: Instruction) -> Bool {
    let object = at.registers[instruction.b]
    if let item = listItem(object, instruction.signedC) {
      at.registers[instruction.a] = item.pointee
      return true
    }
    if object.isKind(.tuple) {
      let tuple = TupleHandle(unchecked: object)
      if let position = position(instruction.signedC, in: tuple.count) {
        at.registers[instruction.a] = tuple.base[position]
        return true
      }
    }
    return false
  }

  @inline(__always) func setItem(_ at: inout LoopPosition, _ instruction: Instruction) -> Bool {
    let object = at.registers[instruction.a]
    let index = at.registers[instruction.b]
    if index.isSmallInt, let item = listItem(object, index.smallInt) {
      item.pointee = at.registers[instruction.c]
      return true
    }
    let value = at.registers[instruction.c]
    if index.isSmallInt, value.isSmallInt, object.isKind(.array), let byte = ownByte(object, index.smallInt) {
      byte.pointee = UInt8(truncatingIfNeeded: value.smallInt)
      return true
    }
    return false
  }
}
