import Machine
import MicroPython

/// The numbers behind `UART.IRQ_RXIDLE` and the like, which are those of the registers.
struct UARTConstants {
  let triggers: [(name: String, number: Int, trigger: UART.Trigger)]
  private let others: [(name: String, number: Int)]

  init(_ port: BoardDescription.Port) {
    switch port {
    case .stm32:
      triggers = [("IRQ_RX", 32, .received), ("IRQ_RXIDLE", 16, .idle)]
      others = [("RTS", 256), ("CTS", 512)]
    case .rp2:
      triggers = [("IRQ_RXIDLE", 64, .idle), ("IRQ_TXIDLE", 32, .sent), ("IRQ_BREAK", 512, .lineBreak)]
      others = [("INV_TX", 1), ("INV_RX", 2), ("CTS", 1), ("RTS", 2)]
    }
  }

  var all: [(name: String, number: Int)] { triggers.map { (name: $0.name, number: $0.number) } + others }

  /// - Returns: nil when `number` has bits that mean nothing.
  func trigger(_ number: Int) -> UART.Trigger? {
    guard number & ~triggers.reduce(0, { $0 | $1.number }) == 0 else { return nil }
    return triggers.reduce(into: []) { if number & $1.number != 0 { $0.insert($1.trigger) } }
  }

  func number(_ trigger: UART.Trigger) -> Int {
    triggers.reduce(0) { trigger.contains($1.trigger) ? $0 | $1.number : $0 }
  }
}

/// `UART.irq`
extension Hardware {
  func requestInterrupt(uart: UART, _ arguments: Arguments) throws(Raised) -> Value {
    if arguments.count > 1 || arguments.keywordCount > 0 {
      let options = try vm.parse(
        arguments.dropFirst(), positional: ["handler", "trigger", "hard"], required: 0)
      let trigger = try trigger(options[1].isUnbound ? 0 : try vm.int(options[1]))
      let isHard = options[2].isUnbound ? false : try vm.isTrue(options[2])
      uart.setInterrupt(
        trigger,
        try handler(
          options[0].isUnbound ? .none : options[0], argument: arguments[0], isHard ? .hard : .soft,
          complaint: Self.irqComplaint))
    }
    if let known = irqObjects[ObjectIdentifier(uart)] { return known.value }
    let value = vm.heap.native(types.irqObject, UARTIRQ(uart, self))
    irqObjects[ObjectIdentifier(uart)] = RootedValue(value, in: vm.heap)
    return value
  }

  fileprivate func trigger(_ number: Int) throws(Raised) -> UART.Trigger {
    guard let trigger = UARTConstants(board.description.identity.port).trigger(number) else {
      let digits = String(number, radix: 16)
      let padding = port is RP2Port ? String(repeating: "0", count: max(0, 4 - digits.count)) : ""
      throw vm.error(.valueError, "trigger 0x\(padding)\(digits) unsupported")
    }
    return trigger
  }
}

/// What `UART.irq` returns.
private final class UARTIRQ: IRQObject {
  private let uart: UART
  private unowned let hardware: Hardware

  init(_ uart: UART, _ hardware: Hardware) {
    self.uart = uart
    self.hardware = hardware
  }

  var trigger: Int { UARTConstants(hardware.port).number(uart.trigger) }
  var flags: Int { UARTConstants(hardware.port).number(uart.interruptFlags) }
  var handler: InterruptHandler? { uart.handler }

  func setTrigger(_ number: Int) throws(Raised) { uart.changeTrigger(try hardware.trigger(number)) }

  func disable() { uart.setInterrupt([], nil) }
}
