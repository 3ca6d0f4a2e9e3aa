/// Instructions on machine words (viper), with the results that a Cortex-M4 has.
extension Interpreter {
  func executeWord(
    _ instruction: Instruction, _ registers: UnsafeMutablePointer<Value>
  ) throws(Raised) {
    let a = instruction.a
    let left = registers[instruction.b]
    let right = registers[instruction.c]
    switch instruction.opcode {
    case .toWordBool: registers[a] = Value(try isTrue(left))
    case .toWordInt: registers[a] = Value(signedWord: try word(left))
    case .toWordUInt: registers[a] = Value(unsignedWord: try word(left))
    case .toWordPointer: registers[a] = Value(unsignedWord: try pointer(left))
    case .wordToObject: registers[a] = heap.int(left.smallInt)
    case .wordNegate: registers[a] = Value(signedWord: 0 &- left.smallInt)
    case .wordInvert: registers[a] = Value(signedWord: ~left.smallInt)
    case .loadWord8, .loadWord16, .loadWord32:
      registers[a] = try load(instruction.opcode, from: left.smallInt, at: right.smallInt)
    case .storeWord8, .storeWord16, .storeWord32:
      try store(
        try word(right), instruction.opcode, to: registers[a].smallInt, at: left.smallInt)
    default:
      registers[a] = Value(
        signedWord: Interpreter.wordResult(instruction.opcode, left.smallInt, right.smallInt))
    }
  }

  /// A result of which the lower 32 bits count.
  private static func wordResult(_ opcode: Opcode, _ left: Int, _ right: Int) -> Int {
    switch opcode {
    case .wordAdd: left &+ right
    case .wordSubtract: left &- right
    case .wordMultiply: left &* right
    case .wordFloorDivide: floorDivide(left, Int(Int32(truncatingIfNeeded: right)))
    case .wordModulo: modulo(left, Int(Int32(truncatingIfNeeded: right)))
    case .wordBitAnd: left & right
    case .wordBitOr: left | right
    case .wordBitXor: left ^ right
    // The processor takes the lowest byte as the distance.
    case .wordShiftLeft: right & 0xff < 32 ? left << (right & 0xff) : 0
    case .wordShiftRight: left >> min(right & 0xff, 63)
    default: 0
    }
  }

  /// The processor's division by zero gives zero.
  private static func floorDivide(_ left: Int, _ right: Int) -> Int {
    if right == 0 { return 0 }
    let quotient = left / right
    return left % right != 0 && (left < 0) != (right < 0) ? quotient - 1 : quotient
  }

  private static func modulo(_ left: Int, _ right: Int) -> Int {
    if right == 0 { return left }
    let remainder = left % right
    return remainder != 0 && (remainder < 0) != (right < 0) ? remainder + right : remainder
  }

  /// The lower 32 bits of an integer.
  private func word(_ value: Value) throws(Raised) -> Int {
    if value.isSmallInt { return value.smallInt }
    return Int(truncatingIfNeeded: try ArrayElement.lowBits(self, value))
  }

  /// An address: of an object's buffer, or as given.
  private func pointer(_ value: Value) throws(Raised) -> Int {
    if value.isSmallInt { return value.smallInt }
    let part = native(of: value)
    if part.isObject, let slot = type(of: part).info.buffer, let view = slot(self, part) {
      return memory.address(of: part, byteCount: view.byteCount, isKept: false)
    }
    return try word(value)
  }

  private func load(_ opcode: Opcode, from pointer: Int, at index: Int) throws(Raised) -> Value {
    let width = Interpreter.width(of: opcode)
    let address = pointer &+ width &* index
    if let register = try register(address, width) {
      return Value(smallInt: width == 4 ? Int(Int32(bitPattern: register)) : Int(register))
    }
    let place = try memory.place(at: address, count: width, self)
    switch width {
    case 1: return Value(smallInt: Int(place[0]))
    case 2: return Value(smallInt: Int(place.loadUnaligned(as: UInt16.self)))
    default: return Value(smallInt: Int(place.loadUnaligned(as: Int32.self)))
    }
  }

  private func store(
    _ word: Int, _ opcode: Opcode, to pointer: Int, at index: Int
  ) throws(Raised) {
    let width = Interpreter.width(of: opcode)
    let address = pointer &+ width &* index
    let value = UInt32(truncatingIfNeeded: word)
    if Interpreter.mayBeRegister(address), !memory.contains(address, count: width) {
      let bits = value & (width == 4 ? .max : 1 << (8 * UInt32(width)) - 1)
      let register = UInt32(truncatingIfNeeded: address)
      if try processorEnvironment?.storeRegister(bits, register, byteCount: width) == true { return }
      try refuse(register, width, storing: bits)
    }
    let place = try memory.place(at: address, count: width, writable: true, self)
    switch width {
    case 1: place[0] = UInt8(truncatingIfNeeded: word)
    case 2: place.storeBytes(of: UInt16(truncatingIfNeeded: word), as: UInt16.self)
    default: place.storeBytes(of: value, as: UInt32.self)
    }
  }

  private static func width(of opcode: Opcode) -> Int {
    switch opcode {
    case .loadWord8, .storeWord8: 1
    case .loadWord16, .storeWord16: 2
    default: 4
    }
  }

  /// Addresses of buffers lie below those of peripherals.
  private static func mayBeRegister(_ address: Int) -> Bool {
    UInt32(truncatingIfNeeded: address) >= 0x1fff_0000
  }

  private func register(_ address: Int, _ byteCount: Int) throws(Raised) -> UInt32? {
    guard Interpreter.mayBeRegister(address), !memory.contains(address, count: byteCount) else { return nil }
    let register = UInt32(truncatingIfNeeded: address)
    if let word = try processorEnvironment?.loadRegister(register, byteCount: byteCount) { return word }
    try refuse(register, byteCount, storing: nil)
    return nil
  }

  /// Raises an error that names the register, where a peripheral is.
  private func refuse(_ address: UInt32, _ byteCount: Int, storing value: UInt32?) throws(Raised) {
    if let text = processorEnvironment?.refusal(of: address, byteCount: byteCount, storing: value) {
      throw error(.valueError, text)
    }
  }
}

extension Value {
  fileprivate init(signedWord bits: Int) { self.init(smallInt: Int(Int32(truncatingIfNeeded: bits))) }
  fileprivate init(unsignedWord bits: Int) {
    self.init(smallInt: Int(UInt32(truncatingIfNeeded: bits)))
  }
}
