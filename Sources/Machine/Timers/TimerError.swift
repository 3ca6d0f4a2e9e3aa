/// A request that a timer cannot fulfil. The text is that of the board's firmware.
public enum TimerError: Error, Hashable, CustomStringConvertible {
  case frequencyNotPositive
  case frequencyTooSmall
  case periodTooLarge
  /// A prescaler or a period that the register cannot hold.
  case registerOutOfRange(String, Int, limit: Int)
  /// A channel that the timer does not have.
  case noSuchChannel(Int, timer: Int)
  /// A pin that has no alternate function of the timer.
  case noTimerPin(String, timer: Int)
  /// A timer that cannot follow an encoder.
  case noEncoder(timer: Int)

  public var description: String {
    switch self {
    case .frequencyNotPositive: "must have positive freq"
    case .frequencyTooSmall: "freq too small"
    case .periodTooLarge: "period too large"
    case .registerOutOfRange(let name, let value, let limit): "\(name) \(value) is not in 0...\(limit)"
    case .noSuchChannel(let number, _): "invalid channel (\(number))"
    case .noTimerPin(let pin, let timer): "Pin(\(pin)) doesn't have an alt for Timer(\(timer))"
    case .noEncoder(let timer): "encoder not supported on timer \(timer)"
    }
  }
}
