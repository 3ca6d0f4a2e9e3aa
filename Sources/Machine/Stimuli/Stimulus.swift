import Timebase

/// Something that a person or a device does to the board at a moment of board time: `3s:press=USR`.
public struct Stimulus: Sendable, Hashable {
  public enum Action: Sendable, Hashable {
    /// Holds down a switch of the board, or closes a contact between a pin and ground; the contact bounces that long.
    case press(String, bounce: Interval = .zero)
    case release(String, bounce: Interval = .zero)
    /// Turns a knob by quarter steps, a fixed time between two of them; its contacts connect two pins to ground.
    /// Positive is the way in which the first contact closes first.
    case turn(String, String, steps: Int, pause: Interval)
    /// Holds the board another way, in the accelerometer's counts.
    case tilt(Accelerometer.Reading)
    /// Drives a pin from outside, or with `nil` lets go of it.
    case pin(String, Level?)
  }

  /// Since power-on.
  public var time: Instant
  public var action: Action

  public init(at time: Instant, _ action: Action) {
    self.time = time
    self.action = action
  }

  /// Reads `TIME:ACTION=VALUE`: `3s:press=USR`, `4s:release=X1,5ms`, `5s:tilt=10,0,20`, `2s:pin=X1:1`,
  /// `2s:turn=X1-X2:-8`.
  public init(parsing text: String) throws(StimulusError) {
    guard let colon = text.firstIndex(of: ":") else { throw .malformed(text) }
    let timeText = text[..<colon]
    guard let time = Interval(text: timeText) else { throw .badTime(String(timeText)) }
    let rest = text[text.index(after: colon)...]
    guard let equals = rest.firstIndex(of: "=") else { throw .malformed(text) }
    let value = rest[rest.index(after: equals)...]
    guard !value.isEmpty else { throw .malformed(text) }
    self.init(
      at: .powerOn + time, try Self.action(String(rest[..<equals]), String(value)))
  }

  private static func action(_ name: String, _ value: String) throws(StimulusError) -> Action {
    switch name {
    case "press", "release":
      let parts = value.split(separator: ",", maxSplits: 1, omittingEmptySubsequences: false)
      var bounce = Interval.zero
      if parts.count == 2 {
        guard let interval = Interval(text: parts[1]) else { throw .badTime(String(parts[1])) }
        bounce = interval
      }
      let part = String(parts[0])
      return name == "press" ? .press(part, bounce: bounce) : .release(part, bounce: bounce)
    case "turn": return try turn(value)
    case "tilt":
      let counts = value.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
      guard counts.count == 3, let x = counts[0], let y = counts[1], let z = counts[2],
        [x, y, z].allSatisfy({ (-32...31).contains($0) })
      else { throw .badTilt(value) }
      return .tilt(Accelerometer.Reading(x: x, y: y, z: z))
    case "pin":
      let parts = value.split(separator: ":", omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty else { throw .badPinLevel(value) }
      switch parts[1] {
      case "0": return .pin(String(parts[0]), .low)
      case "1": return .pin(String(parts[0]), .high)
      case "z": return .pin(String(parts[0]), nil)
      default: throw .badPinLevel(value)
      }
    default: throw .unknownAction(name)
    }
  }

  /// `X1-X2:STEPS` or `X1-X2:STEPS,PAUSE`
  private static func turn(_ value: String) throws(StimulusError) -> Action {
    let parts = value.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2 else { throw .badTurn(value) }
    let pins = parts[0].split(separator: "-", omittingEmptySubsequences: false)
    let motion = parts[1].split(separator: ",", omittingEmptySubsequences: false)
    guard pins.count == 2, !pins[0].isEmpty, !pins[1].isEmpty, (1...2).contains(motion.count),
      let steps = Int(motion[0]), (-100_000...100_000).contains(steps)
    else { throw .badTurn(value) }
    var pause = Interval.milliseconds(5)
    if motion.count == 2 {
      guard let interval = Interval(text: motion[1]) else { throw .badTime(String(motion[1])) }
      pause = interval
    }
    return .turn(String(pins[0]), String(pins[1]), steps: steps, pause: pause)
  }
}
