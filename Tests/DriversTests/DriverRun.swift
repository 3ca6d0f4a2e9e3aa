import Bench

/// What tasks write down, with the board's milliseconds, rounded to ten: what a task switch costs makes no difference.
@Firmware final class Log {
  private(set) var lines: [String] = []

  nonisolated init() {}

  func add(_ line: String) throws { lines.append("\((try boardTime().milliseconds + 5) / 10 * 10) \(line)") }
}

/// Runs firmware on a Pyboard in virtual time, while somebody does things to it.
/// - Parameters:
///   - stimuli: as the command line takes them.
///   - milliseconds: how long it runs.
/// - Returns: what the firmware wrote down.
func drive(
  _ stimuli: [String], for milliseconds: Int,
  _ main: @escaping @Firmware (Board, Log) async throws -> Void
) throws -> [String] {
  let bench = try Bench()
  try bench.board.schedule(stimuli.map { try Stimulus(parsing: $0) })
  return try bench.run { board in
    let log = Log()
    try await main(board, log)
    try await sleepMs(milliseconds - Int(boardTime().milliseconds))
    return log.lines
  }
}

/// Presses of a button between a pin and ground, each bouncing for some milliseconds: when, and for how long.
func presses(of pin: String, _ presses: (at: Int, for: Int)...) -> [String] {
  presses.flatMap { press in
    [
      "\(press.at)ms:pin=\(pin):0", "\(press.at + 2)ms:pin=\(pin):1", "\(press.at + 4)ms:pin=\(pin):0",
      "\(press.at + press.for)ms:pin=\(pin):1", "\(press.at + press.for + 3)ms:pin=\(pin):0",
      "\(press.at + press.for + 5)ms:pin=\(pin):1",
    ]
  }
}
