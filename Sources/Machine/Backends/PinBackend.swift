/// Joins pins of a board to something outside the emulator: GPIO lines of the host.
public protocol PinBackend: AnyObject {
  /// - Returns: `nil` for a pin that stays virtual.
  func line(for pin: Pin) -> (any PinLine)?
}

/// A real line behind a pin: what the pin does happens there, and an input reads what the line is at.
///
/// It belongs to the board's thread.
public protocol PinLine: AnyObject {
  /// Takes the line, unless this run has it already, and sets it up.
  /// - Parameter entrance: where the edges of an input go that its `trigger` names; `nil` for nowhere.
  func configure(_ setup: PinLineSetup, edges entrance: EdgeEntrance?) throws(PinLineError)
  /// Sets an output that was configured before.
  func write(_ level: Level) throws(PinLineError)
  /// What a line that was configured before is at.
  func read() throws(PinLineError) -> Level
}

/// How a pin uses its line.
public struct PinLineSetup: Sendable, Hashable {
  public enum Use: Sendable, Hashable {
    case input
    case pushPull(Level)
    /// `high` lets go.
    case openDrain(Level)
  }

  public var use: Use
  public var pull: Pull

  public init(_ use: Use, pull: Pull = .none) {
    self.use = use
    self.pull = pull
  }
}

/// Why a line could not do what the firmware asked of its pin.
public struct PinLineError: Error, Hashable, CustomStringConvertible {
  /// As in `errno`: what Python's `OSError` carries.
  public let errorNumber: Int32
  public let description: String

  public init(errorNumber: Int32, _ description: String) {
    self.errorNumber = errorNumber
    self.description = description
  }
}
