import Foundation
import Synchronization
import Testing
import Timebase

@testable import Asyncio

@Firmware private func after(_ milliseconds: Int, _ number: Int) async throws -> Int {
  try await sleepMs(milliseconds)
  return number
}

nonisolated private func isolatedToNothing(_ number: Int) async -> Int { number + 1 }

private actor Counter {
  private(set) var count = 0

  func add(_ number: Int) -> Int {
    count += number
    return count
  }
}

/// Boards that run at the same time, on whatever threads: each keeps its own tasks and its own time.
@Suite struct ParallelBoardTests {
  /// Runs a board that uses everything that Swift has for child tasks, and returns what it found and how long it took.
  private static func run(_ number: Int) throws -> [Int] {
    // Switches take no board time here: other tests' tasks that no board made may be taken in by this one.
    return try virtualBoard().run {
      var found: [Int] = []
      for turn in 1...5 {
        async let first = after(number, 1)
        async let second = after(2 * number, 2)
        found.append(try await first + second)
        let sum = try await withThrowingTaskGroup(of: Int.self) { group in
          for child in 1...3 { group.addTask { try await after(child, child * turn) } }
          var sum = 0
          while let number = try await group.next() { sum += number }
          return sum
        }
        found.append(sum)
        found.append(await isolatedToNothing(number))
        found.append(await Counter().add(number))
      }
      found.append(Int(try boardTime().milliseconds))
      return found
    }
  }

  @Test func childTasksStayOnTheirBoard() async throws {
    let alone = try await Scheduler.onThreadOfItsOwn { try (1...6).map { try Self.run($0) } }
    try await withThrowingTaskGroup(of: (Int, [Int]).self) { group in
      for round in 0..<24 {
        let number = round % 6 + 1
        if round.isMultiple(of: 2) {
          group.addTask { (number, try await Scheduler.onThreadOfItsOwn { try Self.run(number) }) }
        } else {
          // On a thread of Swift's pool, of which all may be taken by boards.
          group.addTask { (number, try Self.runHere(number)) }
        }
      }
      for try await (number, found) in group { #expect(found == alone[number - 1]) }
    }
  }

  private static func runHere(_ number: Int) throws -> [Int] { try run(number) }

  /// A board that expects others and runs until `isOver` is set; it runs when this returns.
  private static func startOpenBoard(until isOver: ThreadSafeFlag) async -> Task<Void, any Error> {
    let (begun, continuation) = AsyncStream.makeStream(of: Void.self)
    let board = Task {
      try await Scheduler.onThreadOfItsOwn {
        try Scheduler(clock: Clock(mode: .host)).run {
          continuation.finish()
          try await isOver.wait()
        }
      }
    }
    for await _ in begun {}
    return board
  }

  @Test func strangersAreTakenInByABoardThatRuns() async throws {
    let isOver = ThreadSafeFlag()
    let board = await Self.startOpenBoard(until: isOver)
    let tasks = (0..<20).map { number in Task { @Firmware in try await after(number % 3, number) } }
    for (number, task) in tasks.enumerated() {
      do {
        #expect(try await task.value == number)
      } catch {
        // Another test's board has taken it in, and gone.
        #expect(error as? SchedulerError == .runEnded)
      }
    }
    isOver.set()
    try await board.value
  }

  @Test func aStrangerOnABoardThatGoesIsToldOnAnotherOne() async throws {
    let isOver = ThreadSafeFlag()
    let board = await Self.startOpenBoard(until: isOver)
    let task = try await Scheduler.onThreadOfItsOwn {
      try virtualBoard().run {
        let task = Task { @Firmware in await thrown { try await Event().wait() } }
        try await sleepMs(1)
        return task
      }
    }
    #expect(await task.value as? SchedulerError == .runEnded)
    isOver.set()
    try await board.value
  }

  @Test func anActorThatBoardsShareServesThemAll() async throws {
    let counter = Counter()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        group.addTask {
          try await Scheduler.onThreadOfItsOwn {
            try virtualBoard().run {
              for _ in 0..<50 {
                _ = await counter.add(1)
                try await sleepMs(1)
              }
            }
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(await counter.count == 400)
  }

  @Test func childTasksAreCancelledWhereTheyWait() throws {
    let lines = try virtualBoard().run {
      let log = Log()
      let task = createTask {
        try await waitForMs(20) {
          async let child = after(50, 1)
          try log.add("\(try await child)")
        }
      }
      do { try await task.value } catch { try log.add("\(type(of: error))") }
      return log.lines
    }
    // `await child` is no suspension of asyncio's: it is told at its next one that the time was over.
    #expect(lines.last == "50 TimeoutError" || lines.last == "20 TimeoutError", "\(lines)")
  }
}
