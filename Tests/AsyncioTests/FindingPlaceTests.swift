import Diagnostics
import Synchronization
import Testing
import Timebase

@testable import Asyncio

/// What is found in Swift firmware names the line of the firmware that it is about.
@Suite struct FindingPlaceTests {
  private let file = "\(#fileID)"

  @Test func aBlockingCallIsNamedWhereItStands() throws {
    var line = 0
    let findings = try findings { note in
      createTask(name: "blink") { for _ in 0..<10 { try await sleepMs(20) } }
      note(#line + 1)
      try busyWait(.milliseconds(200))
      try await sleepMs(300)
    } at: {
      line = $0
    }
    #expect(findings.first?.hasPrefix("\(file):\(line) [main]: blocking-call: ") == true, "\(findings)")
  }

  @Test func anErrorThatNobodyRetrievesIsNamedWhereItsTaskWasMade() throws {
    var line = 0
    let findings = try findings { note in
      note(#line + 1)
      createTask(name: "failing") {
        try await sleepMs(1)
        throw Failure(name: "x")
      }
      try await sleepMs(5)
    } at: {
      line = $0
    }
    #expect(
      findings.first?.hasPrefix("\(file):\(line) [failing]: exception-never-retrieved: ") == true,
      "\(findings)")
  }

  @Test func aCancellationThatIsSwallowedIsNamedWhereTheTaskWaits() throws {
    var line = 0
    let findings = try findings { note in
      let stubborn = createTask(name: "stubborn") {
        note(#line + 1)
        for _ in 0..<50 { try? await sleepMs(10) }
      }
      try await sleepMs(25)
      try stubborn.cancel()
      try await sleepMs(400)
    } at: {
      line = $0
    }
    #expect(
      findings.first?.hasPrefix("\(file):\(line) [stubborn]: cancellation-swallowed: ") == true,
      "\(findings)")
  }

  @Test func aStepWithoutAnEndIsNamedWhereItBegan() throws {
    let told = Mutex<String?>(nil)
    let scheduler = virtualBoard()
    scheduler.diagnostics = DiagnosticSink { line in told.withLock { $0 = line } }
    scheduler.watchEndlessSteps(limit: .milliseconds(20))
    let line = #line + 2
    try scheduler.run {
      try await sleepMs(10)
      // Nothing else would ever end it, were it not found.
      let began = ContinuousClock.now
      while told.withLock({ $0 }) == nil && ContinuousClock.now - began < .seconds(20) {}
      try await sleepMs(10)
    }
    let finding = try #require(told.withLock { $0 })
    #expect(finding.hasPrefix("\(file):\(line): loop-starved: "), "\(finding)")
  }

  /// Each kind of wait, and how many lines below the note it stands.
  @Test(arguments: WaitKind.allCases)
  func aDeadlockNamesTheLineOfEachWait(kind: WaitKind) throws {
    var line = 0
    let findings = try findings(stalls: true) { note in
      createTask(name: "waiter") { try await kind.wait(note) }
      try await Event().wait()
    } at: {
      line = $0
    }
    #expect(
      findings.first?.contains("waiter waits at \(file):\(line) for ") == true, "\(kind): \(findings)")
  }

  enum WaitKind: CaseIterable {
    case event, lock, withLock, semaphore, condition, queueGet, queuePut, ringbufQueue, barrier, flag
    case threadSafeEvent, message, threadSafeQueue, delay, gather, waitAny, waitAll

    @Firmware func wait(_ note: (Int) -> Void) async throws {
      switch self {
      case .event:
        note(#line + 1)
        try await Event().wait()
      case .lock:
        let lock = Lock()
        try await lock.acquire()
        note(#line + 1)
        try await lock.acquire()
      case .withLock:
        let lock = Lock()
        try await lock.acquire()
        note(#line + 1)
        try await lock.withLock {}
      case .semaphore:
        note(#line + 1)
        try await Semaphore(0).acquire()
      case .condition:
        let condition = Condition()
        try await condition.acquire()
        note(#line + 1)
        try await condition.wait()
      case .queueGet:
        note(#line + 1)
        _ = try await Queue<Int>().get()
      case .queuePut:
        let queue = Queue<Int>(maxSize: 1)
        try await queue.put(1)
        note(#line + 1)
        try await queue.put(2)
      case .ringbufQueue:
        note(#line + 1)
        _ = try await RingbufQueue<Int>(size: 3).get()
      case .barrier:
        note(#line + 1)
        try await Barrier(2).wait()
      case .flag:
        note(#line + 1)
        try await ThreadSafeFlag().wait()
      case .threadSafeEvent:
        note(#line + 1)
        try await ThreadSafeEvent().wait()
      case .message:
        note(#line + 1)
        try await Message<Int>().wait()
      case .threadSafeQueue:
        note(#line + 1)
        _ = try await ThreadSafeQueue<Int>(size: 3).get()
      case .delay:
        note(#line + 1)
        try await RetriggerableDelay<Void>(milliseconds: 5).wait()
      case .gather:
        note(#line + 2)
        // The tasks wait for something else than the one that gathers them.
        _ = try await Asyncio.gather([createTask { try await Event().wait() }])
      case .waitAny:
        note(#line + 1)
        try await WaitAny(Event(), ThreadSafeEvent()).wait()
      case .waitAll:
        note(#line + 1)
        try await WaitAll(Event(), Event()).wait()
      }
    }
  }

  private func findings(
    stalls: Bool = false, _ body: @escaping @Firmware (@escaping (Int) -> Void) async throws -> Void,
    at note: (Int) -> Void
  ) throws -> [String] {
    let record = Record()
    let scheduler = virtualBoard()
    scheduler.diagnostics = DiagnosticSink { line in record.lines.withLock { $0.append(line) } }
    scheduler.watchSteps(StepWatch.Limits())
    if stalls {
      #expect(throws: SchedulerError.stalled) { try run(body, on: scheduler, record) }
      scheduler.reportDeadlock()
    } else {
      try run(body, on: scheduler, record)
      scheduler.reportUnretrievedErrors()
    }
    note(record.line.withLock { $0 })
    return record.lines.withLock { $0 }
  }

  private func run(
    _ body: @escaping @Firmware (@escaping (Int) -> Void) async throws -> Void, on scheduler: Scheduler,
    _ record: Record
  ) throws {
    try scheduler.run { try await body { line in record.line.withLock { $0 = line } } }
  }

  /// What was told, and the line of the firmware that it should name.
  private final class Record: Sendable {
    let lines = Mutex<[String]>([])
    let line = Mutex(0)
  }
}
