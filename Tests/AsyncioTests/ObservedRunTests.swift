import Testing
import Timebase

@testable import Asyncio

@Suite("Observers of a scheduler")
struct ObservedRunTests {
  /// Two tasks and the main one.
  private func run(on scheduler: Scheduler) throws -> Int64 {
    try scheduler.run {
      for name in ["a", "b"] {
        createTask(name: name) {
          for _ in 0..<2 { try await sleepMs(10) }
        }
      }
      try await sleepMs(25)
      return try boardTime().nanoseconds
    }
  }

  @Test("see every task that runs and every pause, alike, and change no time")
  func runs() throws {
    let unobserved = Scheduler(clock: Clock(mode: .virtual))
    let plain = [try run(on: unobserved), try run(on: unobserved)]
    let scheduler = Scheduler(clock: Clock(mode: .virtual))
    var (first, second): ([String], [String]) = ([], [])
    let one = scheduler.observeRuns { first.append($0?.name ?? "-") }
    let two = scheduler.observeRuns { second.append($0?.name ?? "-") }
    #expect(try run(on: scheduler) == plain[0])
    #expect(first == ["main", "a", "b", "-", "a", "b", "-", "a", "b", "-", "main"])
    #expect(first == second)
    one.end()
    two.end()
    #expect(try run(on: scheduler) == plain[1])
    #expect(first.count == 11)
  }

  @Test("that interrupt are all asked")
  func interruptions() throws {
    let scheduler = virtualBoard()
    var asked = 0
    let one = scheduler.interruptions.add { asked += 1 }
    let two = scheduler.interruptions.add {
      asked += 1
      if asked > 6 { throw Failure(name: "enough") }
    }
    #expect(throws: Failure(name: "enough")) {
      try scheduler.run { while true { try await sleepMs(5) } }
    }
    #expect(asked == 8)
    withExtendedLifetime((one, two)) {}
  }
}
