import Asyncio
import Machine
import Session

/// Three tasks side by side: one ends by itself, one runs into a timeout, one is cancelled. In Python: gather.py
///
/// `gatherResults` in place of `gather` returns the timeout instead of throwing it.
@main struct Gather: FirmwareProgram {
  static let abstract = "Results, a timeout and a cancellation of tasks that are gathered."

  @Firmware static func run(on board: Board) async throws {
    let task = createTask { try await bar() }
    createTask {
      try await sleep(5)
      print("About to cancel bar")
      try task.cancel()
    }
    do {
      let dog = createTask { try await barking(21) }
      let timed = createTask { try await waitFor(7) { try await foo() } }
      let (result, _) = try await gather(dog, timed)
      print("Result: ", result)
    } catch is TimeoutError {
      print("foo timed out.")
      print("Result:  No result")
    }
  }

  @Firmware private static func barking(_ number: Int) async throws -> Int {
    print("Start normal coro barking()")
    try await sleep(6)
    print("Done barking.")
    return 2 * number
  }

  @Firmware private static func foo() async throws {
    print("Start timeout coro foo()")
    do {
      try await sleep(3600)
    } catch is CancelledError {
      print("Trapped foo timeout.")
      throw CancelledError()  // a task that swallows its cancellation would seem to have ended well
    }
  }

  @Firmware private static func bar() async throws {
    print("Start cancellable bar()")
    do {
      try await sleep(3600)
    } catch is CancelledError {
      print("Trapped bar cancellation.")
      throw CancelledError()
    }
  }
}
