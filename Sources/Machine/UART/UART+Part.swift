import Diagnostics
import Timebase

extension BoardDescription {
  public struct UART: PartDescription, Hashable {
    public var number: Int
    /// The connector's name that firmware may use instead of the number: `XB`.
    public var name: String?
    public var model: UARTModel
    /// The pins that it has unless firmware chooses others.
    public var tx: String
    public var rx: String
    /// Those of the lines for flow control, where it has them.
    public var rts: String?
    public var cts: String?
    /// The host's device file that it is with real lines: `/dev/serial0`.
    public var device: String?
    public var bus: Bus

    public static let keys = ["uarts"]
    public static let title = "UARTs"

    public static func read(_ file: BoardFile) throws(BoardFileError) -> [Self] {
      var uarts: [Self] = []
      for (number, section) in try file.section("uarts").numberedSections() {
        try section.allow("name", "model", "tx", "rx", "rts", "cts", "bus", "device")
        uarts.append(
          Self(
            number: number, name: try section.optionalText("name"),
            model: try section.choice("model", ["STM32": .stm32, "PL011": .pl011], standard: .stm32),
            tx: try file.pin("tx", in: section, carrying: "UART\(number)_TX", "USART\(number)_TX"),
            rx: try file.pin("rx", in: section, carrying: "UART\(number)_RX", "USART\(number)_RX"),
            rts: try file.optionalPin("rts", in: section), cts: try file.optionalPin("cts", in: section),
            device: try section.optionalText("device"), bus: try file.bus(in: section)))
      }
      return uarts
    }

    public var partName: String { "uart\(number)" }
    public var facts: [String] { [name ?? "", "TX \(tx)", "RX \(rx)"] }

    public func makePart(_ context: PartContext) throws(BoardError) -> (any Part)? {
      try Machine.UART(number: number, description: self, pins: context.pins, context: context)
    }
  }

  /// By number.
  public var uarts: [Int: UART] { parts(of: UART.self, by: \.number) }
}

extension UART: NumberedPart {
  public static let kindName = "UART"
  public static let pluralName = "UARTs"

  public var name: String { "uart\(number)" }

  public var signals: [Signal] {
    [
      Signal(
        "tx", .bytes, isMomentary: true, read: { .bytes([]) }, watch: { [self] in sentBytes.add($0) }),
      Signal(
        "rx", .bytes, isMomentary: true, read: { .bytes([]) }, watch: { [self] in receivedBytes.add($0) }),
    ]
  }

  public var controls: [Control] {
    [
      Control("rx", .bytes, example: "ready\\n", pins: [rxPin]) { [self] value, _ in
        if case .bytes(let bytes) = value { putOnLine(bytes) }
      }
    ]
  }

  public func reset(_ kind: ResetKind) { stop() }
}

extension Board {
  /// By number.
  public var uarts: [Int: UART] { numbered(UART.self) }

  public func uart(_ number: Int) throws(NoSuchPart) -> UART { try part(UART.self, number) }
}

extension TraceEntry {
  static func uartSent(_ number: Int, _ value: UInt16) -> TraceEntry { uart(number, "tx", value) }
  static func uartReceived(_ number: Int, _ value: UInt16) -> TraceEntry { uart(number, "rx", value) }
  static func uartLost(_ number: Int, _ value: UInt16) -> TraceEntry { uart(number, "overrun", value) }

  private static func uart(_ number: Int, _ event: String, _ value: UInt16) -> TraceEntry {
    TraceEntry("uart \(number) \(event) \(value.hexadecimal(digits: 2))")
  }
}
