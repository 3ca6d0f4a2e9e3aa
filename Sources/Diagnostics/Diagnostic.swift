/// One thing that the emulator has to tell about a firmware, a board file or a run.
public struct Diagnostic: Sendable, Hashable {
  /// How much it matters.
  public enum Severity: String, Sendable, Hashable {
    /// The run cannot have done what its author meant.
    case error
    /// Something that bites sooner or later.
    case warning
  }

  /// Where in the firmware or in a board file it was found.
  public struct Place: Sendable, Hashable {
    /// The file as the user named it; `nil` when no file is involved (standard input, a peripheral).
    public var file: String?
    /// The line, counted from 1.
    public var line: Int?
    /// The name of the asyncio task that was running.
    public var task: String?

    public init(file: String? = nil, line: Int? = nil, task: String? = nil) {
      self.file = file
      self.line = line
      self.task = task
    }
  }

  public var finding: Finding
  public var place: Place
  /// What happened.
  public var message: String
  /// What the reader can do about it.
  public var advice: String

  public init(
    _ finding: Finding, place: Place = Place(), message: String, advice: String
  ) {
    self.finding = finding
    self.place = place
    self.message = message
    self.advice = advice
  }
}

extension Diagnostic.Place: CustomStringConvertible {
  /// `FILE:LINE`, with the task's name in brackets behind it when there is one; as much of it as is known.
  public var description: String {
    let place = file.map { file in line.map { "\(file):\($0)" } ?? file }
    return [place, task.map { "[\($0)]" }].compactMap { $0 }.joined(separator: " ")
  }
}

extension Diagnostic: CustomStringConvertible {
  /// `FILE:LINE: code: what happened; what to do`, on one line whatever the texts hold; without a place it begins with
  /// the code.
  public var description: String {
    let place = "\(place)"
    return ((place.isEmpty ? "" : place + ": ") + "\(finding.code): \(message); \(advice)")
      .split(whereSeparator: \.isNewline).joined(separator: " ")
  }

  /// One JSON object on one line; absent parts of the place are left out.
  public var json: String {
    var fields = [("code", quoted(finding.code)), ("severity", quoted(finding.severity.rawValue))]
    if let file = place.file { fields.append(("file", quoted(file))) }
    if let line = place.line { fields.append(("line", String(line))) }
    if let task = place.task { fields.append(("task", quoted(task))) }
    fields += [("message", quoted(message)), ("advice", quoted(advice))]
    return "{" + fields.map { "\(quoted($0.0)):\($0.1)" }.joined(separator: ",") + "}"
  }
}

private func quoted(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case "\n": result += "\\n"
    case "\r": result += "\\r"
    case "\t": result += "\\t"
    case _ where scalar.value < 0x20:
      result += "\\u" + scalar.value.hexadecimal(digits: 4)
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result + "\""
}
