/// What a timer cannot do. The text is what the board's firmware says.
public enum TimerError: Error, Hashable, CustomStringConvertible {
  case frequencyNotPositive
  case frequencyTooSmall
  case periodTooLarge
  /// A prescaler or a period that the register cannot hold.
  case registerOutOfRange(String, Int, limit: Int)

  public var description: String {
    switch self {
    case .frequencyNotPositive: "must have positive freq"
    case .frequencyTooSmall: "freq too small"
    case .periodTooLarge: "period too large"
    case .registerOutOfRange(let name, let value, let limit): "\(name) \(value) is not in 0...\(limit)"
    }
  }
}
