/// The processor as inline assembler sees it: sixteen registers, flags, the registers of the floating-point unit, and memory.
///
/// It stops on the same faults as a board: an access to an address that nothing is at, an instruction that
/// does not exist.
final class ThumbProcessor {
  /// A function's return address.
  static let returnAddress: UInt32 = 0xffff_ffff
  static let sp = 13
  static let lr = 14
  static let pc = 15

  var registers = [UInt32](repeating: 0, count: 16)
  var floats = [Float](repeating: 0, count: 32)
  var negative = false
  var zero = false
  var carry = false
  var overflow = false
  /// Flags of the last floating-point comparison, in the places of FPSCR.
  var floatFlags: UInt32 = 0
  /// The remainder of an IT block: condition and mask, as in the processor's ITSTATE; zero for none.
  var itState: UInt32 = 0
  /// The address for which LDREX has asked to be alone.
  var exclusiveAddress: UInt32?
  /// The address at which execution goes on behind the instruction that is being executed.
  var next: UInt32 = 0
  /// Cycles of this instruction beside those of the table: branches that are taken.
  var extraCycles = 0

  let memory: ThumbMemory
  /// How many functions are running: more than one where a handler interrupts.
  private var depth = 0
  private var decoded: [UInt32: Decoded] = [:]

  private struct Decoded {
    let instruction: ThumbInstruction
    let operands: ThumbOperands
    let byteCount: UInt32
  }

  init(memory: ThumbMemory) { self.memory = memory }

  // MARK: Running

  /// Calls the code at an address and returns when it returns.
  /// - Parameters:
  ///   - spend: called with the cycles of each instruction when it has been executed; throws errors that end
  ///     the firmware.
  func call(
    _ address: UInt32, _ arguments: [UInt32], spend: (Int) throws(Raised) -> Void
  ) throws(Raised) -> UInt32 {
    // A handler may interrupt a function, and use the same processor.
    let restore = depth > 0 ? restoringState() : nil
    let stackPointer = registers[Self.sp]
    depth += 1
    defer {
      depth -= 1
      restore?()
      registers[Self.sp] = stackPointer
    }
    for (index, argument) in arguments.enumerated() { registers[index] = argument }
    registers[Self.lr] = Self.returnAddress
    itState = 0
    next = address
    while next != Self.returnAddress & ~1 {
      let step = try decode(at: next)
      registers[Self.pc] = next &+ 4
      next &+= step.byteCount
      extraCycles = 0
      if itState == 0 {
        try step.instruction.execute(self, step.operands)
      } else {
        try executeInBlock(step)
      }
      try spend(step.instruction.cycles + extraCycles)
    }
    return registers[0]
  }

  /// Returns a closure that restores the state which an interrupted function must find as it was.
  private func restoringState() -> () -> Void {
    let (registers, floats, floatFlags) = (registers, floats, floatFlags)
    let (negative, zero, carry, overflow) = (negative, zero, carry, overflow)
    let (itState, next, extraCycles) = (itState, next, extraCycles)
    return { [unowned self] in
      (self.registers, self.floats, self.floatFlags) = (registers, floats, floatFlags)
      (self.negative, self.zero, self.carry, self.overflow) = (negative, zero, carry, overflow)
      (self.itState, self.next, self.extraCycles) = (itState, next, extraCycles)
      // An exception ends what LDREX has begun.
      exclusiveAddress = nil
    }
  }

  /// Executes an instruction of an IT block if its condition holds. In a block, 16-bit instructions leave the flags alone,
  /// comparisons excepted (Architecture Reference Manual, A4.1.2).
  private func executeInBlock(_ step: Decoded) throws(Raised) {
    let holds = condition(itState >> 4)
    itState = itState & 7 == 0 ? 0 : itState & 0xe0 | itState << 1 & 0x1f
    guard holds else { return }
    let flags = (negative, zero, carry, overflow)
    try step.instruction.execute(self, step.operands)
    if !step.instruction.encoding.isWide && !step.instruction.isComparison {
      (negative, zero, carry, overflow) = flags
    }
  }

  private func decode(at address: UInt32) throws(Raised) -> Decoded {
    if let known = decoded[address] { return known }
    let first = try memory.load(address, 2, self)
    let isWide = first >> 11 >= 0b11101
    let word = isWide ? first << 16 | (try memory.load(address &+ 2, 2, self)) : first
    guard
      let instruction = ThumbTable.instructions.first(where: { $0.encoding.matches(word, isWide: isWide) })
    else { throw memory.undefined(word, isWide: isWide, at: address) }
    let step = Decoded(
      instruction: instruction,
      operands: ThumbOperands(instruction.operands.flatMap { $0.values(instruction.encoding, word) }),
      byteCount: isWide ? 4 : 2)
    // Code does not change; data that is executed may.
    if memory.isCode(address) { decoded[address] = step }
    return step
  }

  // MARK: Conditions and branches

  /// - Parameter number: the condition, in `ThumbCondition.names`.
  func condition(_ number: UInt32) -> Bool {
    let holds =
      switch number >> 1 {
      case 0: zero
      case 1: carry
      case 2: negative
      case 3: overflow
      case 4: carry && !zero
      case 5: negative == overflow
      case 6: !zero && negative == overflow
      default: true
      }
    return number & 1 == 1 && number != 15 ? !holds : holds
  }

