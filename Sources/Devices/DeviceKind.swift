import Diagnostics
import Machine
import Timebase

/// Something that is wired to a board from outside: a button, a sensor, a display. A kind is one type in a file of its own and one
/// line in `DeviceRegistry.standard`.
///
/// A device is a part: its signals are what it shows, its controls how the outside acts on it. It belongs to the board's thread.
public protocol Device: Part, SendableMetatype {
  /// The kind's description for people and wiring files.
  static var kind: DeviceKind { get }

  /// Makes one with the pins and keys that were asked for, which the site has checked against `kind`. Controls that a wiring
  /// names as keys are set afterwards.
  /// - Throws: `DeviceError` for what only the device can find wrong.
  init(_ site: DeviceSite) throws(DeviceError)

  /// Its pins and its board.
  var site: DeviceSite { get }
}

extension Device {
  public var name: String { site.name }
  public var terminals: [Terminal] { site.terminals }
  public var faults: [Control] { site.faults }
}

/// A kind of device: its pins in order, the keys that it takes.
public struct DeviceKind: Sendable {
  /// As wirings name it: `dht22`.
  public let name: String
  /// Description in a few words: `temperature and humidity sensor`.
  public let title: String
  /// The data sheet, or another source of its behaviour.
  public let source: String
  /// In the order in which a wiring gives them without their names; supplies stand behind the others.
  public let pins: [Pin]
  /// Settings that are fixed when it is made, beside the initial values of its controls.
  public let keys: [Key]

  public init(_ name: String, title: String, source: String, pins: [Pin], keys: [Key] = []) {
    self.name = name
    self.title = title
    self.source = source
    self.pins = pins
    self.keys = keys
  }

  /// A pin of a kind.
  public struct Pin: Sendable {
    public let name: String
    /// Other names for it, as on other makers' boards.
    public let aliases: [String]
    /// Whether it may stay unwired.
    public let isOptional: Bool
    /// Its connection where a wiring gives none: `GND`.
    public let standard: String?
    public let role: Role

    public enum Role: Sendable {
      case signal
      /// For the supply or ground: never given by its place in the list. Not wired it has what it needs.
      case power, ground
    }

    public var isSupply: Bool { role != .signal }

    public init(_ name: String, aliases: [String] = [], isOptional: Bool = false, standard: String? = nil) {
      self.init(name, aliases, isOptional: isOptional || standard != nil, standard, .signal)
    }

    private init(
      _ name: String, _ aliases: [String], isOptional: Bool, _ standard: String?, _ role: Role
    ) {
      self.name = name
      self.aliases = aliases
      self.isOptional = isOptional
      self.standard = standard
      self.role = role
    }

    /// A pin for the supply, `vcc`.
    public static func power(_ name: String = "vcc", aliases: [String] = []) -> Pin {
      Pin(name, aliases, isOptional: true, nil, .power)
    }

    /// A pin for ground, `gnd`.
    public static func ground(_ name: String = "gnd", aliases: [String] = []) -> Pin {
      Pin(name, aliases, isOptional: true, nil, .ground)
    }

    func answers(to name: String) -> Bool {
      let word = name.lowercased()
      return self.name.lowercased() == word || aliases.contains { $0.lowercased() == word }
    }
  }

  /// Something that is fixed when a device is made: `address=0x3d`.
  public struct Key: Sendable {
    public let name: String
    public let form: ValueForm
    public let unit: String?
    public let standard: PartValue
    /// The words that a text may be; empty for any.
    public let choices: [String]
    /// Description, where the name does not say enough.
    public let title: String
    /// Whether people write it in hexadecimal: `0x3C`.
    public let isHexadecimal: Bool

    public init(
      _ name: String, _ form: ValueForm, unit: String? = nil, standard: PartValue, title: String = "",
      isHexadecimal: Bool = false
    ) {
      self.name = name
      self.form = form
      self.unit = unit
      self.standard = standard
      self.title = title
      self.isHexadecimal = isHexadecimal
      choices = []
    }

    /// One of a few words, the first unless another is given.
    public init(_ name: String, choices: [String], title: String = "") {
      self.name = name
      form = .text
      unit = nil
      standard = .text(choices.first ?? "")
      self.choices = choices
      self.title = title
      isHexadecimal = false
    }

    /// `pullups`: whether the module has resistors that pull its lines up, as most have.
    public static let pullups = Key(
      "pullups", .flag, standard: .flag(true), title: "resistors on the module that pull its lines up")

    /// An address on an I2C bus.
    public static func address(_ standard: Int, in range: ClosedRange<Int> = 0x08...0x77) -> Key {
      Key(
        "address", .integer(range), standard: .integer(standard), title: "on the I2C bus", isHexadecimal: true
      )
    }

    /// Accepted values, for a person.
    public var summary: String {
      if case .integer(let range) = form, isHexadecimal {
        return "\(Self.hexadecimal(range.lowerBound)) to \(Self.hexadecimal(range.upperBound))"
      }
      return choices.isEmpty ? form.summary(unit: unit) : choices.joined(separator: ", ")
    }

    /// Default value, as people write it.
    public var standardText: String {
      if case .integer(let number) = standard, isHexadecimal { return Self.hexadecimal(number) }
      return "\(standard)"
    }

    private static func hexadecimal(_ number: Int) -> String {
      "0x" + number.hexadecimal(digits: 2).uppercased()
    }

    /// Reads a value as people write it; whole numbers also as 0x3c.
    func value(of text: String) -> PartValue? {
      if !choices.isEmpty { return choices.contains(text) ? .text(text) : nil }
      if case .integer(let range) = form, text.lowercased().hasPrefix("0x"),
        let number = Int(text.dropFirst(2), radix: 16)
      {
        return range.contains(number) ? .integer(number) : nil
      }
      return form.value(of: text)
    }
  }

  func pin(_ name: String) -> Pin? { pins.first { $0.answers(to: name) } }

  /// The pins that a wiring gives by their place.
  public var placedPins: [Pin] { pins.filter { !$0.isSupply } }
}

/// An error of a device, in words that follow its name.
public struct DeviceError: Error, Hashable, CustomStringConvertible {
  public let description: String

  public init(_ description: String) { self.description = description }
}
