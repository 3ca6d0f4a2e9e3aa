/// A place that jumps lead to.
final class Label {
  /// The address of the instruction that it stands before, once it is placed.
  var position: Int?
  /// The locals that are bound on every way that leads here so far; nil while no jump does.
  var boundRegisters: Set<Int>?
}

/// Instructions whose exceptions one handler catches. Code of `finally` that is copied to a way out of the
/// region lies in between but is not covered, so a region is a list of stretches.
final class ProtectedRegion {
  private(set) var stretches: [Range<Int>] = []
  private var start: Int?

  /// Has no effect on a region that is open.
  func open(at address: Int) { start = start ?? address }

  func close(at address: Int) {
    if let start, start < address { stretches.append(start..<address) }
    start = nil
  }
}

/// A statement that encloses the current one, as `break`, `continue`, `return` and a bare `raise` see it.
struct Block {
  enum Kind {
    case loop(break: Label, continue: Label)
    /// The body of an `except`, or of a `finally` on the exceptional way; the register holds the exception.
    case handler(register: Int)
    /// Covered by handlers, but nothing runs on the way out.
    case protected
    /// Runs code on every way out: `finally`, `with`, the end of `except … as`.
    case cleanup((FunctionCompiler) throws(SyntaxProblem) -> Void)
  }
  var kind: Kind
  var region: ProtectedRegion?
}
