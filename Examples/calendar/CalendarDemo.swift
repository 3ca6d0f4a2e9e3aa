import Asyncio
import Drivers
import Machine
import Session

/// Says each quarter of an hour what time it is, and rings at one o'clock. Ends at half past one. In Python: calendar.py
@main struct CalendarDemo: FirmwareProgram {
  static let abstract = "Does things at times of the calendar."

  @Firmware static func run(on board: Board) async throws {
    let clock = board.realTimeClock
    createTask {
      for try await _ in CalendarTimes(clock, TimePattern(hours: [1], minutes: [0])) { print("ring") }
    }
    for try await time in CalendarTimes(clock, TimePattern(minutes: [0, 15, 30, 45])) {
      print(time)
      if time.hour == 1, time.minute == 30 { return }
    }
  }
}
