import Glibc

/// How a line is requested. Values are what the pin has: an active-low line is at the other level.
public struct LineSettings: Sendable, Hashable {
  public enum Direction: Sendable, Hashable {
    case input
    case output(Bool, Drive)
  }

  public enum Drive: Sendable, Hashable {
    case pushPull
    case openDrain
    case openSource
  }

  public enum Bias: Sendable, Hashable {
    /// As it was.
    case unknown
    case disabled
    case pullUp
    case pullDown
  }

  public var direction = Direction.input
  public var bias = Bias.unknown
  public var isActiveLow = false
  public var rising = false
  public var falling = false
  /// Microseconds; 0 for none.
  public var debounce: UInt32 = 0

  public init() {}
}

extension LineSettings {
  /// Linux's ENOTSUPP, which is not among the C library's errors and comes through all the same.
  static let kernelsOwnNotSupported: Int32 = 524

  /// Returns the settings to try when a chip does not even accept "no pulls"; `nil` when that was not the
  /// reason.
  func withoutSwitchingPullsOff(after error: SystemError) -> LineSettings? {
    guard bias == .disabled, [EINVAL, ENOTSUP, Self.kernelsOwnNotSupported].contains(error.number) else {
      return nil
    }
    var settings = self
    settings.bias = .unknown
    return settings
  }

  /// The feature of these settings that a chip may lack.
  var specialFeature: (name: String, advice: String)? {
    switch bias {
    case .pullUp: return ("a pull-up", "wire a resistor of 10 kΩ from the pin to 3.3 V and ask for none")
    case .pullDown: return ("a pull-down", "wire a resistor of 10 kΩ from the pin to ground and ask for none")
    case .unknown, .disabled: break
    }
    if case .output(_, let drive) = direction {
      switch drive {
      case .openDrain:
        return ("an open-drain output", "switch the pin between an output at 0 and an input instead")
      case .openSource:
        return ("an open-source output", "switch the pin between an output at 1 and an input instead")
      case .pushPull: break
      }
    }
    if rising || falling { return ("interrupts", "read the pin in a task instead") }
    return nil
  }
}
