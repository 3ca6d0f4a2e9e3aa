import Asyncio
import Glibc
import Machine
import Session
import Synchronization
import Timebase

/// Writes down level and time of six edges of GPIO4, in a handler that runs beside the firmware.
@main struct EdgeTimes: FirmwareProgram {
  static let abstract = "Six edges of GPIO4, for tools/test-gpio."

  @Firmware static func run(on board: Board) async throws {
    let flag = ThreadSafeFlag()
    let log = Log()
    let pin = try board.pins["GPIO4"]
    pin.configure(.input)
    try pin.irq(.risingOrFalling) { interrupt in
      if log.add(interrupt.level ?? .low, interrupt.time) == 6 { flag.set() }
    }
    print("ready")
    try await flag.wait()
    let seen = log.edges
    print(seen.map { "\($0.level)" }.joined(separator: " "))
    print("times increase:", zip(seen, seen.dropFirst()).allSatisfy { $0.time < $1.time })
    print(
      "after power-on:", seen.allSatisfy { $0.time > Instant(nanoseconds: 0) && $0.time <= board.clock.now })
    print("on thread:", Set(seen.map(\.thread)).sorted().joined(separator: " "))
  }
}

/// What handlers have seen.
private final class Log: Sendable {
  private let state = Mutex<[(level: Level, time: Instant, thread: String)]>([])

  var edges: [(level: Level, time: Instant, thread: String)] { state.withLock { $0 } }

  /// - Returns: how many there are by now.
  func add(_ level: Level, _ time: Instant) -> Int {
    let thread = threadName()
    return state.withLock { edges in
      edges.append((level, time, thread))
      return edges.count
    }
  }
}

/// Of the thread that asks, as the kernel knows it.
private func threadName() -> String {
  let descriptor = open("/proc/thread-self/comm", O_RDONLY)
  defer { close(descriptor) }
  var bytes = [UInt8](repeating: 0, count: 16)
  let count = read(descriptor, &bytes, bytes.count)
  return String(decoding: bytes.prefix(max(0, count - 1)), as: UTF8.self)
}
