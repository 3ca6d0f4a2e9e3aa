import Asyncio
import Machine
import Session

/// A hardware timer wakes a task once a second. Its handler is outside `@Firmware`: it may touch a ThreadSafeFlag, and the
/// compiler refuses anything else of asyncio. Runs until it is interrupted. In Python: timer_flag.py
@main struct TimerFlag: FirmwareProgram {
  static let abstract = "A timer's interrupt handler wakes a task once a second; try --for 5s."

  @Firmware static func run(on board: Board) async throws {
    let flag = ThreadSafeFlag()
    let timer = try board.timer(1)
    try timer.start(frequency: 1)
    timer.callback { _ in flag.set() }
    defer { timer.stop() }
    while true {
      try await flag.wait()
      print("Triggered")
    }
  }
}
