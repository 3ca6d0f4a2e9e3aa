import Foundation
import Synchronization
import Testing
import Timebase

@testable import Asyncio

/// Threads of the host that talk to a board, and boards that use them.
@Suite struct HostThreadTests {
  /// A board on a thread of its own that runs until `isOver` is set; its handle is there when this returns.
  private static func start(
    _ mode: ClockMode = .host, until isOver: ThreadSafeFlag
  ) async throws -> (handle: EventLoopHandle, run: Task<Void, any Error>) {
    let (handles, continuation) = AsyncStream.makeStream(of: EventLoopHandle.self)
    let run = Task {
      try await Scheduler.onThreadOfItsOwn {
        let scheduler = Scheduler(clock: Clock(mode: mode))
        continuation.yield(scheduler.handle)
        try scheduler.run { try await isOver.wait() }
      }
    }
    for await handle in handles { return (handle, run) }
    throw SchedulerError.runEnded
  }

  @Test(arguments: [ClockMode.host, .virtual])
  func functionsAreRunOnTheBoard(mode: ClockMode) async throws {
    let isOver = ThreadSafeFlag()
    let (handle, run) = try await Self.start(mode, until: isOver)
    let future = handle.runCoroutineThreadsafe(name: "from outside") {
      try await sleepMs(2)
      return try currentTask().name
    }
    #expect(try await future.value == "from outside")
    let failing = handle.runCoroutineThreadsafe { () -> Int in throw Failure(name: "x") }
    await #expect(throws: Failure(name: "x")) { try await failing.value }
    handle.callSoonThreadsafe { isOver.set() }
    try await run.value
  }

  @Test func aThreadCanWaitForTheResult() async throws {
    let isOver = ThreadSafeFlag()
    let (handle, run) = try await Self.start(until: isOver)
    let number = try await Scheduler.onThreadOfItsOwn {
      let never = handle.runCoroutineThreadsafe { try await Event().wait() }
      #expect(throws: TimeoutError.self) { try never.result(timeout: .milliseconds(1)) }
      never.cancel()
      #expect(throws: CancelledError.self) { try never.result() }
      return try handle.runCoroutineThreadsafe { 7 }.result()
    }
    #expect(number == 7)
    isOver.set()
    try await run.value
  }

  @Test func cancellingTheHostsTaskCancelsTheBoards() async throws {
    let isOver = ThreadSafeFlag()
    let (handle, run) = try await Self.start(until: isOver)
    let waiting = Task {
      try await handle.runCoroutineThreadsafe {
        do {
          try await Event().wait()
        } catch {
          isOver.set()
          throw error
        }
      }.value
    }
    waiting.cancel()
    await #expect(throws: CancelledError.self) { try await waiting.value }
    isOver.set()
    try await run.value
  }

  @Test func aCallThatIsCancelledBeforeItsFirstStepEnds() throws {
    let scheduler = virtualBoard()
    let handle = scheduler.handle
    let (hasBegun, wasCancelled) = try scheduler.run {
      let hasBegun = Mutex(false)
      let ended = Mutex<Result<Void, any Error>?>(nil)
      let future = handle.runCoroutineThreadsafe { hasBegun.withLock { $0 = true } }
      future.call.whenEnded { result in ended.withLock { $0 = result } }
      // The board makes the task, whose first step comes behind this one.
      try await sleepMs(0)
      future.cancel()
      try await sleepMs(1)
      guard case .failure(let error) = ended.withLock({ $0 }) else {
        return (hasBegun.withLock { $0 }, false)
      }
      return (hasBegun.withLock { $0 }, error is CancelledError)
    }
    #expect(!hasBegun)
    #expect(wasCancelled)
  }

  @Test func theEndOfTheRunEndsEveryWait() async throws {
    let isOver = ThreadSafeFlag()
    let (handle, run) = try await Self.start(until: isOver)
    let future = handle.runCoroutineThreadsafe { try await Event().wait() }
    isOver.set()
    try await run.value
    await #expect(throws: SchedulerError.runEnded) { try await future.value }
    let late = handle.runCoroutineThreadsafe { 1 }
    await #expect(throws: SchedulerError.runEnded) { try await late.value }
  }

