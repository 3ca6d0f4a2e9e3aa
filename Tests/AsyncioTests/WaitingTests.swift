import Testing

@testable import Asyncio

@Suite struct WaitingTests {
  @Test func waitForReturnsWhatComesInTime() throws {
    let lines = try virtualBoard().run {
      let log = Log()
      let text = try await waitForMs(100) {
        try await sleepMs(30)
        return "in time"
      }
      try log.add(text)
      return log.lines
    }
    #expect(lines == ["30 in time"])
  }

  @Test func waitForCancelsWhatIsLateAndWaitsForItsEnd() throws {
    let lines = try virtualBoard().run {
      let log = Log()
      let late = createTask {
        do {
          try await sleep(10)
        } catch {
          try log.add("late one: \(error)")
          try await sleepMs(7)
          throw error
        }
      }
      let errorWhenLate = await thrown { try await waitFor(late, 0.05) }
      #expect(errorWhenLate is TimeoutError)
      try log.add("main")
      #expect(late.isDone)
      return log.lines
    }
    #expect(lines == ["50 late one: CancelledError", "57 main"])
  }

  @Test func waitForPassesErrorsAndCancellationsOn() throws {
    try virtualBoard().run {
      let soonError = await thrown { try await waitForMs(100) { () -> Void in throw Failure(name: "soon") } }
      #expect(soonError as? Failure == Failure(name: "soon"))
      let inner = createTask { try await sleepMs(1000) }
      let outer = createTask { try await waitForMs(inner, 500) }
      try await sleepMs(10)
      try outer.cancel()
      let outerError = await thrown { try await outer.value }
      #expect(outerError is CancelledError)
      let innerError = await thrown { try await inner.value }
      #expect(innerError is CancelledError)
      #expect(try boardTime().milliseconds == 10)
    }
  }

  @Test func gatherReturnsResultsInOrderOfItsArguments() throws {
    let (number, text) = try virtualBoard().run {
      let one = createTask {
        try await sleepMs(20)
        return 1
      }
      let two = createTask {
        try await sleepMs(10)
        return "two"
      }
      return try await gather(one, two)
    }
    #expect(number == 1)
    #expect(text == "two")
  }

  @Test func gatherThrowsTheFirstErrorAndLetsTheOthersGoOn() throws {
    let lines = try virtualBoard().run {
      let log = Log()
      let other = createTask {
        try await sleepMs(30)
        try log.add("other")
      }
      let failing = createTask { () -> Void in
        try await sleepMs(10)
        throw Failure(name: "x")
      }
      let firstError = await thrown { try await gather(failing, other) }
      #expect(firstError as? Failure == Failure(name: "x"))
      try log.add("main")
      try await other.value
      return log.lines
    }
    #expect(lines == ["10 main", "30 other"])
  }

  @Test func gatherResultsKeepsErrorsAndCancellations() throws {
    try virtualBoard().run {
      let tasks = [
        createTask { 1 }, createTask { () -> Int in throw Failure(name: "x") },
        createTask { () -> Int in
          try await sleepMs(100)
          return 3
        },
      ]
      let canceller = createTask { try tasks[2].cancel() }
      let results = try await gatherResults(tasks)
      #expect(try results[0].get() == 1)
      #expect(throws: Failure(name: "x")) { try results[1].get() }
      #expect(throws: CancelledError.self) { try results[2].get() }
      #expect(try await canceller.value)
    }
  }

  @Test func cancellingAGatheringCancelsItsTasks() throws {
    try virtualBoard().run {
      let inner = [createTask { try await sleepMs(100) }, createTask { try await sleepMs(200) }]
      let outer = createTask { try await gather(inner) }
      try await sleepMs(10)
      let waiterError = await thrown { try await inner[0].value }
      #expect(waiterError as? SchedulerError == .cannotWait)
      try outer.cancel()
      let outerError = await thrown { try await outer.value }
      #expect(outerError is CancelledError)
      try await sleepMs(0)
      #expect(inner.map(\.isDone) == [true, true])
    }
  }

  @Test func eventsWakeInOrderOfWaiting() throws {
    let lines = try virtualBoard().run {
      let log = Log()
      let event = Event()
      for name in ["a", "b", "c"] {
        createTask {
          try await event.wait()
          try log.add(name)
        }
      }
      try await sleepMs(3)
      event.set()
      event.clear()
      #expect(!event.isSet)
      try await sleepMs(0)
      return log.lines
    }
    #expect(lines == ["3 a", "3 b", "3 c"])
  }
}
