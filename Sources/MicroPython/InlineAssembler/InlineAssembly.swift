import Timebase

/// Functions in inline assembler: arguments and results (py/objfun.c, `fun_asm_call`), and the cost of
/// running them.
final class InlineAssembly {
  let processor: ThumbProcessor
  private let memory: ThumbMemory
  /// Nanoseconds of board time that do not make a whole one, times the clock's frequency.
  private var remainder = 0

  /// The frequency of a processor whose board gives none, Hz.
  private static let usualClock = 168_000_000

  init(vm: Interpreter) {
    memory = ThumbMemory(vm: vm)
    processor = ThumbProcessor(memory: memory)
    processor.registers[ThumbProcessor.sp] = ThumbMemory.stackTop
  }

  /// Runs a function; its arguments are the words that the board hands over in R0 to R3.
  func call(
    _ code: ThumbCode, _ arguments: UnsafeMutablePointer<Value>, _ vm: Interpreter
  ) throws(Raised) -> Value {
    var words: [UInt32] = []
    for index in 0..<code.parameterCount { words.append(try vm.word(ofArgument: arguments[index])) }
    let clock = vm.processorEnvironment?.processorClock ?? Self.usualClock
    let result = try processor.call(memory.address(of: code), words) { cycles throws(Raised) in
      remainder += cycles * 1_000_000_000
      let nanoseconds = remainder / clock
      remainder -= nanoseconds * clock
      try vm.passTimeInAssembly(Int64(nanoseconds))
    }
    switch code.result {
    case .int: return vm.heap.int(Int(Int32(bitPattern: result)))
    case .uint: return vm.heap.int(Int(result))
    case .bool: return Value(result != 0)
    case .object: return try vm.object(ofWord: result)
    }
  }
}

extension Interpreter {
  /// The instruction `runAssembly`.
  func runAssembly(_ code: CodeHandle, _ registers: UnsafeMutablePointer<Value>) throws(Raised) -> Value {
    guard let assembly = code.details.compiled.assembly else { return .none }
    return try inlineAssembly.call(assembly, registers, self)
  }

  /// Charges an instruction. Between two of them interrupts are delivered, and Ctrl-C and the end of the power end any
  /// loop; in a hard handler only the latter does.
  @inline(__always) func passTimeInAssembly(_ nanoseconds: Int64) throws(Raised) {
    account.pointee.remaining &-= nanoseconds
    if _slowPath(account.pointee.remaining <= 0) { try endSliceInAssembly() }
  }

  @inline(never) private func endSliceInAssembly() throws(Raised) {
    if heap.lockDepth == 0 { return try passTime(0) }
    clock.sliceExpired()
    if clock.isPoweredOff { throw halt() }
  }

  /// Returns the word that the board hands over for an argument: a number, or the address of the argument's
  /// contents.
  fileprivate func word(ofArgument value: Value) throws(Raised) -> UInt32 {
    if value.isSmallInt { return UInt32(truncatingIfNeeded: value.smallInt) }
    switch value {
    case .none, .false: return 0
    case .true: return 1
    default: break
    }
    let part = native(of: value)
    if type(of: value) == heap.types.float { return ThumbProcessor.integer(Float(try double(value))) }
    if type(of: value) == heap.types.int {
      return UInt32(truncatingIfNeeded: try ArrayElement.lowBits(self, value))
    }
    if let count = ListHandle(part)?.count ?? TupleHandle(part)?.count {
      return UInt32(truncatingIfNeeded: memory.address(of: part, byteCount: 4 * count, isKept: false))
    }
    if let string = StringHandle(part) {
      return UInt32(
        truncatingIfNeeded: memory.address(of: part, byteCount: string.bytes.count, isKept: false))
    }
    if part.isObject, let slot = type(of: part).info.buffer, let view = slot(self, part) {
      return UInt32(truncatingIfNeeded: memory.address(of: part, byteCount: view.byteCount, isKept: false))
    }
    return word(ofObject: value)
  }

  /// An object as a word: a small integer with its lowest bit set, or the object's address.
  func word(ofObject value: Value) -> UInt32 {
    if value.isSmallInt { return UInt32(truncatingIfNeeded: value.smallInt << 1 | 1) }
    return UInt32(truncatingIfNeeded: memory.address(of: value, byteCount: 8, isKept: false))
  }

  fileprivate func object(ofWord word: UInt32) throws(Raised) -> Value {
    if word & 1 == 1 { return Value(smallInt: Int(Int32(bitPattern: word) >> 1)) }
    guard let (owner, offset) = memory.owner(at: Int(word)), offset == 0 else {
      throw error(
        .runtimeError, "inline assembler returns 0x\(String(word, radix: 16)), where no object is")
    }
    return owner
  }
}

extension BoardMemory {
  /// The item of a list or tuple that an address is in.
  func item(at address: Int) -> Value? {
    guard let (owner, offset) = owner(at: address) else { return nil }
    if let list = ListHandle(owner), offset / 4 < list.count { return list[offset / 4] }
    if let tuple = TupleHandle(owner), offset / 4 < tuple.count { return tuple[offset / 4] }
    return nil
  }
}
