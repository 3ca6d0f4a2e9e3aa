import Timebase

/// How fast board time runs against wall time.
public enum Speed: Sendable, Equatable {
  /// As fast as the host can.
  case max
  /// Held back to `factor` times wall time; 0.000001 to 1000000.
  case paced(factor: Double)
  /// Wall time itself: the time that the emulator needs counts as the board's.
  case host

  /// Reads what `--speed` takes: `max`, `host` or a factor.
  public init(argument: String) throws(UsageError) {
    switch argument {
    case "max": self = .max
    case "host": self = .host
    default:
      guard let factor = Double(argument), (1e-6...1e6).contains(factor) else {
        throw UsageError(
          "give a factor of wall time between 0.000001 and 1000000, as in 1 or 0.1, or max, or host")
      }
      self = .paced(factor: factor)
    }
  }

  /// The clock mode that runs at this speed.
  public var clockMode: ClockMode {
    switch self {
    case .max: .virtual
    case .paced(let factor): .paced(factor: factor)
    case .host: .host
    }
  }
}

extension Speed: CustomStringConvertible {
  /// `×1`, `×0.1`, `max`, `host`.
  public var description: String {
    switch self {
    case .max: "max"
    case .host: "host"
    case .paced(let factor) where factor == factor.rounded(): "×\(Int(factor))"
    case .paced(let factor): "×\(factor)"
    }
  }
}
