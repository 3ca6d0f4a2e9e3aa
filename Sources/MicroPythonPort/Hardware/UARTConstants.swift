import Machine

/// The numbers behind `UART.IRQ_RXIDLE` and the like, which are those of the registers.
struct UARTConstants {
  let triggers: [(name: String, number: Int, trigger: UART.Trigger)]
  private let others: [(name: String, number: Int)]

  /// Registers of the STM32F4's USART (RM0090, 30.6.1): RXNE, IDLE.
  static let stm32 = UARTConstants(
    triggers: [("IRQ_RX", 32, .received), ("IRQ_RXIDLE", 16, .idle)], others: [("RTS", 256), ("CTS", 512)])

  /// Registers of the RP2040's PL011.
  static let rp2 = UARTConstants(
    triggers: [("IRQ_RXIDLE", 64, .idle), ("IRQ_TXIDLE", 32, .sent), ("IRQ_BREAK", 512, .lineBreak)],
    others: [("INV_TX", 1), ("INV_RX", 2), ("CTS", 1), ("RTS", 2)])

  private init(triggers: [(String, Int, UART.Trigger)], others: [(String, Int)]) {
    self.triggers = triggers.map { (name: $0.0, number: $0.1, trigger: $0.2) }
    self.others = others.map { (name: $0.0, number: $0.1) }
  }

  var all: [(name: String, number: Int)] { triggers.map { (name: $0.name, number: $0.number) } + others }

  /// The bits that mean something.
  private var mask: Int { triggers.reduce(0) { $0 | $1.number } }

  /// Returns the bits of a number that have no meaning, in hexadecimal digits.
  func unknownBits(_ number: Int, digits count: Int) -> String {
    UInt32(truncatingIfNeeded: number & ~mask).hexadecimal(digits: count)
  }

  /// - Returns: nil when `number` has bits that mean nothing.
  func trigger(_ number: Int) -> UART.Trigger? {
    guard number & ~mask == 0 else { return nil }
    return triggers.reduce(into: []) { if number & $1.number != 0 { $0.insert($1.trigger) } }
  }

  func number(_ trigger: UART.Trigger) -> Int {
    triggers.reduce(0) { trigger.contains($1.trigger) ? $0 | $1.number : $0 }
  }
}
