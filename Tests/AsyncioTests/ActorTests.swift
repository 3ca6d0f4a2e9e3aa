import Testing
import Timebase

@testable import Asyncio

private actor Elsewhere {
  func double(_ number: Int) -> Int { number * 2 }
}

@Firmware private func twice(_ number: Int) async throws -> Int {
  try await sleepMs(1)
  return number * 2
}

@Suite struct ActorTests {
  @Test func tasksComeBackFromAnotherActor() async throws {
    let sums = try await onOwnThread {
      try virtualBoard().run {
        let elsewhere = Elsewhere()
        let tasks = (0..<10).map { number in
          createTask(name: "\(number)") {
            var sum = 0
            for _ in 0..<20 {
              sum += await elsewhere.double(number)
              #expect(try currentTask().name == "\(number)")
              try await sleepMs(number)
            }
            return sum
          }
        }
        return try await gather(tasks)
      }
    }
    #expect(sums == (0..<10).map { $0 * 40 })
  }

  @Test func theClockOfAWaitingBoardIsWoken() async throws {
    try await onOwnThread {
      try Scheduler(clock: Clock(mode: .paced(factor: 1))).run {
        #expect(await Elsewhere().double(2) == 4)
      }
    }
  }

  @Test func aCancellationWaitsForTheTaskToComeBack() async throws {
    let count = try await onOwnThread {
      try virtualBoard().run {
        let elsewhere = Elsewhere()
        var count = 0
        let task = createTask {
          _ = await elsewhere.double(1)
          try await sleepMs(1000)
        }
        try await sleepMs(0)
        try task.cancel()
        do { try await task.value } catch is CancelledError { count += 1 }
        return count
      }
    }
    #expect(count == 1)
  }

  @Test func swiftsOwnChildTasksAreTakenIn() async throws {
    let number = try await onOwnThread {
      try virtualBoard().run {
        async let first = twice(1)
        async let second = twice(10)
        return try await first + second
      }
    }
    #expect(number == 22)
  }

  @Test func boardsInOneProcessKeepTheirOwnTime() async throws {
    try await withThrowingTaskGroup(of: Int64.self) { group in
      for milliseconds in 1...8 {
        group.addTask {
          try await onOwnThread {
            try virtualBoard().run {
              for _ in 0..<1000 { try await sleepMs(milliseconds) }
              return try boardTime().milliseconds
            }
          }
        }
      }
      var times: Set<Int64> = []
      for try await time in group { times.insert(time) }
      #expect(times == Set((1...8).map { Int64($0 * 1000) }))
    }
  }

  @Test func oneThreadCanRunBoardsInTurn() throws {
    let boards = [virtualBoard(), virtualBoard()]
    for round in 1...10 {
      for (index, board) in boards.enumerated() {
        let time = try board.run {
          try await sleepMs(index + 1)
          return try boardTime().milliseconds
        }
        #expect(time == Int64(round * (index + 1)))
      }
    }
  }
}