  func branch(to address: UInt32) {
    next = address & ~1
    extraCycles += 1
  }

  // MARK: Arithmetic

  func setFlags(of result: UInt32) {
    negative = result >> 31 == 1
    zero = result == 0
  }

  /// `left + right + carry` with all four flags.
  func sum(_ left: UInt32, _ right: UInt32, carry carryIn: Bool) -> UInt32 {
    let wide = UInt64(left) + UInt64(right) + (carryIn ? 1 : 0)
    let result = UInt32(truncatingIfNeeded: wide)
    carry = wide >> 32 != 0
    overflow = ((left ^ result) & (right ^ result)) >> 31 == 1
    setFlags(of: result)
    return result
  }

  func difference(_ left: UInt32, _ right: UInt32, carry: Bool = true) -> UInt32 {
    sum(left, ~right, carry: carry)
  }

  enum Shift { case left, right, arithmetic, rotate }

  /// Shifts by a distance of 0 to 255, as the lowest byte of a register gives it.
  func shifted(_ value: UInt32, _ shift: Shift, by distance: UInt32) -> UInt32 {
    var result = value
    if distance > 0 {
      switch shift {
      case .left:
        carry = distance <= 32 ? (value << (distance - 1)) >> 31 == 1 : false
        result = distance < 32 ? value << distance : 0
      case .right:
        carry = distance <= 32 ? value >> (distance - 1) & 1 == 1 : false
        result = distance < 32 ? value >> distance : 0
      case .arithmetic:
        let bounded = min(distance, 32)
        let signed = Int64(Int32(bitPattern: value))
        carry = signed >> Int64(bounded - 1) & 1 == 1
        result = UInt32(truncatingIfNeeded: signed >> Int64(bounded))
      case .rotate:
        let turn = distance & 31
        result = turn == 0 ? value : value >> turn | value << (32 - turn)
        carry = result >> 31 == 1
      }
    }
    setFlags(of: result)
    return result
  }

  /// Cycles of a division: 2 to 12, fewer the less the operands differ in length.
  func divisionCycles(_ dividend: UInt32, _ divisor: UInt32) -> Int {
    guard divisor != 0, dividend >= divisor else { return 0 }
    return min(10, (divisor.leadingZeroBitCount - dividend.leadingZeroBitCount) / 3 + 1)
  }

  // MARK: Memory

  func load(_ base: UInt32, _ offset: UInt32, _ byteCount: Int) throws(Raised) -> UInt32 {
    try memory.load(registers[Int(base)] &+ offset, byteCount, self)
  }

  func store(_ value: UInt32, _ base: UInt32, _ offset: UInt32, _ byteCount: Int) throws(Raised) {
    try memory.store(value, registers[Int(base)] &+ offset, byteCount, self)
  }

  /// Pushes the registers of a list, the lowest at the lowest address.
  func push(_ list: UInt32) throws(Raised) {
    var address = registers[Self.sp] &- UInt32(4 * list.nonzeroBitCount)
    extraCycles += list.nonzeroBitCount
    let top = address
    for number in 0..<16 where list >> number & 1 == 1 {
      try memory.store(registers[number], address, 4, self)
      address &+= 4
    }
    registers[Self.sp] = top
  }

  func pop(_ list: UInt32) throws(Raised) {
    var address = registers[Self.sp]
    extraCycles += list.nonzeroBitCount
    for number in 0..<16 where list >> number & 1 == 1 {
      let value = try memory.load(address, 4, self)
      address &+= 4
      if number == Self.pc { branch(to: value) } else { registers[number] = value }
    }
    registers[Self.sp] = address
  }

  // MARK: Floating point

  func setFloat(_ number: UInt32, _ value: Float) { floats[Int(number)] = value }
  func float(_ number: UInt32) -> Float { floats[Int(number)] }

  func compareFloats(_ left: Float, _ right: Float) {
    if left.isNaN || right.isNaN {
      floatFlags = 0b0011 << 28
    } else if left == right {
      floatFlags = 0b0110 << 28
    } else {
      floatFlags = (left < right ? 0b1000 : 0b0010) << 28
    }
  }

  /// Returns a result as the unit gives it: a NaN comes from the first operand that is one, else it is the
  /// default one.
  static func number(_ result: Float, of left: Float, _ right: Float) -> Float {
    guard result.isNaN else { return result }
    func isSignalling(_ operand: Float) -> Bool { operand.isNaN && operand.bitPattern & 0x40_0000 == 0 }
    let operands = [left, right]
    guard let source = operands.first(where: isSignalling) ?? operands.first(where: \.isNaN) else {
      return Float(bitPattern: 0x7fc0_0000)
    }
    return Float(bitPattern: source.bitPattern | 0x40_0000)
  }

  /// Towards zero; a value out of range becomes the nearest integer, and NaN becomes zero.
  static func integer(_ value: Float) -> UInt32 {
    if value.isNaN { return 0 }
    if value >= 2_147_483_648 { return 0x7fff_ffff }
    if value < -2_147_483_648 { return 0x8000_0000 }
    return UInt32(bitPattern: Int32(value))
  }
}
