import Timebase

/// How much of source text, and of the tree that is made of it, the compiler takes on.
struct CompilerLimits: Sendable {
  /// Brackets, blocks and other constructs inside each other.
  var nesting: Int
  /// Nodes above each other: `a + b + …` and `a.b.c…` grow high without nesting.
  var height: Int
  /// Names, numbers and signs in one source; each takes about a hundred bytes of the host's memory.
  var tokens = 250_000
  /// Digits of an integer. Making a number of them takes time by their square.
  var digits = 65536

  /// Limits that the firmware thread's own stack suffices for.
  static let usual = CompilerLimits(nesting: 100, height: 500)
  /// Limits that `withCompilerStack` has room for, debug builds included.
  static let high = CompilerLimits(nesting: 800, height: 8000)
}

/// A job that the firmware thread hands to the one that compiles for it, and its result.
///
/// Invariant: the firmware thread touches it before it starts the other one and after that has signalled that it is done. Starting a
/// thread and the semaphore order the two threads' accesses.
private final class CompilerJob: @unchecked Sendable {
  private var body: ((CompilerLimits) throws(SyntaxProblem) -> CompiledCode)?
  private(set) var result: Result<CompiledCode, SyntaxProblem>?

  init(_ body: @escaping (CompilerLimits) throws(SyntaxProblem) -> CompiledCode) { self.body = body }

  /// Runs the body, once, and lets go of it.
  func run() {
    guard let body else { return }
    self.body = nil
    result = Result { () throws(SyntaxProblem) in try body(.high) }
  }
}

/// Compiles, and again on a stack of 512 MiB when the tree is too high for this thread's. The host gives
/// memory only for the part that is used.
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
  let result = withoutActuallyEscaping(body) { body in
    let job = CompilerJob(body)
    let done = HostSemaphore()
    do {
      try startHostThread(name: "compiler", stackBytes: 512 << 20) {
        job.run()
        done.signal()
      }
    } catch { return nil as Result<CompiledCode, SyntaxProblem>? }
    done.wait()
    return job.result
  }
  guard let result else { throw problem }
  return try result.get()
}
