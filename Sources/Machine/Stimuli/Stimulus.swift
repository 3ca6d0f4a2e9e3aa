import Timebase

/// Something that a person or a device does to the board at a moment of board time: sets a control of a part,
/// `3s:USR.pressed=1`; or behind something that happens, `450us after X1=0:USR.pressed=1`.
public struct Stimulus: Sendable, Hashable {
  /// Since power-on; with a trigger, since that.
  public var time: Instant
  /// Its trigger; `nil` if it only waits for its time.
  public var trigger: StimulusTrigger?
  public var part: String
  public var control: String
  /// As people write it; the board reads it.
  public var value: String

  /// `PART.CONTROL`
  public var name: String { "\(part).\(control)" }

  public init(
    at time: Instant, after trigger: StimulusTrigger? = nil, part: String, control: String, value: String
  ) {
    self.time = time
    self.trigger = trigger
    self.part = part
    self.control = control
    self.value = value
  }

  /// Reads `TIME:PART.CONTROL=VALUE`, or `TIME:ACTION=VALUE` with one of the older names: `3s:press=USR`. In place of TIME there may be
  /// `[DELAY ]after [first ]NAME=VALUE`, or `NAME falls`, `NAME rises`, `NAME changes`.
  public init(parsing text: String) throws(StimulusError) {
    guard let colon = text.firstIndex(of: ":") else { throw .malformed(text) }
    let (timeText, trigger) = try StimulusTrigger.read(text[..<colon])
    guard let time = Interval(text: timeText) else { throw .badTime(String(timeText)) }
    // A space may stand behind the time, as in YAML.
    let rest = text[text.index(after: colon)...].drop { $0 == " " }
    guard let equals = rest.firstIndex(of: "=") else { throw .malformed(text) }
    let name = rest[..<equals]
    let value = rest[rest.index(after: equals)...]
    guard !value.isEmpty else { throw .malformed(text) }
    if let (part, control) = splitName(name) {
      self.init(at: .powerOn + time, after: trigger, part: part, control: control, value: String(value))
      return
    }
    guard let alias = Self.aliases.first(where: { $0.name == name }) else {
      throw .unknownAction(String(name), olderNames: Self.aliases.map(\.name))
    }
    guard let meaning = alias.meaning(value) else {
      throw .badAlias(alias.name, value: String(value), example: alias.example)
    }
    self.init(
      at: .powerOn + time, after: trigger, part: meaning.part, control: alias.control, value: meaning.value)
  }

  /// An older way to write a stimulus.
  private struct Alias: Sendable {
    let name: String
    /// An example of text that may follow the name.
    let example: String
    let control: String
    let meaning: @Sendable (Substring) -> (part: String, value: String)?
  }

  private static let aliases = [
    Alias(name: "press", example: "USR, or USR,5ms with its bounce", control: "pressed") { moved($0, "1") },
    Alias(name: "release", example: "USR, or USR,5ms with its bounce", control: "pressed") { moved($0, "0") },
    Alias(name: "turn", example: "X1-X2:-8, or X1-X2:-8,2ms", control: "turn") { split($0, at: ":") },
    Alias(name: "tilt", example: "10,0,20", control: "acceleration") { ("accel", String($0)) },
    Alias(name: "pin", example: "X1:1, X1:0 or X1:z", control: "level") { split($0, at: ":") },
    Alias(name: "volts", example: "X5,1.65", control: "voltage") { split($0, at: ",") },
  ]

  private static func split(_ text: Substring, at separator: Character) -> (part: String, value: String)? {
    let parts = text.split(separator: separator, maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty else { return nil }
    return (String(parts[0]), String(parts[1]))
  }

  /// A contact, and behind a comma how long it bounces.
  private static func moved(_ text: Substring, _ state: String) -> (part: String, value: String)? {
    split(text, at: ",").map { ($0.part, "\(state),\($0.value)") } ?? (String(text), state)
  }
}
