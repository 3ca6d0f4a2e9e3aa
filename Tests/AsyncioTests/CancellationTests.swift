import Testing

@testable import Asyncio

@Suite struct CancellationTests {
  @Test func cancellationIsThrownOnceAtTheAwait() throws {
    let lines = try virtualBoard().run {
      let log = Log()
      let task = createTask {
        do {
          try await sleepMs(1000)
        } catch is CancelledError {
          try log.add("cancelled")
        }
        try await sleepMs(5)
        try log.add("went on")
      }
      try await sleepMs(25)
      #expect(try task.cancel())
      #expect(try task.cancel())
      try log.add("main")
      try await task.value
      #expect(try !task.cancel())
      return log.lines
    }
    #expect(lines == ["25 main", "25 cancelled", "30 went on"])
  }

  @Test func aTaskCancelledBeforeItBeganNeverBegins() throws {
    let lines = try virtualBoard().run {
      let log = Log()
      let task = createTask { try log.add("began") }
      try task.cancel()
      let failure = await thrown { try await task.value }
      #expect(failure is CancelledError)
      return log.lines
    }
    #expect(lines == [])
  }

  @Test func cancellingAWaiterCancelsWhatItAwaits() throws {
    let lines = try virtualBoard().run {
      let log = Log()
      let inner = createTask {
        do {
          try await sleepMs(1000)
        } catch {
          try log.add("inner \(error)")
        }
        return "kept"
      }
      let outer = createTask { try log.add("outer got " + (try await inner.value)) }
      try await sleepMs(10)
      try outer.cancel()
      try await outer.value
      return log.lines
    }
    // The inner task caught it, so the outer one never hears of it.
    #expect(lines == ["10 inner CancelledError", "10 outer got kept"])
  }

  @Test func aTaskCannotCancelItself() throws {
    try virtualBoard().run {
      #expect(throws: SchedulerError.cannotCancelSelf) { try currentTask().cancel() }
    }
  }

  @Test func aCancelledWaiterLeavesEventsAndLocksUsable() throws {
    let lines = try virtualBoard().run {
      let log = Log()
      let event = Event()
      let lock = Lock()
      try await lock.acquire()
      let first = createTask {
        try await lock.acquire()
        try log.add("first has it")
      }
      let second = createTask {
        try await lock.withLock { try log.add("second has it") }
      }
      let waiter = createTask { try await event.wait() }
      try await sleepMs(1)
      // Promised to the first task, which is cancelled before it can take it.
      try lock.release()
      try first.cancel()
      try waiter.cancel()
      try await second.value
      event.set()
      try await event.wait()
      #expect(!lock.isLocked)
      #expect(throws: SchedulerError.lockNotAcquired) { try lock.release() }
      return log.lines
    }
    #expect(lines == ["1 second has it"])
  }

  @Test func tasksThatAwaitEachOtherCanBeCancelled() throws {
    try virtualBoard().run {
      let tasks = Box<[FirmwareTask<Void>]>([])
      for number in 0..<3 {
        tasks.value.append(createTask { try await tasks.value[(number + 1) % 3].value })
      }
      try await sleepMs(10)
      #expect(try tasks.value[0].cancel())
      try await sleepMs(10)
      #expect(tasks.value.map(\.isDone) == [true, true, true])
    }
  }
}
