import Bench
import Testing

/// One scenario in both languages prints the same lines, so tasks are woken in the same order.
@Suite(.enabled(if: PythonScenario.hasPrimitives, "the board's Python has no primitives"))
struct TwinTests {
  typealias Twin = @Firmware @Sendable (Output) async throws -> Void
  typealias DriverTwin = @Firmware @Sendable (Board, Output) async throws -> Void

  @Test(
    arguments: [
      ("semaphore", semaphoreTwin), ("condition", conditionTwin), ("barrier", barrierTwin),
      ("delay", delayTwin),
      ("queue", queueTwin), ("ringbuf_queue", ringbufQueueTwin), ("message", messageTwin),
      ("thread_safe_event", threadSafeEventTwin), ("events", eventsTwin), ("broker", brokerTwin),
      ("tasks", tasksTwin), ("cancellation", cancellationTwin),
    ] as [(String, Twin)])
  func tasksAreWokenInOneOrder(name: String, twin: @escaping Twin) throws {
    let python = try PythonScenario(name)
    let swift = try Bench().run { _ in
      let output = Output()
      try await twin(output)
      return output.lines
    }
    #expect(!swift.isEmpty)
    #expect(python.lines == swift)
  }

  /// Short, double and long presses of a button at X1, which bounces; midway between two looks at it.
  private static let presses = [
    (120, 105), (1020, 105), (1220, 105), (2020, 1505), (5020, 105), (5220, 1505),
  ].flatMap { (at, duration) in
    [
      "\(at)ms:pin=X1:0", "\(at + 3)ms:pin=X1:1", "\(at + 5)ms:pin=X1:0", "\(at + duration)ms:pin=X1:1",
      "\(at + duration + 3)ms:pin=X1:0", "\(at + duration + 5)ms:pin=X1:1",
    ]
  }

  /// The same for keys in the columns X5 and X7.
  private static let keys = [
    ("X5", 125, 100), ("X7", 1025, 150), ("X7", 1275, 100), ("X5", 2025, 1500), ("X7", 4025, 100),
    ("X5", 4325, 100),
  ].flatMap { (pin, at, duration) in ["\(at)ms:pin=\(pin):0", "\(at + duration)ms:pin=\(pin):z"] }

  /// Turns of a knob at X1 and X2, one edge every 3 ms: to and fro.
  private static let turns = [(100, "X1", "X2", 4), (800, "X2", "X1", 9), (1600, "X1", "X2", 2)].flatMap {
    (at, first, second, count) in
    (0..<count).flatMap { turn in
      [(first, 0), (second, 0), (first, 1), (second, 1)].enumerated().map { edge, step in
        "\(at + 3 * (4 * turn + edge))ms:pin=\(step.0):\(step.1)"
      }
    }
  }

  @Test(
    arguments: [
      ("buttons", presses, buttonsTwin), ("arrays", keys, arraysTwin), ("encoder", turns, encoderTwin),
    ] as [(String, [String], DriverTwin)])
  func driversSeeTheSame(name: String, stimuli: [String], twin: @escaping DriverTwin) throws {
    let parsed = try stimuli.map { try Stimulus(parsing: $0) }
    let python = try PythonScenario(name) { try $0.schedule(parsed) }
    let bench = try Bench()
    try bench.board.schedule(parsed)
    let swift = try bench.run { board in
      let output = Output()
      try await twin(board, output)
      return output.lines
    }
    #expect(!swift.isEmpty)
    #expect(python.lines == swift)
  }
}
