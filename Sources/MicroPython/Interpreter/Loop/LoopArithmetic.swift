/// Arithmetic and comparison of the bytecode loop for small integers and immediate floats. False stands for other
/// operands, and for results that are neither.
///
/// A small integer's tag is its lowest bit; one of two tags has to be taken off before tagged words are added.
extension Interpreter {
  /// Puts a float into R[A].
  @inline(__always) private func store(
    _ at: inout LoopPosition, _ instruction: Instruction, _ double: Double
  ) throws(Raised) -> Bool {
    at.registers[instruction.a] = heap.float(double)
    try attend(&at)
    return true
  }

  @inline(__always) func add(_ at: inout LoopPosition, _ instruction: Instruction) throws(Raised) -> Bool {
    let left = at.registers[instruction.b]
    let right = at.registers[instruction.c]
    if left.bits & right.bits & 1 != 0 {
      let (sum, overflow) = Int64(bitPattern: left.bits).addingReportingOverflow(
        Int64(bitPattern: right.bits &- 1))
      guard !overflow && Value.fitsBoardWord(UInt64(bitPattern: sum)) else { return false }
      at.registers[instruction.a] = Value(bits: UInt64(bitPattern: sum))
      return true
    }
    guard left.isImmediateFloat && right.isImmediateFloat else { return false }
    return try store(&at, instruction, left.immediateFloat + right.immediateFloat)
  }

  @inline(__always) func subtract(
    _ at: inout LoopPosition, _ instruction: Instruction
  ) throws(Raised) -> Bool {
    let left = at.registers[instruction.b]
    let right = at.registers[instruction.c]
    if left.bits & right.bits & 1 != 0 {
      let (difference, overflow) = Int64(bitPattern: left.bits).subtractingReportingOverflow(
        Int64(bitPattern: right.bits &- 1))
      guard !overflow && Value.fitsBoardWord(UInt64(bitPattern: difference)) else { return false }
      at.registers[instruction.a] = Value(bits: UInt64(bitPattern: difference))
      return true
    }
    guard left.isImmediateFloat && right.isImmediateFloat else { return false }
    return try store(&at, instruction, left.immediateFloat - right.immediateFloat)
  }

  @inline(__always) func multiply(
    _ at: inout LoopPosition, _ instruction: Instruction
  ) throws(Raised) -> Bool {
    let left = at.registers[instruction.b]
    let right = at.registers[instruction.c]
    if left.bits & right.bits & 1 != 0 {
      let (product, overflow) = left.smallInt.multipliedReportingOverflow(by: right.smallInt)
      return !overflow && storeBoardWord(&at, instruction, product)
    }
    guard left.isImmediateFloat && right.isImmediateFloat else { return false }
    return try store(&at, instruction, left.immediateFloat * right.immediateFloat)
  }

  @inline(__always) func trueDivide(
    _ at: inout LoopPosition, _ instruction: Instruction
  ) throws(Raised) -> Bool {
    let left = at.registers[instruction.b]
    let right = at.registers[instruction.c]
    guard left.isImmediateFloat && right.isImmediateFloat && right.immediateFloat != 0 else { return false }
    return try store(&at, instruction, left.immediateFloat / right.immediateFloat)
  }

  /// Puts an integer into R[A], unless it is an object on the board.
  @inline(__always) private func storeBoardWord(
    _ at: inout LoopPosition, _ instruction: Instruction, _ integer: Int
  ) -> Bool {
    let value = Value(smallInt: integer)
    guard Value.fitsBoardWord(value.bits) && value.smallInt == integer else { return false }
    at.registers[instruction.a] = value
    return true
  }

  @inline(__always) func floorDivide(_ at: inout LoopPosition, _ instruction: Instruction) -> Bool {
    let left = at.registers[instruction.b]
    let right = at.registers[instruction.c]
    guard left.bits & right.bits & 1 != 0, right.smallInt > 0 else { return false }
    let (quotient, remainder) = left.smallInt.quotientAndRemainder(dividingBy: right.smallInt)
    return storeBoardWord(&at, instruction, remainder < 0 ? quotient &- 1 : quotient)
  }

  @inline(__always) func modulo(_ at: inout LoopPosition, _ instruction: Instruction) -> Bool {
    let left = at.registers[instruction.b]
    let right = at.registers[instruction.c]
    guard left.bits & right.bits & 1 != 0, right.smallInt > 0 else { return false }
    let remainder = left.smallInt % right.smallInt
    return storeBoardWord(&at, instruction, remainder < 0 ? remainder &+ right.smallInt : remainder)
  }

  @inline(__always) func shiftLeft(_ at: inout LoopPosition, _ instruction: Instruction) -> Bool {
    let left = at.registers[instruction.b]
    let right = at.registers[instruction.c]
    guard left.bits & right.bits & 1 != 0, Value.fitsBoardWord(left.bits),
      UInt(bitPattern: right.smallInt) < 31
    else { return false }
    return storeBoardWord(&at, instruction, left.smallInt &<< right.smallInt)
  }

  @inline(__always) func shiftRight(_ at: inout LoopPosition, _ instruction: Instruction) -> Bool {
    let left = at.registers[instruction.b]
    let right = at.registers[instruction.c]
    guard left.bits & right.bits & 1 != 0, UInt(bitPattern: right.smallInt) < 63 else { return false }
    return storeBoardWord(&at, instruction, left.smallInt &>> right.smallInt)
  }

  /// `&`, `|` or `^` on the tagged words; `^` takes the tag off.
  @inline(__always) func bitwise(
    _ at: inout LoopPosition, _ instruction: Instruction, _ operation: (UInt64, UInt64) -> UInt64
  ) -> Bool {
    let left = at.registers[instruction.b]
    let right = at.registers[instruction.c]
    guard left.bits & right.bits & 1 != 0 else { return false }
    at.registers[instruction.a] = Value(bits: operation(left.bits, right.bits) | 1)
    return true
  }

  @inline(__always) func addInt(_ at: inout LoopPosition, _ instruction: Instruction) -> Bool {
    let left = at.registers[instruction.b]
    let sum = left.bits &+ UInt64(bitPattern: Int64(instruction.signedC) &<< 1)
    guard left.isSmallInt && Value.fitsBoardWord(sum) else { return false }
    at.registers[instruction.a] = Value(bits: sum)
    return true
  }

  @inline(__always) func subtractInt(_ at: inout LoopPosition, _ instruction: Instruction) -> Bool {
    let left = at.registers[instruction.b]
    let difference = left.bits &- UInt64(bitPattern: Int64(instruction.signedC) &<< 1)
    guard left.isSmallInt && Value.fitsBoardWord(difference) else { return false }
    at.registers[instruction.a] = Value(bits: difference)
    return true
  }

  @inline(__always) func compare(
    _ at: inout LoopPosition, _ instruction: Instruction, _ ints: (Int64, Int64) -> Bool
  ) -> Bool {
    let left = at.registers[instruction.b]
    let right = at.registers[instruction.c]
    guard left.bits & right.bits & 1 != 0 else { return false }
    at.registers[instruction.a] = Value(ints(Int64(bitPattern: left.bits), Int64(bitPattern: right.bits)))
    return true
  }
}
