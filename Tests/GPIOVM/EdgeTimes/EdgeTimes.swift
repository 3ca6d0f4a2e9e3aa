import Asyncio
import Machine
import Session
import Synchronization
import Timebase

/// Writes down level and time of six edges of GPIO4, in a handler that runs beside the firmware.
@main struct EdgeTimes: FirmwareProgram {
  static let abstract = "Six edges of GPIO4, for tools/test-gpio."

  @Firmware static func run(on board: Board) async throws {
    let edges = Mutex<[(Level, Instant)]>([])
    let flag = ThreadSafeFlag()
    let log = Log(edges)
    let pin = try board.pins["GPIO4"]
    pin.configure(.input)
    try pin.irq(.risingOrFalling) { interrupt in
      if log.add(interrupt.level ?? .low, interrupt.time) == 6 { flag.set() }
    }
    print("ready")
    try await flag.wait()
    let seen = log.all
    print(seen.map { "\($0.0)" }.joined(separator: " "))
    print("times increase:", zip(seen, seen.dropFirst()).allSatisfy { $0.1 < $1.1 })
    print("after power-on:", seen.allSatisfy { $0.1 > Instant(nanoseconds: 0) && $0.1 <= board.clock.now })
  }
}

/// What handlers have seen.
private final class Log: Sendable {
  private let edges: Mutex<[(Level, Instant)]>

  init(_ edges: consuming Mutex<[(Level, Instant)]>) { self.edges = edges }

  var all: [(Level, Instant)] { edges.withLock { $0 } }

  func add(_ level: Level, _ time: Instant) -> Int {
    edges.withLock { edges in
      edges.append((level, time))
      return edges.count
    }
  }
}
