/// A part as a board file describes it; makes the part when its board gets power.
///
/// The type stands for the kind: it knows which keys of a board file are its own and reads them. `PartRegistry` lists
/// the types.
public protocol PartDescription: Sendable {
  /// The keys at the top of a board file that it reads: `leds`. None for a part that every processor of the
  /// kind has.
  static var keys: [String] { get }
  /// The heading over parts of this kind, where boards are shown to people: `LEDs`.
  static var title: String { get }

  /// The names of costs in a board file that parts of this kind look up.
  static var costNames: Set<String> { get }

  /// Reads all parts of this kind that the board file describes, in the order in which they are made.
  static func read(_ file: BoardFile) throws(BoardFileError) -> [Self]

  /// The part's name on its board: `led1`.
  var partName: String { get }

  /// Facts of interest to a person, one word or phrase a column: `blue`, `LED_BLUE`, `dimmable`.
  var facts: [String] { get }

  /// The pin that the part is soldered to alone: that of an LED or a switch; nil for one that shares its pins.
  var solderedPin: String? { get }

  /// Makes the part. Pins are there already, and so are the parts of kinds before it in the registry.
  /// - Returns: `nil` for something that firmware cannot use yet.
  func makePart(_ context: PartContext) throws(BoardError) -> (any Part)?
}

extension PartDescription {
  public static var keys: [String] { [] }
  public static var costNames: Set<String> { [] }
  public var facts: [String] { [] }
  public var solderedPin: String? { nil }
}

/// The kinds of part that board files may describe. A new kind is its own file and one line here; a module outside of
/// `Machine` adds its kinds with `adding(_:)` and hands the result to `BoardDescription.load(_:kinds:)`.
public struct PartRegistry: Sendable {
  public private(set) var kinds: [any PartDescription.Type]

  /// The kinds of parts of this package's boards. Parts are made in this order.
  public static let standard = PartRegistry(kinds: [
    BoardDescription.LED.self,
    BoardDescription.Switch.self,
    BoardDescription.UART.self,
    BoardDescription.I2C.self,
    BoardDescription.SPI.self,
    BoardDescription.Timer.self,
    BoardDescription.PWM.self,
    BoardDescription.Servo.self,
    BoardDescription.DAC.self,
    BoardDescription.CAN.self,
    BoardDescription.I2S.self,
    BoardDescription.Accelerometer.self,
    BoardDescription.SDCard.self,
    BoardDescription.USB.self,
    BoardDescription.RealTimeClock.self,
    BoardDescription.Random.self,
  ])

  /// These kinds and some more, which are made behind them.
  public func adding(_ kinds: [any PartDescription.Type]) -> PartRegistry {
    PartRegistry(kinds: self.kinds + kinds)
  }
}

extension BoardDescription {
  /// The descriptions of one kind, in the order in which their parts are made.
  public func parts<Description: PartDescription>(of kind: Description.Type) -> [Description] {
    parts.compactMap { $0 as? Description }
  }

  /// Returns the descriptions of one kind by a key; of two with the same key the later one counts.
  func parts<Description: PartDescription, Key: Hashable>(
    of kind: Description.Type, by key: (Description) -> Key
  ) -> [Key: Description] {
    Dictionary(keyed: parts(of: kind), by: key)
  }
}

extension Dictionary {
  /// Values by a key that each has; of two with the same key the later one counts.
  init(keyed values: some Sequence<Value>, by key: (Value) -> Key) {
    self.init(values.map { (key($0), $0) }) { $1 }
  }
}
