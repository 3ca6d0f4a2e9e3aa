import Timebase

extension BoardDescription {
  public struct LED: PartDescription, Hashable {
    public var number: Int
    public var pin: String
    public var colour: String
    public var isDimmable: Bool

    public static let keys = ["leds"]
    public static let title = "LEDs"

    /// The colours that LEDs come in.
    private static let colours: KeyValuePairs = [
      "red": "red", "green": "green", "yellow": "yellow", "orange": "orange", "blue": "blue",
      "white": "white",
    ]

    public static func read(_ file: BoardFile) throws(BoardFileError) -> [Self] {
      var leds: [Self] = []
      for (number, section) in try file.section("leds").numberedSections() {
        try section.allow("pin", "colour", "dimmable")
        leds.append(
          Self(
            number: number, pin: try file.pin("pin", in: section),
            colour: try section.choice("colour", colours),
            isDimmable: try section.choice("dimmable", ["true": true, "false": false], standard: false)))
      }
      return leds
    }

    public var partName: String { "led\(number)" }
    public var solderedPin: String? { pin }
    public var facts: [String] { [colour, pin, isDimmable ? "dimmable" : ""] }

    public func makePart(_ context: PartContext) throws(BoardError) -> (any Part)? {
      Machine.LED(number: number, description: self, pin: try context.pins[pin], context: context)
    }
  }

  /// By number.
  public var leds: [Int: LED] { parts(of: LED.self, by: \.number) }
}

extension LED: NumberedPart {
  public static let kindName = "LED"
  public static let pluralName = "LEDs"

  public var name: String { "led\(number)" }

  public var signals: [Signal] {
    [
      Signal(
        "brightness", .integer(0...255), lightColour: colour, read: { [self] in .integer(intensity) },
        watch: { [self] in observers.add($0) })
    ]
  }

  /// The board's firmware switches its LEDs off when it begins (ports/stm32/boardctrl.c).
  public func reset(_ kind: ResetKind) {
    if isOn { off() }
    if kind == .hard, !pin.isHostPin { pin.configure(.outputPushPull, level: .low, at: nil) }
  }
}

extension Board {
  /// By number.
  public var leds: [Int: LED] { numbered(LED.self) }

  /// - Parameter number: 1 is the first.
  public func led(_ number: Int) throws(NoSuchPart) -> LED { try part(LED.self, number) }
}

extension TraceEntry {
  /// - Parameter brightness: 0 to 255.
  static func led(_ number: Int, brightness: Int) -> TraceEntry {
    switch brightness {
    case 0: TraceEntry("led \(number) off")
    case 255: TraceEntry("led \(number) on")
    default: TraceEntry("led \(number) \(brightness)")
    }
  }
}
