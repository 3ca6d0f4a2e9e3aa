import Asyncio
import Machine
import Session
import Synchronization
import Timebase

/// Pin writes a second, and how long an edge of GPIO4 takes to its handler and to a task: for tools/bench-gpio.
@main struct BenchGPIO: FirmwareProgram {
  static let abstract = "Writes of GPIO5 and edges of GPIO4, measured; for tools/bench-gpio."
  private static let pairs = 5000
  private static let edgeCount = 100

  @Firmware static func run(on board: Board) async throws {
    let clock = board.clock
    let output = try board.pins["GPIO5"]
    output.configure(.outputPushPull)
    for _ in 0..<5 {
      let start = clock.now
      for _ in 0..<pairs {
        output.high()
        output.low()
      }
      print("writes", Int(Double(2 * pairs) / (clock.now - start).seconds))
    }
    guard let time = clock.hostTime else { return }
    let log = HandlerLog()
    let flag = ThreadSafeFlag()
    let input = try board.pins["GPIO4"]
    input.configure(.input)
    try input.irq(.rising) { interrupt in
      log.add(time.now - interrupt.time, edge: interrupt.time)
      flag.set()
    }
    print("ready")
    for _ in 0..<edgeCount {
      try await flag.wait()
      let (delay, edge) = log.last
      print("handler", delay.microseconds)
      print("task", (clock.now - edge).microseconds)
    }
  }
}

/// When the handler last ran.
private final class HandlerLog: Sendable {
  private let state = Mutex((delay: Interval.zero, edge: Instant(nanoseconds: 0)))

  var last: (delay: Interval, edge: Instant) { state.withLock { $0 } }

  func add(_ delay: Interval, edge: Instant) { state.withLock { $0 = (delay, edge) } }
}
