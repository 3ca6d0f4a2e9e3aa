import Machine
import MicroPython
import Timebase

/// The processor as `machine.mem32`, module `stm` and inline assembler see it: registers by address, interrupts, its clock.
final class ProcessorView: ProcessorEnvironment {
  private unowned let board: Board
  /// Made when firmware first asks for a register: most never do.
  private lazy var registers = RegisterMap.stm32f405(
    board, watchdog: resets.watchdog, backupSRAM: resets.backup.regions[0],
    backupRegisters: resets.backup.regions[1])
  private unowned let resets: ResetControl
  private let hasRegisters: Bool

  init(_ board: Board, _ resets: ResetControl) {
    self.board = board
    self.resets = resets
    hasRegisters = board.description.identity.machinePort.hasRegisters
  }

  var processorClock: Int { board.context.clocks.frequencies.processor }

  func setInterruptsEnabled(_ isEnabled: Bool) {
    if isEnabled { board.interrupts.enable() } else { _ = board.interrupts.disable() }
  }

  func waitForInterrupt() {
    _ = board.clock.idle(until: board.clock.now + .milliseconds(1))
    board.interrupts.poll()
  }

  func loadRegister(_ address: UInt32, byteCount: Int) -> UInt32? {
    hasRegisters ? registers.load(address, byteCount: byteCount) : nil
  }

  func storeRegister(_ value: UInt32, _ address: UInt32, byteCount: Int) -> Bool {
    guard hasRegisters, registers.store(value, address, byteCount: byteCount) else { return false }
    board.interrupts.poll()
    return true
  }

  func refusal(of address: UInt32, byteCount: Int, storing value: UInt32?) -> String? {
    guard hasRegisters, let name = StmModule.name(of: address) else { return nil }
    let register = "register \(name) (0x\(String(address, radix: 16)))"
    guard let value, let old = registers.load(address, byteCount: byteCount) else {
      return "\(register) is not emulated; see `vpyboard docs compatibility`"
    }
    let changed = (0..<32).filter { (old ^ value) >> UInt32($0) & 1 == 1 }.map { "\($0)" }
    let bits =
      switch changed.count {
      case 0: "it"
      case 1: "bit \(changed[0])"
      default: "bits " + changed.dropLast().joined(separator: ", ") + " and \(changed[changed.count - 1])"
      }
    return "\(register) is emulated in part: \(bits) cannot be written so; see `vpyboard docs compatibility`"
  }
}

/// Module `stm` (ports/stm32/modstm.c): addresses and offsets of registers, and `mem8`, `mem16`, `mem32`.
enum StmModule: PythonModule {
  static let name = "stm"

  static func define(_ module: PythonModuleBuilder<Hardware>) {
    MemoryAccess.define(module)
    for (name, number) in STMConstants.all.sorted(by: { $0.key < $1.key }) { module.constant(name, number) }
  }

  /// Returns the name of the register at an address, for a message: `SPI1_CR1`, or `SPI1 + 0x48`.
  static func name(of address: UInt32) -> String? {
    let bases = STMConstants.all.filter { $0.value > 0xffff && $0.value <= Int(address) }
    guard let base = bases.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }),
      Int(address) - base.value < 0x400
    else { return nil }
    let offset = Int(address) - base.value
    // `GPIOA` and `TIM14` have the registers of `GPIO` and `TIM`; UARTs those of `USART`.
    var kind =
      base.key.hasPrefix("GPIO") ? "GPIO" : String(base.key.reversed().drop { $0.isNumber }.reversed())
    if kind == "UART" { kind = "USART" }
    let register = STMConstants.all.first { $0.key.hasPrefix(kind + "_") && $0.value == offset }
    return register.map { "\(base.key)_\($0.key.dropFirst(kind.count + 1))" }
      ?? "\(base.key) + 0x\(String(offset, radix: 16))"
  }
}
