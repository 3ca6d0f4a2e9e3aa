import Timebase

/// How the outside acts on a part: a person's finger, a test, a wiring file, a page.
public struct Control {
  /// Within its part: `pressed`.
  public let name: String
  public let form: ValueForm
  /// `V`, `counts`; `nil` for what has none.
  public let unit: String?
  /// A value that a message can show: `10,0,20`.
  public let example: String
  /// Meaning of an optional duration behind the value, as in `1,5ms`; `nil` where there can be none.
  public let durationName: String?
  /// The pins that setting it drives; a real line among them is for what is wired to it to drive.
  public let pins: [Pin]
  /// The words that a text may be; empty for any.
  public let choices: [String]

  private let apply: (PartValue, Interval?) -> Void

  /// - Parameter apply: sets it; gets values that the form allows, and a duration only if `durationName` is given.
  public init(
    _ name: String, _ form: ValueForm, unit: String? = nil, example: String, durationName: String? = nil,
    pins: [Pin] = [], apply: @escaping (PartValue, Interval?) -> Void
  ) {
    self.name = name
    self.form = form
    self.unit = unit
    self.example = example
    self.durationName = durationName
    self.pins = pins
    choices = []
    self.apply = apply
  }

  /// One of a few words.
  /// - Parameter apply: gets one of `choices`.
  public init(_ name: String, choices: [String], example: String, apply: @escaping (String) -> Void) {
    self.name = name
    form = .text
    unit = nil
    self.example = example
    durationName = nil
    pins = []
    self.choices = choices
    self.apply = { value, _ in if case .text(let word) = value { apply(word) } }
  }

  /// Accepted values, for a person: `0 to 3.3 V`, `0 or 1 (bounce behind a comma, as in 1,5ms)`.
  public var summary: String {
    let values = choices.isEmpty ? form.summary(unit: unit) : choices.joined(separator: ", ")
    return durationName.map { "\(values) (\($0) behind a comma, as in \(example))" } ?? values
  }

  /// A value that was read from text.
  public struct Setting: Sendable, Hashable {
    public var value: PartValue
    public var duration: Interval?

    public init(_ value: PartValue, duration: Interval? = nil) {
      self.value = value
      self.duration = duration
    }
  }

  /// Reads a value, and behind a comma its duration, as people write them.
  /// - Returns: `nil` for what it does not take.
  public func setting(of text: String) -> Setting? {
    if durationName != nil, let comma = text.lastIndex(of: ",") {
      guard let duration = Interval(text: text[text.index(after: comma)...]),
        let value = form.value(of: String(text[..<comma]))
      else { return nil }
      return Setting(value, duration: duration)
    }
    guard choices.isEmpty || choices.contains(text) else { return nil }
    return form.value(of: text).map { Setting($0) }
  }

  /// Sets it.
  /// - Returns: false, with nothing done, for what it does not take.
  @discardableResult
  public func set(_ setting: Setting) -> Bool {
    guard form.allows(setting.value), setting.duration == nil || durationName != nil else { return false }
    if !choices.isEmpty, !choices.contains("\(setting.value)") { return false }
    apply(setting.value, setting.duration)
    return true
  }

  /// Sets it to a value without a duration.
  /// - Returns: false, with nothing done, for what it does not take.
  @discardableResult
  public func set(_ value: PartValue) -> Bool { set(Setting(value)) }
}
