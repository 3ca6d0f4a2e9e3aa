import Diagnostics

/// The board around the processor, as inline assembler needs it.
package protocol ProcessorEnvironment: AnyObject {
  /// Hz.
  var processorClock: Int { get }
  /// `cpsie` and `cpsid`.
  func setInterruptsEnabled(_ isEnabled: Bool)
  /// `wfi`: lets board time pass until an interrupt is due.
  func waitForInterrupt()
  /// Returns the value of a peripheral's register.
  /// - Returns: nil where no register is modelled.
  func loadRegister(_ address: UInt32, byteCount: Int) throws(Raised) -> UInt32?
  /// - Returns: false where no register is modelled.
  func storeRegister(_ value: UInt32, _ address: UInt32, byteCount: Int) throws(Raised) -> Bool
  /// Why there is nothing at an address of a peripheral, with the register's name.
  /// - Parameter value: what was to be stored; nil for a load.
  /// - Returns: nil where no peripheral of the processor is.
  func refusal(of address: UInt32, byteCount: Int, storing value: UInt32?) -> String?
}

/// The addresses that inline assembler can use: its own code, a stack, buffers that firmware has handed over, peripherals.
final class ThumbMemory {
  unowned let vm: Interpreter

  /// The range of code and stack in the processor's memory of 128 KiB; no buffer has an address there.
  private static let codeStart: UInt32 = 0x2000_4000
  private static let stackEnd: UInt32 = 0x2002_0000
  private static let stackSize: UInt32 = 4096

  private var stack = [UInt8](repeating: 0, count: Int(stackSize))
  private var codes: [(start: UInt32, code: ThumbCode)] = []
  private var addresses: [ObjectIdentifier: UInt32] = [:]
  private var nextStart = codeStart

  init(vm: Interpreter) { self.vm = vm }

  static var stackTop: UInt32 { stackEnd }

  /// Returns the address of a function's code.
  func address(of code: ThumbCode) -> UInt32 {
    if let known = addresses[ObjectIdentifier(code)] { return known }
    let start = nextStart
    nextStart += (UInt32(code.bytes.count) + 7) & ~7
    codes.append((start, code))
    addresses[ObjectIdentifier(code)] = start
    return start
  }

  func isCode(_ address: UInt32) -> Bool { code(at: address) != nil }

  private func code(at address: UInt32) -> (start: UInt32, code: ThumbCode)? {
    // Code is appended in the order of its addresses.
    guard address >= Self.codeStart, address < nextStart else { return nil }
    return codes.last { $0.start <= address }
  }

  // MARK: Access

  func load(_ address: UInt32, _ byteCount: Int, _ cpu: ThumbProcessor) throws(Raised) -> UInt32 {
    if let offset = stackOffset(address, byteCount) {
      return Self.word(stack[offset..<offset + byteCount])
    }
    if let (start, code) = code(at: address), Int(address - start) + byteCount <= code.bytes.count {
      let offset = Int(address - start)
      return Self.word(code.bytes[offset..<offset + byteCount])
    }
    if let item = item(at: address, byteCount) { return item }
    if let place = try vm.memory(at: Int(address), count: byteCount, isWritable: false) {
      return Self.word(place)
    }
    if let word = try vm.processorEnvironment?.loadRegister(address, byteCount: byteCount) { return word }
    throw nothing(at: address, byteCount, "reads", cpu)
  }

  /// Up to four bytes as a number, the lowest first.
  private static func word(_ bytes: some BidirectionalCollection<UInt8>) -> UInt32 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }

  func store(_ value: UInt32, _ address: UInt32, _ byteCount: Int, _ cpu: ThumbProcessor) throws(Raised) {
    if let offset = stackOffset(address, byteCount) {
      for index in 0..<byteCount { stack[offset + index] = UInt8(truncatingIfNeeded: value >> (8 * index)) }
      return
    }
    if vm.memory.item(at: Int(address)) != nil {
      throw vm.error(
        .runtimeError,
        "\(line(cpu)) writes into a list or tuple: hand an array over, in which words are words")
    }
    if let place = try vm.memory(at: Int(address), count: byteCount, isWritable: true) {
      for index in 0..<byteCount { place[index] = UInt8(truncatingIfNeeded: value >> (8 * index)) }
      return
    }
    if try vm.processorEnvironment?.storeRegister(value, address, byteCount: byteCount) == true { return }
    throw nothing(at: address, byteCount, "writes to", storing: value, cpu)
  }

  private func stackOffset(_ address: UInt32, _ byteCount: Int) -> Int? {
    let start = Self.stackEnd - Self.stackSize
    guard address >= start, Self.stackEnd - UInt32(byteCount) >= address else { return nil }
    return Int(address - start)
  }

  /// A word of a list or tuple: an object as the board has it, a small integer as twice itself and one.
  private func item(at address: UInt32, _ byteCount: Int) -> UInt32? {
    guard byteCount == 4, address & 3 == 0 else { return nil }
    return vm.memory.item(at: Int(address)).map { vm.word(ofObject: $0) }
  }

  // MARK: The system

  func waitForInterrupt() throws(Raised) {
    vm.processorEnvironment?.waitForInterrupt()
    if vm.clock.isPoweredOff { throw vm.halt() }
  }

  func setInterruptsEnabled(_ isEnabled: Bool) { vm.processorEnvironment?.setInterruptsEnabled(isEnabled) }

  /// IPSR (5) is the number of the exception that is handled, which is some external interrupt's in a hard handler; BASEPRI
  /// (17) is never set on a board.
  func specialRegister(_ number: UInt32) -> UInt32 { number == 5 && vm.heap.lockDepth > 0 ? 16 : 0 }

  // MARK: Errors

  private func line(_ cpu: ThumbProcessor) -> String {
    let address = cpu.registers[ThumbProcessor.pc] &- 4
    guard let (start, code) = code(at: address) else { return "the instruction at \(hexadecimal(address))" }
    return "line \(code.line(at: Int(address - start)))"
  }

  private func hexadecimal(_ word: UInt32) -> String { "0x" + String(word, radix: 16) }

  /// - Parameter value: what was to be stored; nil for a load.
  private func nothing(
    at address: UInt32, _ byteCount: Int, _ verb: String, storing value: UInt32? = nil, _ cpu: ThumbProcessor
  ) -> Raised {
    let access = "\(line(cpu)) \(verb) address \(hexadecimal(address))"
    let reason = vm.processorEnvironment?.refusal(of: address, byteCount: byteCount, storing: value)
    return vm.error(
      .runtimeError, reason.map { "\(access): \($0)" } ?? "\(access), where nothing is emulated")
  }

  func misaligned(_ address: UInt32, _ cpu: ThumbProcessor) -> Raised {
    vm.error(
      .runtimeError,
      "\(line(cpu)) needs an address that can be divided by four, and \(hexadecimal(address)) cannot")
  }

  func undefined(_ word: UInt32, isWide: Bool, at address: UInt32) -> Raised {
    let text = "0x" + word.hexadecimal(digits: isWide ? 8 : 4)
    let place = code(at: address).map { "line \($0.code.line(at: Int(address - $0.start)))" }
    return vm.error(
      .runtimeError,
      "\(place ?? "address " + hexadecimal(address)) executes \(text), an instruction that is not emulated")
  }
}
