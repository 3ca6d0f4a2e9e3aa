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
    let request = request(for: uart)
    guard arguments.count > 1 || arguments.keywordCount > 0 else { return object(for: request) }
    let options = try vm.parse(
      arguments.dropFirst(), positional: ["handler", "trigger", "hard"], required: 0)
    let number = options[1].isUnbound ? 0 : try vm.int(options[1])
    let trigger = try trigger(number)
    let isHard = options[2].isUnbound ? false : try vm.isTrue(options[2])
    let constants = UARTConstants(port)
    let handler = try handler(
      options[0].isUnbound ? .none : options[0], argument: arguments[0], for: uart,
      source: "UART \(uart.number)", isHard: isHard,
      complaint: port == .rp2
        ? "Uncaught exception in IRQ callback handler"
        : "uncaught exception in UART(\(uart.number)) interrupt handler"
    ) { [unowned request] _ in request.flags = constants.number(uart.interruptFlags) }
    uart.setInterrupt(trigger, handler)
    request.trigger = number
    return object(for: request)
  }

  private func trigger(_ number: Int) throws(Raised) -> UART.Trigger {
    guard let trigger = UARTConstants(port).trigger(number) else {
      let digits = String(number, radix: 16)
      let padding = port == .rp2 ? String(repeating: "0", count: max(0, 4 - digits.count)) : ""
      throw vm.error(.valueError, "trigger 0x\(padding)\(digits) unsupported")
    }
    return trigger
  }

  private func request(for uart: UART) -> IRQObject {
    if let known = requests[ObjectIdentifier(uart)] { return known }
    let request = IRQObject(part: uart) { [unowned self] (number) throws(Raised) in
      uart.changeTrigger(try trigger(number))
    }
    requests[ObjectIdentifier(uart)] = request
    return request
  }
}
