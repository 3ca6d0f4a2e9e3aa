import Timebase

/// How much of source text, and of the tree that is made of it, the compiler takes on.
struct CompilerLimits: Sendable {
  /// Brackets, blocks and other constructs inside each other.
  var nesting: Int
  /// Nodes above each other: `a + b + …` and `a.b.c…` grow high without nesting.
  var height: Int
  /// Names, numbers and signs in one source; each takes about a hundred bytes of the host's memory.
  var tokens = 130_000
  /// Digits of an integer. Making a number of them takes time by their square.
  var digits = 65536

  /// What the firmware thread's own stack suffices for.
  static let usual = CompilerLimits(nesting: 100, height: 500)
  /// What `withCompilerStack` has room for, debug builds included.
  static let high = CompilerLimits(nesting: 800, height: 8000)
}

/// What goes between the firmware thread and the one that compiles for it.
///
/// Invariant: the compiling thread writes it before it signals that it is done, the firmware thread reads it after that.
private final class CompilerResult: @unchecked Sendable {
  var result: Result<CompiledCode, SyntaxProblem>?
}

/// Compiles, and again on a stack of 512 MiB when the tree is too high for this thread's. The host gives memory for what is
/// used of it only.
func withCompilerStack(
  _ body: (CompilerLimits) throws(SyntaxProblem) -> CompiledCode
) throws(SyntaxProblem) -> CompiledCode {
  let problem: SyntaxProblem
  do throws(SyntaxProblem) {
    return try body(.usual)
  } catch {
    guard error.kind == .tooDeep else { throw error }
    problem = error
  }
  let outcome = CompilerResult()
  let done = HostSemaphore()
  let hasRun = withoutActuallyEscaping(body) { body in
    // This thread stands still until the other one is done with it.
    nonisolated(unsafe) let body = body
    do {
      try startHostThread(name: "compiler", stackBytes: 512 << 20) {
        outcome.result = Result { () throws(SyntaxProblem) in try body(.high) }
        done.signal()
      }
    } catch { return false }
    done.wait()
    return true
  }
  guard hasRun, let result = outcome.result else { throw problem }
  return try result.get()
}
