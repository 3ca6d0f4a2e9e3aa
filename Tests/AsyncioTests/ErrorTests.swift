import Testing
import Timebase

@testable import Asyncio

@Suite struct ErrorTests {
  @Test func anErrorStopsItsTaskAndIsReported() throws {
    let lines = try virtualBoard().run {
      let log = Log()
      try EventLoop.get().setExceptionHandler { context in
        try log.add("\(context.message): \(context.task.name) \(context.error)")
      }
      createTask(name: "bad") {
        try await sleepMs(5)
        throw Failure(name: "x")
      }
      createTask {
        try await sleepMs(5)
        try log.add("unharmed")
      }
      try await sleepMs(10)
      return log.lines
    }
    #expect(
      lines == [
        "5 unharmed", "5 Task exception wasn't retrieved: bad Failure(name: \"x\")",
      ])
  }

  @Test func anErrorThatIsRetrievedInTimeIsNotReported() throws {
    let scheduler = virtualBoard()
    var reports = 0
    scheduler.exceptionHandler = { _ in reports += 1 }
    try scheduler.run {
      let failing = createTask { () -> Void in throw Failure(name: "x") }
      let cancelled = createTask { try await sleepMs(100) }
      try await sleepMs(0)
      try cancelled.cancel()
      let firstError = await thrown { try await failing.value }
      #expect(firstError is Failure)
      let secondError = await thrown { try await failing.value }
      #expect(secondError is Failure)
      try await sleepMs(10)
    }
    #expect(reports == 0)
  }

  @Test func theGlobalHandlerEndsTheRunWithTheError() throws {
    let scheduler = virtualBoard()
    #expect(throws: Failure(name: "x")) {
      try scheduler.run {
        try EventLoop.get().setGlobalException()
        createTask {
          try await sleepMs(5)
          throw Failure(name: "x")
        }
        try await sleepMs(100)
      }
    }
    #expect(scheduler.clock.now.milliseconds == 5)
  }

  @Test func anErrorInTheMainTaskEndsTheRunAndTheOthersWaitForTheNext() throws {
    let scheduler = virtualBoard()
    let log = Log()
    #expect(throws: Failure(name: "main")) {
      try scheduler.run {
        createTask {
          try await sleepMs(10)
          try log.add("left behind")
        }
        try await sleepMs(5)
        throw Failure(name: "main")
      }
    }
    let lines = try scheduler.run {
      try await sleepMs(20)
      return log.lines
    }
    #expect(lines == ["10 left behind"])
  }

  @Test func resetForgetsWhatIsLeft() throws {
    let scheduler = virtualBoard()
    let log = Log()
    try scheduler.run {
      createTask {
        try await sleepMs(10)
        try log.add("forgotten")
      }
      try await sleepMs(5)
    }
    scheduler.reset()
    let lines = try scheduler.run {
      try await sleepMs(20)
      return log.lines
    }
    #expect(lines == [])
    #expect(scheduler.queuedTaskCount == 0)
  }

  @Test func waitingForNothingIsTold() {
    #expect(throws: SchedulerError.stalled) { try virtualBoard().run { try await Event().wait() } }
  }

  @Test func powerOffEndsTheRun() {
    let scheduler = virtualBoard()
    scheduler.clock.powerOff = .powerOn + .seconds(2)
    #expect(throws: SchedulerError.poweredOff) {
      try scheduler.run { while true { try await sleepMs(300) } }
    }
    #expect(scheduler.clock.now == .powerOn + .seconds(2))
  }

  @Test func runInsideATaskIsRefused() throws {
    let scheduler = virtualBoard()
    nonisolated(unsafe) let inner = virtualBoard()
    try scheduler.run {
      #expect(throws: SchedulerError.alreadyRunning) { try inner.run {} }
    }
  }

  @Test func stopEndsRunForever() throws {
    let scheduler = virtualBoard()
    try scheduler.run {
      createTask {
        try await sleepMs(50)
        try EventLoop.get().stop()
      }
    }
    #expect(try scheduler.runForever() == .finished)
    #expect(scheduler.clock.now == .powerOn + .milliseconds(50))
  }
}
