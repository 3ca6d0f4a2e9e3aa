/// Something that a part of the board did, as a line of the trace shows it. Parts define their entries in
/// extensions of this type, in their own files.
public struct TraceEntry: Sendable {
  /// The line's text after the time: words separated by single spaces, the kind of part first.
  let text: String

  public init(_ text: String) { self.text = text }

  static func started(board: String) -> TraceEntry { TraceEntry("board \(board)") }
}
