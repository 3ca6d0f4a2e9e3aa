import Asyncio

/// Cancellation is thrown once, at the await where the task stands.
@Firmware func cancellationTwin(_ out: Output) async throws {
  let cases = CancellationCases(out)
  try await cases.oneTask()
  try await cases.severalTasks()
  try await cases.ends()
  try await cases.locksAndGathering()
}

@Firmware private struct CancellationCases {
  struct ValueError: Error {}

  let out: Output

  init(_ out: Output) { self.out = out }

  // MARK: What is cancelled

  private func caught() async throws -> Int {
    do { try await sleepMs(100) } catch is CancelledError { out.print("caught") }
    try await sleepMs(20)
    out.print("goes on")
    return 1
  }

  /// Swift has no `finally` that may suspend: the clean-up is in the handler.
  private func cleaning(_ steps: Int, fails: Bool = false) async throws {
    do { try await sleepMs(100) } catch {
      for step in 0..<steps {
        out.print("cleans", step)
        try await sleepMs(20)
      }
      if fails { throw ValueError() }
      throw error
    }
  }

  private func waits<Success>(_ number: Int, _ task: FirmwareTask<Success>) async throws {
    do {
      out.print("result", number, try await task.value)
    } catch is CancelledError {
      out.print("cancelled", number)
      throw CancelledError()
    }
  }

  private func holds(_ lock: Lock, ms: Int) async throws {
    try await lock.withLock {
      out.print("has it")
      try await sleepMs(ms)
      out.print("gives it")
    }
  }

  private func outcome(_ task: FirmwareTask<some Any>) async -> String {
    do {
      _ = try await task.value
      return "none"
    } catch {
      return "\(type(of: error))"
    }
  }

  // MARK: How

  func oneTask() async throws {
    out.print("- goes on after it was caught")
    var task = createTask { try await caught() }
    try await sleepMs(20)
    out.print(try task.cancel(), try task.cancel())
    out.print(try await task.value, task.isDone)

    out.print("- once more while it goes on")
    task = createTask { try await caught() }
    try await sleepMs(20)
    try task.cancel()
    try await sleepMs(10)
    try task.cancel()
    out.print(await outcome(task))

    out.print("- in the clean-up")
    var cleaner = createTask { try await cleaning(3) }
    try await sleepMs(20)
    try cleaner.cancel()
    try await sleepMs(30)
    out.print(cleaner.isDone, try cleaner.cancel())
    out.print(await outcome(cleaner), cleaner.isDone)

    out.print("- an error in the clean-up")
    cleaner = createTask { try await cleaning(1, fails: true) }
    try await sleepMs(20)
    try cleaner.cancel()
    out.print(await outcome(cleaner))
  }

  func severalTasks() async throws {
    out.print("- others await it")
    var inner = createTask { try await cleaning(1) }
    var first = createTask { [inner] in try await waits(1, inner) }
    var second = createTask { [inner] in try await waits(2, inner) }
    try await sleepMs(20)
    try inner.cancel()
    try await sleepMs(60)
    out.print(inner.isDone, first.isDone, second.isDone)
    out.print(await outcome(first), await outcome(second))

    out.print("- one of those that await it is cancelled")
    inner = createTask { try await cleaning(1) }
    first = createTask { [inner] in try await waits(1, inner) }
    second = createTask { [inner] in try await waits(2, inner) }
    try await sleepMs(20)
    try first.cancel()
    try await sleepMs(60)
    out.print(inner.isDone, first.isDone, second.isDone)

    out.print("- what it awaits swallows it")
    let stubborn = createTask { try await caught() }
    first = createTask { try await waits(1, stubborn) }
    try await sleepMs(20)
    try first.cancel()
    out.print(await outcome(first), stubborn.isDone)
  }

  func ends() async throws {
    out.print("- itself")
    do { try currentTask().cancel() } catch { out.print(error) }
    try await sleepMs(10)

    out.print("- before its first step")
    let task = createTask { try await caught() }
    out.print(try task.cancel(), task.isDone)
    out.print(await outcome(task), task.isDone)

    out.print("- after its end")
    out.print(try task.cancel())
    out.print(await outcome(task))
    let short = createTask { try await sleepMs(0) }
    try await sleepMs(10)
    out.print(short.isDone, try short.cancel())
  }

  func locksAndGathering() async throws {
    out.print("- while it waits for a lock, and while it has it")
    let lock = Lock()
    let first = createTask { try await holds(lock, ms: 100) }
    let second = createTask { try await holds(lock, ms: 10) }
    let third = createTask { try await holds(lock, ms: 10) }
    try await sleepMs(20)
    try second.cancel()
    try await sleepMs(10)
    out.print(first.isDone, second.isDone, third.isDone, lock.isLocked)
    try first.cancel()
    try await sleepMs(40)
    out.print(first.isDone, third.isDone, lock.isLocked)

    out.print("- those that are gathered")
    let tasks = (0..<2).map { _ in createTask { try await cleaning(1) } }
    let gathering = createTask { _ = try await gather(tasks) }
    try await sleepMs(20)
    try gathering.cancel()
    try await sleepMs(60)
    out.print(gathering.isDone, tasks[0].isDone, tasks[1].isDone)
    out.print(await outcome(gathering))
  }
}
