/// Which edges interrupt.
public enum EdgeTrigger: Sendable, Hashable {
  case rising
  case falling
  case risingOrFalling

  /// Whether an edge to this level interrupts.
  public func matches(_ level: Level) -> Bool {
    switch self {
    case .rising: level == .high
    case .falling: level == .low
    case .risingOrFalling: true
    }
  }
}
