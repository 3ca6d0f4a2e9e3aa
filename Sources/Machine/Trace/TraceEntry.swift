/// Something that a part of the board did, as a line of the trace shows it. Parts say what they do in extensions of this
/// type, in their own files.
public struct TraceEntry: Sendable {
  /// What follows the time on the line: words separated by single spaces, what kind of part first.
  let text: String

  public init(_ text: String) { self.text = text }

  static func started(board: String) -> TraceEntry { TraceEntry("board \(board)") }
}
