/// Why source code can't be compiled, with MicroPython's text and the place.
public struct SyntaxProblem: Error, Sendable, Hashable {
  /// The exception as which the problem surfaces in firmware.
  public enum Kind: Sendable {
    /// `SyntaxError`
    case syntax
    /// `IndentationError`
    case indentation
    /// `NotImplementedError`, raised without a place
    case notImplemented
    /// `ViperTypeError`
    case viperType
    /// `RuntimeError`: code nested deeper than the board's stack allows, a name that is too long
    case tooDeep
    /// `MemoryError`: more source, or a longer number, than a board could hold
    case tooLarge
  }

  public var message: String
  /// The name of the source, as tracebacks show it; empty if it has none.
  public var file: String
  /// 1-based.
  public var line: Int
  public var kind: Kind
  /// The function, class or `<module>` that a traceback names; nil when the parser found the problem.
  public var scopeName: String?

  public var isIndentation: Bool { kind == .indentation }

  public init(
    _ message: String, file: String = "", line: Int, kind: Kind = .syntax, scopeName: String? = nil
  ) {
    self.message = message
    self.file = file
    self.line = line
    self.kind = kind
    self.scopeName = scopeName
  }
}
