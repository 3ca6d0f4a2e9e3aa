/// One report of the emulator about a firmware, a board file or a run.
public struct Diagnostic: Sendable, Hashable {
  /// How much it matters.
  public enum Severity: String, Sendable, Hashable {
    /// The run cannot have done what its author meant.
    case error
    /// Something that bites sooner or later.
    case warning
  }

  /// Place in the firmware or in a board file where it was found.
  public struct Place: Sendable, Hashable {
    /// The board's name, where there are several.
    public var board: String?
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
  /// The event.
  public var message: String
  /// The remedy for the reader.
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
  /// `BOARD: FILE:LINE`, with the task's name in brackets behind it when there is one; as much of it as is known.
  public var description: String {
    let place = file.map { file in line.map { "\(file):\($0)" } ?? file }
    let inside = [place, task.map { "[\($0)]" }].compactMap { $0 }.joined(separator: " ")
    guard let board else { return inside }
    return inside.isEmpty ? board : "\(board): \(inside)"
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
    var fields: [(String, JSON)] = [
      ("code", .text(finding.code)), ("severity", .text(finding.severity.rawValue)),
    ]
    if let board = place.board { fields.append(("board", .text(board))) }
    if let file = place.file { fields.append(("file", .text(file))) }
    if let line = place.line { fields.append(("line", .integer(line))) }
    if let task = place.task { fields.append(("task", .text(task))) }
    fields += [("message", .text(message)), ("advice", .text(advice))]
    return JSON.object(fields).line
  }
}
