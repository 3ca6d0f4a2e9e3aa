/// Text that is no YAML document, or one with more in it than this project's files may have.
public struct YAMLError: Error, Equatable, CustomStringConvertible {
  /// Counted from 1; `nil` when it is about the text as a whole.
  public let line: Int?
  /// A predicate about the file or the line, as in "is not YAML here: …".
  public let message: String

  public var description: String { line.map { "line \($0) \(message)" } ?? message }
}
