import Timebase

extension BoardDescription {
  public struct I2C: PartDescription, Hashable {
    /// Whose peripheral it is, which decides about its clock.
    public enum Model: Sendable, Hashable {
      case stm32
      case rp2040

      init(_ port: Port) {
        switch port {
        case .stm32: self = .stm32
        case .rp2: self = .rp2040
        }
      }

      /// Hz of the clock that its own is made of.
      func busClock(_ processor: Processor) -> Int {
        switch self {
        case .stm32: processor.apb1
        case .rp2040: processor.clock
        }
      }

      func timing(frequency: Int, clock: Int) -> I2CTiming {
        switch self {
        case .stm32: I2CTiming(frequency: min(frequency, I2CController.highestFrequency), busClock: clock)
        case .rp2040: I2CTiming(frequency: frequency, systemClock: clock)
        }
      }
    }

    public var number: Int
    public var model: Model
    /// The connector's name that firmware may use instead of the number: `X`.
    public var name: String?
    public var scl: String
    public var sda: String
    /// Whether the board has resistors that pull both lines up.
    public var hasPullUps: Bool
    /// Hz.
    public var busClock: Int
    /// The host's device file that it is with real lines: `/dev/i2c-1`.
    public var device: String?

    public static let keys = ["i2cs"]
    public static let title = "I2C buses"

    public static func read(_ file: BoardFile) throws(BoardFileError) -> [Self] {
      var buses: [Self] = []
      let model = Model(file.identity.port)
      for (number, section) in try file.section("i2cs").numberedSections() {
        try section.allow("name", "scl", "sda", "pull-ups", "device")
        buses.append(
          Self(
            number: number, model: model, name: try section.optionalText("name"),
            scl: try file.pin("scl", in: section, carrying: "I2C\(number)_SCL"),
            sda: try file.pin("sda", in: section, carrying: "I2C\(number)_SDA"),
            hasPullUps: try section.choice("pull-ups", ["true": true, "false": false], standard: false),
            busClock: model.busClock(file.processor), device: try section.optionalText("device")))
      }
      return buses
    }

    public var partName: String { "i2c\(number)" }
    public var facts: [String] { [name ?? "", "SCL \(scl)", "SDA \(sda)"] }

    public func makePart(_ context: PartContext) throws(BoardError) -> (any Part)? {
      let (scl, sda) = (try context.pins[scl], try context.pins[sda])
      if hasPullUps {
        for pin in [scl, sda] {
          let resistor = NetDriver(name: "pull-up of \(pin.name)")
          resistor.hold(.up)
          pin.net.attach(resistor)
        }
      }
      return I2CController(description: self, scl: scl, sda: sda, context: context)
    }
  }

  /// By number.
  public var i2cs: [Int: I2C] { parts(of: I2C.self, by: \.number) }
}

extension I2CController: NumberedPart {
  public static let kindName = "I2C"
  public static let pluralName = "I2C buses"

  public var name: String { "i2c\(number)" }

  public var signals: [Signal] {
    [
      Signal(
        "transfer", .text, isMomentary: true, read: { [self] in .text(lastTransfer) },
        watch: { [self] in observers.add($0) })
    ]
  }

  public func reset(_ kind: ResetKind) { stop() }
}

extension Board {
  /// By number.
  public var i2cs: [Int: I2CController] { numbered(I2CController.self) }

  public func i2c(_ number: Int) throws(NoSuchPart) -> I2CController { try part(I2CController.self, number) }
}
