import Asyncio
import Machine
import Session

/// How long a task switch takes with 100, 200, 500 and 1000 tasks that do next to nothing. In Python: rate.py
///
/// In virtual and paced time a switch takes what the board's scheduler would need; only Python pays for its bytecodes too.
@main struct Rate: FirmwareProgram {
  static let abstract = "Measures task switches with 100 to 1000 tasks."

  static let seconds = 2
  @Firmware static var switches = 0

  @Firmware static func run(on board: Board) async throws {
    var taskCount = 0
    var results: [(tasks: Int, switches: Int)] = []
    for wanted in [100, 200, 500, 1000] {
      print("Testing \(wanted) coros for \(seconds)secs")
      switches = 0
      while taskCount < wanted {
        taskCount += 1
        createTask {
          while true {
            try await sleepMs(0)
            switches += 1
          }
        }
      }
      try await sleep(Double(seconds))
      results.append((wanted, switches))
    }
    for (tasks, switches) in results {
      let rate = column(switches / seconds, width: 5)
      let duration = column(seconds * 1_000_000 / switches, width: 3)
      print("Coros \(column(tasks, width: 4))  Iterations/sec \(rate)  Duration \(duration)us")
    }
  }

  private static func column(_ number: Int, width: Int) -> String {
    let digits = String(number)
    return String(repeating: " ", count: max(0, width - digits.count)) + digits
  }
}
