/// The logic level of a line.
public enum Level: UInt8, Sendable, Hashable {
  case low = 0
  case high = 1

  public var opposite: Level { self == .low ? .high : .low }
}
