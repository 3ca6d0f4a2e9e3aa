import Diagnostics
import Timebase

extension BoardDescription {
  public struct SPI: PartDescription, Hashable {
    /// Whose peripheral it is, which decides about its clock and the names of its signals.
    public enum Model: Sendable, Hashable {
      case stm32
      case rp2040

      init(_ port: Port) {
        switch port {
        case .stm32: self = .stm32
        case .rp2: self = .rp2040
        }
      }

      /// The bus of the processor that it is on.
      func bus(number: Int, _ processor: Processor) -> Bus {
        switch self {
        // The first SPI of an STM32F4 is on the faster bus.
        case .stm32 where number == 1: Bus(name: "apb2", clock: processor.apb2)
        case .stm32: Bus(name: "apb1", clock: processor.apb1)
        case .rp2040: Bus(name: "peripheral", clock: processor.peripheral)
        }
      }

      /// - Parameter asked: the divider that firmware names itself.
      func prescaler(baudRate: Int, clock: Int, asked: Int?) -> Int {
        switch self {
        case .stm32:
          // A power of two that gives at most what is asked for.
          let wanted = asked ?? (clock + max(1, baudRate) - 1) / max(1, baudRate)
          return sequence(first: 2) { $0 < 256 ? $0 * 2 : nil }.first { $0 >= wanted } ?? 256
        case .rp2040:
          // An even divider up to 254, and one behind it up to 256.
          let baudRate = max(1, baudRate)
          let even = stride(from: 2, through: 254, by: 2).first { clock < ($0 + 2) * 256 * baudRate } ?? 254
          let rest = (1...256).reversed().first { clock / (even * max(1, $0 - 1)) > baudRate || $0 == 1 } ?? 1
          return even * rest
        }
      }

      /// Returns the pull of the pins while nothing drives them: the driver of an STM32 chooses the level of
      /// the idle clock.
      func pull(idle: Level) -> Pull {
        switch self {
        case .stm32: idle == .low ? .down : .up
        case .rp2040: .none
        }
      }

      func signal(_ line: String, number: Int) -> String {
        switch (self, line) {
        case (.rp2040, "MOSI"): "SPI\(number)_TX"
        case (.rp2040, "MISO"): "SPI\(number)_RX"
        case (.stm32, _), (.rp2040, _): "SPI\(number)_\(line)"
        }
      }
    }

    public var number: Int
    public var model: Model
    /// The connector's name that firmware may use instead of the number: `X`.
    public var name: String?
    public var sck: String
    public var mosi: String
    public var miso: String
    public var nss: String?
    public var bus: Bus
    /// The host's device file that it is with real lines: `/dev/spidev0.0`.
    public var device: String?

    public static let keys = ["spis"]
    public static let title = "SPI buses"

    public static func read(_ file: BoardFile) throws(BoardFileError) -> [Self] {
      var buses: [Self] = []
      let model = Model(file.identity.port)
      for (number, section) in try file.section("spis").numberedSections() {
        try section.allow("name", "nss", "sck", "miso", "mosi", "device")
        func pin(_ key: String, _ line: String) throws(BoardFileError) -> String {
          try file.pin(key, in: section, carrying: model.signal(line, number: number))
        }
        buses.append(
          Self(
            number: number, model: model, name: try section.optionalText("name"),
            sck: try pin("sck", "SCK"), mosi: try pin("mosi", "MOSI"), miso: try pin("miso", "MISO"),
            nss: try file.optionalPin("nss", in: section), bus: model.bus(number: number, file.processor),
            device: try section.optionalText("device")))
      }
      return buses
    }

    public var partName: String { "spi\(number)" }
    public var facts: [String] {
      let nss = nss.map { "NSS \($0)" } ?? ""
      return [name ?? "", "SCK \(sck)", "MISO \(miso)", "MOSI \(mosi)", nss]
    }

    public func makePart(_ context: PartContext) throws(BoardError) -> (any Part)? {
      SPIController(
        description: self, sck: try context.pins[sck], mosi: try context.pins[mosi],
        miso: try context.pins[miso], context: context)
    }
  }

  /// By number.
  public var spis: [Int: SPI] { parts(of: SPI.self, by: \.number) }
}

extension SPIController: NumberedPart {
  public static let kindName = "SPI"
  public static let pluralName = "SPI buses"

  public var name: String { "spi\(number)" }

  public var signals: [Signal] {
    [
      Signal(
        "sent", .bytes, isMomentary: true, read: { .bytes([]) }, watch: { [self] in sentBytes.add($0) }),
      Signal(
        "received", .bytes, isMomentary: true, read: { .bytes([]) },
        watch: { [self] in receivedBytes.add($0) }),
    ]
  }

  public func reset(_ kind: ResetKind) { stop() }
}

extension Board {
  /// By number.
  public var spis: [Int: SPIController] { numbered(SPIController.self) }

  public func spi(_ number: Int) throws(NoSuchPart) -> SPIController { try part(SPIController.self, number) }
}

extension TraceEntry {
  /// `spi 1 tx 0102 rx ffff`
  static func spi(_ number: Int, sent: [UInt8], received: [UInt8]) -> TraceEntry {
    func digits(_ bytes: [UInt8]) -> String {
      bytes.map { $0.hexadecimal(digits: 2) }.joined()
    }
    return TraceEntry("spi \(number) tx \(digits(sent)) rx \(digits(received))")
  }
}
