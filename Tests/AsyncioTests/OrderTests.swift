import Testing
import Timebase

@testable import Asyncio

@Suite struct OrderTests {
  @Test func tasksRunByDueTimeThenByArrival() throws {
    let lines = try virtualBoard().run {
      let log = Log()
      for (name, time) in [("a", 20), ("b", 10), ("c", 20), ("d", 0), ("e", 10)] {
        createTask {
          try await sleepMs(time)
          try log.add(name)
        }
      }
      try await sleepMs(20)
      try log.add("main")
      try await sleepMs(1)
      return log.lines
    }
    // main went to sleep before the others did, so it is first among those of 20 ms.
    #expect(lines == ["0 d", "10 b", "10 e", "20 main", "20 a", "20 c"])
  }

  @Test func aZeroSleepGoesBehindEverythingDue() throws {
    let lines = try virtualBoard().run {
      let log = Log()
      createTask { try log.add("created first") }
      createTask {
        try log.add("created second")
        try await sleepMs(0)
        try log.add("second again")
      }
      try log.add("main")
      try await sleepMs(0)
      try log.add("main again")
      try await sleepMs(0)
      return log.lines
    }
    #expect(
      lines.map { $0.dropFirst(2) }
        == ["main", "created first", "created second", "main again", "second again"])
  }

  @Test func whatWasDueEarlierRunsFirstAfterABusyWait() throws {
    let lines = try virtualBoard().run {
      let log = Log()
      createTask {
        try await sleepMs(7)
        try log.add("seven")
      }
      createTask {
        try await sleepMs(5)
        try log.add("five")
      }
      try await sleepMs(0)
      try busyWait(.milliseconds(10))
      try await sleepMs(0)
      try log.add("main")
      return log.lines
    }
    #expect(lines == ["10 five", "10 seven", "10 main"])
  }

  @Test func sleepsEndOnTheMillisecondCount() throws {
    let time = try virtualBoard().run {
      try busyWait(.microseconds(900))
      try await sleepMs(5)
      return try boardTime()
    }
    #expect(time == .powerOn + .milliseconds(5))
  }

  @Test func aThousandRunsAreTheSame() throws {
    func once() throws -> [String] {
      try Scheduler(clock: Clock(mode: .virtual)).run {
        let log = Log()
        for number in 0..<20 {
          createTask {
            try await sleepMs(number * 7 % 5)
            try log.add("\(number)")
            try await sleepMs(0)
            try log.add("\(number) again")
          }
        }
        try await sleepMs(50)
        return log.lines
      }
    }
    let first = try once()
    #expect(first.count == 40)
    for _ in 0..<1000 { #expect(try once() == first) }
  }

  @Test func aDayOfSecondsIsOver() throws {
    let wakes = try virtualBoard().run {
      var wakes = 0
      while try boardTime() < .powerOn + .seconds(86_400) {
        try await sleep(1)
        wakes += 1
      }
      return wakes
    }
    #expect(wakes == 86_400)
  }

  @Test func switchesTakeProcessorTime() throws {
    let costs = SchedulerCosts(taskSwitch: .microseconds(100))
    let scheduler = Scheduler(clock: Clock(mode: .virtual), costs: costs)
    let time = try scheduler.run {
      for _ in 0..<9 { try await sleepMs(0) }
      return try boardTime()
    }
    #expect(time == .powerOn + .milliseconds(1))
  }
}
