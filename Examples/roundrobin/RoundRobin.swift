import Asyncio
import Machine
import Session

/// Three tasks take turns for five seconds: each prints its number, then lets the next one run. In Python: roundrobin.py
@main struct RoundRobin: FirmwareProgram {
  static let abstract = "Three tasks take turns for five seconds."

  static let seconds = 5
  @Firmware static var turns = 0

  @Firmware static func run(on board: Board) async throws {
    for number in 1...3 {
      createTask {
        while true {
          try await sleepMs(0)
          turns += 1
          print("Foo", number)
        }
      }
    }
    print("Testing for \(seconds) seconds")
    try await sleep(Double(seconds))
    print("Coro executions per sec =", Double(turns) / Double(seconds))
  }
}
