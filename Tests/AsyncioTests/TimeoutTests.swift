import Testing

@testable import Asyncio

@Suite struct TimeoutTests {
  @Test func whatIsInTimeReturns() throws {
    let (text, time) = try virtualBoard().run {
      let text = try await withTimeout(.milliseconds(100)) {
        try await sleepMs(30)
        return "in time"
      }
      try await sleepMs(200)
      return (text, try boardTime().milliseconds)
    }
    #expect(text == "in time")
    #expect(time == 230)
  }

  @Test func whatIsLateIsCancelledInItsOwnTask() throws {
    let lines = try virtualBoard().run {
      let log = Log()
      let own = try currentTask()
      do {
        try await withTimeout(milliseconds: 50) {
          #expect(try currentTask() == own)
          do {
            try await Event().wait()
          } catch {
            try log.add("\(error)")
            try await sleepMs(7)
            throw error
          }
        }
      } catch {
        try log.add("\(error)")
      }
      return log.lines
    }
    #expect(lines == ["50 CancelledError", "57 TimeoutError()"])
  }

  @Test func aCancellationFromOutsideIsNoTimeOut() throws {
    try virtualBoard().run {
      let task = createTask { try await withTimeout(milliseconds: 50) { try await Event().wait() } }
      try await sleepMs(10)
      try task.cancel()
      let error = await thrown { try await task.value }
      #expect(error is CancelledError)
      // Nothing is left of the time-out.
      try await sleepMs(100)
      #expect(await thrown { try await withTimeout(milliseconds: 5) { throw Failure(name: "x") } } is Failure)
    }
  }

  @Test func timeOutsNest() throws {
    let lines = try virtualBoard().run {
      let log = Log()
      do {
        try await withTimeout(milliseconds: 100) {
          do {
            try await withTimeout(milliseconds: 20) { try await sleepMs(1000) }
          } catch is TimeoutError {
            try log.add("inner")
          }
          try await sleepMs(1000)
        }
      } catch is TimeoutError {
        try log.add("outer")
      }
      return log.lines
    }
    #expect(lines == ["20 inner", "100 outer"])
  }
}
