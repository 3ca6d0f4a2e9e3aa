/// Jumps of the bytecode loop. Every taken jump is a safe point.
///
/// False stands for an instruction that `execute` has to do: because of its operands, or because the jump is taken and
/// the time slice is used up.
extension Interpreter {
  @inline(__always) func jump(_ at: inout LoopPosition, _ offset: Int) -> Bool {
    if _slowPath(at.budget <= 0) { return false }
    at.pc += offset
    return true
  }

  /// Jumps if a register's truth is as wanted.
  @inline(__always) func jump(
    _ at: inout LoopPosition, _ instruction: Instruction, ifTruthIs wanted: Bool
  ) -> Bool {
    at.charge(instruction)
    let value = at.registers[instruction.a]
    guard value.isBool || value.isNone || value.isSmallInt else { return false }
    return value.isTriviallyTrue == wanted ? jump(&at, instruction.signedBC) : true
  }

  /// Jumps if a comparison of two registers has the wanted outcome.
  @inline(__always) func jump(
    _ at: inout LoopPosition, _ instruction: Instruction, if wanted: Bool,
    _ ints: (Int64, Int64) -> Bool, _ floats: (Double, Double) -> Bool
  ) -> Bool {
    at.charge(instruction)
    let left = at.registers[instruction.a]
    let right = at.registers[instruction.b]
    if _fastPath(left.bits & right.bits & 1 != 0) {
      // The tags are equal, so the tagged words compare as the integers do.
      return ints(Int64(bitPattern: left.bits), Int64(bitPattern: right.bits)) == wanted
        ? jump(&at, instruction.signedC) : true
    }
    guard left.isImmediateFloat && right.isImmediateFloat else { return false }
    return floats(left.immediateFloat, right.immediateFloat) == wanted
      ? jump(&at, instruction.signedC) : true
  }

  /// The same with the small integer in operand B on the right.
  @inline(__always) func jumpInt(
    _ at: inout LoopPosition, _ instruction: Instruction, if wanted: Bool, _ ints: (Int64, Int64) -> Bool
  ) -> Bool {
    at.charge(instruction)
    let left = at.registers[instruction.a]
    guard left.isSmallInt else { return false }
    return ints(Int64(bitPattern: left.bits), Int64(instruction.signedB &<< 1 | 1)) == wanted
      ? jump(&at, instruction.signedC) : true
  }

  /// Jumps by operand C if `condition` holds.
  @inline(__always) func jump(
    _ at: inout LoopPosition, _ instruction: Instruction, if condition: Bool
  ) -> Bool {
    at.charge(instruction)
    return condition ? jump(&at, instruction.signedC) : true
  }
}
