import Timebase

/// Anything on a board or wired to it: a pin, an LED, a timer, a UART, a button, a display.
///
/// Everything that concerns a part lies together in one file or folder: how its section of a board file reads
/// (`PartDescription`), what it does, its errors, the signals that it shows, the controls that the outside acts on it
/// through, its reset. Traces, stimuli, the status line and `vpyboard board` are loops over parts.
///
/// A part belongs to the firmware thread, as its board.
public protocol Part: AnyObject {
  /// Unique on its board: `led1`, `USR`, `uart4`; a pin's first name, `X1`.
  var name: String { get }
  /// Its signals: `led1.brightness` is the signal `brightness` of the part `led1`.
  var signals: [Signal] { get }
  /// How a person, a test or a device acts on it: `USR.pressed` is the control `pressed` of the part `USR`.
  var controls: [Control] { get }
  /// Controls of faults that any part of its sort can have.
  var faults: [Control] { get }
  /// Pins of its own, which wires join to others; a part soldered to the board has none.
  var terminals: [Terminal] { get }
  /// Called when the board is reset.
  func reset(_ kind: ResetKind)
}

extension Part {
  public var signals: [Signal] { [] }
  public var controls: [Control] { [] }
  public var faults: [Control] { [] }
  /// Its controls, then its faults that are not among them.
  public var allControls: [Control] {
    let controls = controls
    return controls + faults.filter { fault in !controls.contains { $0.name == fault.name } }
  }
  public var terminals: [Terminal] { [] }
  public func reset(_ kind: ResetKind) {}
}

/// The kind of reset that starts the firmware anew.
public enum ResetKind: Sendable, Hashable {
  /// Ctrl-D and `machine.soft_reset()`: the interpreter starts anew. Peripherals that call handlers stop; pins keep their
  /// state.
  case soft
  /// The reset pin and `machine.reset()`: the processor starts anew, every peripheral with it.
  case hard
}

/// A part of which a board can have several, distinguished by number: `LED(1)`.
public protocol NumberedPart: Part {
  /// Firmware's name of the kind: `LED`, `UART`.
  static var kindName: String { get }
  /// Plural in messages: `LEDs`, `hardware timers`.
  static var pluralName: String { get }
  var number: Int { get }
}

/// A board does not have the part that was asked for.
public struct NoSuchPart: Error, Hashable, CustomStringConvertible {
  /// As MicroPython says it: `LED(4) doesn't exist`.
  public let summary: String
  /// The available ones.
  public let available: String

  public init(_ summary: String, available: String = "") {
    self.summary = summary
    self.available = available
  }

  /// - Parameter numbers: of the parts of this kind that there are.
  public init<P: NumberedPart>(_ type: P.Type, number: Int, numbers: some Sequence<Int>) {
    summary = "\(P.kindName)(\(number)) doesn't exist"
    let list = numbers.sorted().map(String.init).joined(separator: ", ")
    available = list.isEmpty ? "this board has no \(P.pluralName)" : list
  }

  public var description: String { available.isEmpty ? summary : "\(summary) (\(available))" }
}
