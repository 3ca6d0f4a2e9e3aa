import MicroPython

/// A reference to the runtime for built-in functions that are called often: using it counts nothing.
///
/// Invariant: the runtime outlives the firmware that calls them, as the heap does.
struct RuntimeReference {
  private let runtime: Unmanaged<AsyncioRuntime>

  init(_ runtime: AsyncioRuntime) { self.runtime = .passUnretained(runtime) }

  @inline(__always)
  func use<Result>(_ body: (AsyncioRuntime) throws(Raised) -> Result) throws(Raised) -> Result {
    let outcome = runtime._withUnsafeGuaranteedRef { runtime -> Swift.Result<Result, Raised> in
      do throws(Raised) { return .success(try body(runtime)) } catch { return .failure(error) }
    }
    return try outcome.get()
  }
}
