import Timebase

/// The condition that a stimulus waits for: `X1=0`, `X1 falls`, `uart4.tx=AT\r`, `first room.temperature
/// changes`.
public struct StimulusTrigger: Sendable, Hashable {
  public enum Condition: Sendable, Hashable {
    /// A pin or a signal comes to have this value, as people write it. Of bytes on a line these are the latest.
    case becomes(String)
    case changes
  }

  /// A pin of the board, `X1`; a pin of a device, `oled.res`; or a signal, `uart4.tx`.
  public var name: String
  public var condition: Condition
  /// Whether it counts only the first time.
  public var isFirstOnly: Bool

  public init(_ name: String, _ condition: Condition, isFirstOnly: Bool = false) {
    self.name = name
    self.condition = condition
    self.isFirstOnly = isFirstOnly
  }

  /// Reads what stands behind `after`.
  init(parsing text: Substring) throws(StimulusError) {
    var text = Self.trimmed(text)
    let isFirstOnly = text.hasPrefix("first ")
    if isFirstOnly { text = Self.trimmed(text.dropFirst("first ".count)) }
    if let equals = text.firstIndex(of: "=") {
      let (name, value) = (Self.trimmed(text[..<equals]), text[text.index(after: equals)...])
      guard !name.isEmpty, !value.isEmpty else { throw .badTrigger(String(text)) }
      self.init(String(name), .becomes(String(value)), isFirstOnly: isFirstOnly)
      return
    }
    let words = text.split(separator: " ").map(String.init)
    let conditions: [String: Condition] = [
      "falls": .becomes("0"), "rises": .becomes("1"), "changes": .changes,
    ]
    guard words.count == 2, let condition = conditions[words[1]] else { throw .badTrigger(String(text)) }
    self.init(words[0], condition, isFirstOnly: isFirstOnly)
  }

  /// Reads the head of a stimulus, in front of the colon: a time, or a delay after a condition.
  static func read(
    _ head: Substring
  ) throws(StimulusError) -> (delay: Substring, trigger: StimulusTrigger?) {
    let head = trimmed(head)
    if head.hasPrefix("after ") {
      return ("0s", try StimulusTrigger(parsing: head.dropFirst("after ".count)))
    }
    guard let after = head.firstRange(of: " after ") else { return (head, nil) }
    return (trimmed(head[..<after.lowerBound]), try StimulusTrigger(parsing: head[after.upperBound...]))
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text.drop { $0 == " " }
    while text.last == " " { text.removeLast() }
    return text
  }
}
