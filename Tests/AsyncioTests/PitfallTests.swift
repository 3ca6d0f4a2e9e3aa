import Diagnostics
import Synchronization
import Testing
import Timebase

@testable import Asyncio

/// Mistakes in Swift firmware that the compiler lets pass and the watch finds.
@Suite struct PitfallTests {
  @Test func aBusyWaitThatHoldsTheLoopIsReported() throws {
    let findings = try findings {
      createTask(name: "blink") { for _ in 0..<10 { try await sleepMs(20) } }
      try await sleepMs(10)
      try busyWait(.milliseconds(200))
      try await sleepMs(300)
    }
    #expect(findings.count == 1)
    #expect(
      findings.first?.contains(
        " [main]: blocking-call: busyWait() held the event loop for 200 ms while task 'blink' was due; ")
        == true
    )
  }

  @Test func shortBusyWaitsPassUnnoticed() throws {
    let findings = try findings {
      createTask { for _ in 0..<100 { try await sleepMs(0) } }
      for _ in 0..<100 {
        try busyWait(.milliseconds(20))
        try await sleepMs(0)
      }
    }
    #expect(findings.isEmpty)
  }

  @Test func slowStepsAreReportedOnRequest() throws {
    let body: @Firmware () async throws -> Void = {
      try busyWait(.milliseconds(60))
      try await sleepMs(1)
    }
    #expect(try findings(body).isEmpty)
    #expect(try findings(slowStep: .milliseconds(50), body).map(code) == ["slow-step"])
    #expect(try findings(slowStep: .milliseconds(70), body).isEmpty)
  }

  @Test func aTaskThatGoesOnAfterItsCancellationIsReported() throws {
    let findings = try findings {
      let stubborn = createTask(name: "stubborn") {
        for _ in 0..<50 { try? await sleepMs(10) }
      }
      let tidy = createTask(name: "tidy") {
        do { try await sleepMs(1000) } catch {
          try await sleepMs(10)
          throw error
        }
      }
      try await sleepMs(25)
      try stubborn.cancel()
      try tidy.cancel()
      try await sleepMs(400)
    }
    #expect(findings.map(code) == ["cancellation-swallowed"])
    #expect(findings.first?.contains(" [stubborn]: ") == true)
  }

  @Test func tasksThatAwaitEachOtherAreReportedAtOnce() throws {
    let findings = try findings {
      let box = Box<FirmwareTask<Void>?>(nil)
      let first = createTask(name: "first") {
        try await sleepMs(5)
        try await box.value?.value
      }
      box.value = createTask(name: "second") { try await first.value }
      try await sleepMs(20)
    }
    #expect(findings.map(code) == ["deadlock"])
    #expect(findings.first?.contains("'first' awaits task 'second' awaits task 'first'") == true)
  }

  @Test func aDeadlockTellsWhoWaitsForWhat() throws {
    let findings = try findings(isExpectedToStall: true) {
      let event = Event()
      let waiter = createTask(name: "waiter") { try await event.wait() }
      try await waiter.value
    }
    #expect(findings.map(code) == ["deadlock"])
    let finding = try #require(findings.first)
    #expect(
      finding.contains(": main waits for task 'waiter', waiter waits at AsyncioTests/PitfallTests.swift:"))
  }

  @Test func anErrorThatNobodyRetrievesIsReportedEvenAtTheEnd() throws {
    let findings = try findings {
      createTask(name: "early") { throw Failure(name: "x") }
      try await sleepMs(5)
      createTask(name: "late") { throw Failure(name: "y") }
      try await sleepMs(0)
    }
    #expect(findings.map(code) == ["exception-never-retrieved", "exception-never-retrieved"])
    #expect(findings.map { $0.contains("[early]") } == [true, false])
  }

  @Test func aTaskThatIsStillCleaningUpAtTheEndIsReported() throws {
    let findings = try findings {
      let task = createTask(name: "motor") {
        do { try await sleepMs(1000) } catch {
          try await sleepMs(50)
          throw error
        }
      }
      try await sleepMs(10)
      try task.cancel()
      try await sleepMs(10)
    }
    #expect(findings.map(code) == ["task-destroyed"])
    #expect(findings.first?.contains(" [motor]: ") == true)
  }

  @Test func whatPrimitivesLeaveBehindIsNoFinding() throws {
    let findings = try findings {
      createTask(name: "endless") { while true { try await sleepMs(10) } }
      try createTask { try await sleepMs(10) }.cancel()
      let delay = RetriggerableDelay(milliseconds: 50)
      try delay.trigger()
      let event = Event()
      createTask { event.set() }
      try await WaitAny(event, Event()).wait()
      try await withTimeout(milliseconds: 100) { try await sleepMs(10) }
      try delay.end()
      try await withTimeout(milliseconds: 100) {}
    }
    #expect(findings.isEmpty, "\(findings)")
  }

  @Test func tasksThatAnEarlierRunHasLeftAreReported() throws {
    let lines = Mutex<[String]>([])
    let scheduler = virtualBoard()
    scheduler.diagnostics = DiagnosticSink { line in lines.withLock { $0.append(line) } }
    try scheduler.run { createTask(name: "blink") { while true { try await sleepMs(10) } } }
    let line = #line + 1
    try scheduler.run { try await sleepMs(20) }
    #expect(
      lines.withLock { $0 } == [
        "AsyncioTests/PitfallTests.swift:\(line): stale-loop: run() goes on with what an earlier run has left "
          + "behind: task 'blink'; call reset() in between, or do all in one run"
      ])
    scheduler.reset()
    try scheduler.run { try await sleepMs(20) }
    #expect(lines.withLock { $0.count } == 1)
  }

  @Test func aRunInsideARunIsReported() throws {
    let findings = try findings {
      #expect(throws: SchedulerError.alreadyRunning) { try nestedRun(try runningScheduler()) }
    }
    #expect(findings.map(code) == ["nested-run"])
  }

  @Test func aTaskOfAnotherBoardCannotBeAwaited() throws {
    let first = virtualBoard()
    let task = try first.run { createTask { try await sleepMs(10) } }
    try virtualBoard().run {
      let failure = await thrown { try await task.value }
      #expect(failure as? SchedulerError == .taskOfAnotherLoop)
      let gathered = await thrown { try await gather([task]) }
      #expect(gathered as? SchedulerError == .taskOfAnotherLoop)
    }
  }

  private func code(_ line: String) -> String {
    line.split(separator: ": ").dropFirst().first.map(String.init) ?? ""
  }

  private func findings(
    slowStep: Interval? = nil, isExpectedToStall: Bool = false,
    _ body: @escaping @Firmware () async throws -> Void
  ) throws -> [String] {
    let lines = Mutex<[String]>([])
    let scheduler = virtualBoard()
    scheduler.diagnostics = DiagnosticSink { line in lines.withLock { $0.append(line) } }
    scheduler.watchSteps(StepWatch.Limits(slowStep: slowStep))
    if isExpectedToStall {
      #expect(throws: SchedulerError.stalled) { try scheduler.run { try await body() } }
      scheduler.reportDeadlock()
    } else {
      try scheduler.run { try await body() }
      scheduler.reportAbandonedTasks()
      scheduler.reportUnretrievedErrors()
    }
    return lines.withLock { $0 }
  }
}

/// In a function that is not asynchronous, where the compiler lets it pass.
private func nestedRun(_ scheduler: Scheduler) throws { try scheduler.run {} }