  /// Of two `set`s close to each other the task may see one, but then it sees what was written before either.
  @Test func whatWasWrittenBeforeAFlagWasSetIsSeen() throws {
    let flag = ThreadSafeFlag()
    let written = Atomic(0)
    let seen = Atomic(0)
    let rounds = 2000
    let thread = try BatonThread(name: "writer")
    thread.post {
      for round in 1...rounds {
        for number in [2 * round - 1, 2 * round] {
          written.store(number, ordering: .relaxed)
          flag.set(eventIsKept: true)
        }
        while seen.load(ordering: .relaxed) < 2 * round { sched_yield() }
      }
    }
    let last = try Scheduler(clock: Clock(mode: .host)).run {
      var last = 0
      while last < 2 * rounds {
        try await flag.wait()
        last = written.load(ordering: .relaxed)
        seen.store(last, ordering: .relaxed)
      }
      return last
    }
    #expect(last == 2 * rounds)
  }

  @Test func tasksGoOnWhileAFunctionBlocks() throws {
    let scheduler = Scheduler(clock: Clock(mode: .virtual))
    let (sum, isElsewhere, turns) = try scheduler.run {
      let mayEnd = HostSemaphore()
      var turns = 0
      createTask {
        for _ in 0..<10 {
          turns += 1
          try await sleepMs(1)
        }
        mayEnd.signal()
      }
      let here = UInt(pthread_self())
      let (sum, isElsewhere) = try await runInExecutor {
        mayEnd.wait()
        return (1 + 2, UInt(pthread_self()) != here)
      }
      await #expect(throws: Failure(name: "x")) { try await runInExecutor { throw Failure(name: "x") } }
      return (sum, isElsewhere, turns)
    }
    #expect(sum == 3)
    #expect(isElsewhere)
    #expect(turns == 10)
  }

  @Test func aContextRunsOneFunctionAtATime() throws {
    let results = try virtualBoard().run {
      let context = try ThreadContext(queueSize: 3)
      let running = Mutex(0)
      let tasks = (0..<6).map { number in
        createTask {
          try await context.assign {
            let others = running.withLock { running in
              running += 1
              return running - 1
            }
            Thread.sleep(forTimeInterval: 0.001)
            running.withLock { $0 -= 1 }
            return (number, others)
          }
        }
      }
      return try await gather(tasks)
    }
    #expect(results.map(\.0) == Array(0..<6))
    #expect(results.allSatisfy { $0.1 == 0 })
  }

  @Test func aQueueJoinsABoardAndAThread() throws {
    let (requests, answers) = (ThreadSafeQueue<Int>(size: 4), ThreadSafeQueue<Int>(size: 4))
    Thread.detachNewThread {
      while let number = try? requests.getSync(blocking: true), number > 0 {
        try? answers.putSync(number * 2, blocking: true)
      }
    }
    let scheduler = Scheduler(clock: Clock(mode: .host))
    let sum = try scheduler.run {
      createTask { for number in 1...100 { try await requests.put(number) } }
      var sum = 0
      for try await number in answers {
        sum += number
        if number == 200 { break }
      }
      try await requests.put(0)
      #expect(throws: QueueError.wouldBlockTheBoard) { try answers.getSync(blocking: true) }
      return sum
    }
    #expect(sum == 10_100)
  }

  @Test func aMessageComesFromAThread() throws {
    let message = Message<Int>()
    let event = ThreadSafeEvent()
    let isHeard = HostSemaphore()
    Thread.detachNewThread {
      for number in 1...5 {
        message.set(number)
        isHeard.wait()
      }
      event.set()
    }
    let scheduler = Scheduler(clock: Clock(mode: .host))
    let numbers = try scheduler.run {
      var numbers: [Int] = []
      for try await number in message {
        message.clear()
        numbers.append(number)
        isHeard.signal()
        if number == 5 { break }
      }
      try await event.wait()
      return numbers
    }
    #expect(numbers == [1, 2, 3, 4, 5])
  }
}
