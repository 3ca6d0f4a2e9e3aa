@_exported import Asyncio
@_exported import Devices
import Diagnostics
@_exported import Machine
import MicroPython
import MicroPythonPort
@_exported import PythonDevices
@_exported import Timebase

/// Boards with everything around them, for tests in Swift: `import Bench` alone is enough.
///
///     let bench = try Bench()
///     bench.main.start(python: "import pyb; pyb.LED(1).on()")
///     try bench.wait(for: bench.main.value("led1.brightness", .integer(255), within: .seconds(1)))
///
/// Board time goes on only while a test waits, and only as far as it waits: the test's actions in between
/// happen at one instant. A bench belongs to the thread that made it. Benches know nothing of each other;
/// tests with benches of their own run in parallel.
public final class Bench {
  /// The first board.
  public let main: BenchBoard
  /// All boards, the first included.
  public private(set) var boards: [BenchBoard]
  /// The first board's.
  public var board: Board { main.board }
  public var clock: Clock { main.clock }
  /// The present board time.
  public var now: Instant { clock.now }

  let host: BenchHost
  private let group: BoardGroup
  private let seed: UInt64
  private let executor = BenchExecutor()

  /// A board that has just got power.
  /// - Parameters:
  ///   - board: the name of a built-in board, or a board file.
  ///   - seed: the seed of its random numbers.
  ///   - isTraced: keeps the board's trace (`BenchBoard.trace`).
  public convenience init(
    _ board: String = BoardDescription.standardName, seed: UInt64 = 0, isTraced: Bool = false
  ) throws {
    try self.init(try BoardDescription.load(board), seed: seed, isTraced: isTraced)
  }

  /// Creates a bench from a wiring file, or Wokwi's `diagram.json`: the board, its wiring, and its firmware
  /// if the file names one.
  /// - Parameter board: a board instead of the file's.
  public convenience init(
    wiring path: String, board: String? = nil, seed: UInt64 = 0, isTraced: Bool = false
  ) throws {
    let file = try WiringFile(contentsOf: path, kinds: .withPython)
    try self.init(board ?? file.board ?? BoardDescription.standardName, seed: seed, isTraced: isTraced)
    try main.board.wire(file.wiring, kinds: .withPython)
    if let firmware = file.firmware { try main.start(file: firmware) }
  }

  /// A board that is described in code.
  /// - Parameter mode: whether board time is virtual, or the host's, which real lines need.
  public init(
    _ description: BoardDescription, seed: UInt64 = 0, isTraced: Bool = false, mode: ClockMode = .virtual
  ) throws(BoardError) {
    let host = BenchHost(clock: Clock(mode: mode))
    self.host = host
    self.seed = seed
    main = try BenchBoard(
      "", description: description, clock: host.clock, host: host, isTraced: isTraced, seed: seed)
    boards = [main]
    group = BoardGroup([Self.mainName: main.board])
    host.settled = { [unowned group] in group.stop() }
  }

  deinit { end() }

  private static let mainName = "main"

  // MARK: Boards and wires

  /// Another board, with the time of the first one. Its pins are `NAME.X1` in `wire`.
  public func add(_ name: String, board: String = BoardDescription.standardName) throws -> BenchBoard {
    guard name != Self.mainName, !name.isEmpty, !boards.contains(where: { $0.name == name }) else {
      throw BenchError.cannotLoad("\"\(name)\" is no name for another board, or there is one")
    }
    let clock = Clock(mode: .virtual)
    try clock.advance(until: now)
    let added = try BenchBoard(
      name, description: try .load(board), clock: clock, host: host, seed: seed)
    boards.append(added)
    group.add(name, added.board)
    return added
  }

  /// Puts a wire between two pins: of the first board, `X1`, of another one, `NAME.X1`.
  public func wire(_ first: String, _ second: String) throws(BoardError) {
    func whole(_ end: String) -> String { end.contains(".") ? end : "\(Self.mainName).\(end)" }
    try group.connect(whole(first), whole(second))
  }

  /// Ends all firmware. The bench does it when it goes away.
  public func end() {
    host.forgetAll()
    for board in boards { board.endFirmware() }
  }

  // MARK: Waiting

  /// Lets board time go by.
  /// - Throws: `BenchFailure` beyond a hundred years of board time.
  public func advance(by interval: Interval) throws {
    let end = now + interval
    guard end.seconds < 3e9 else { throw BenchFailure("board time ends after a hundred years") }
    try advance(until: end)
  }

  /// Lets board time go on to an instant.
  /// - Throws: `BenchFailure` when firmware prints without end.
  public func advance(until instant: Instant) throws {
    while now < instant, !clock.isPoweredOff { try group.advance(until: instant) }
    if let flood { throw BenchFailure(flood) }
  }

  /// Which board has printed more than is kept, and has been switched off for that.
  private var flood: String? { boards.lazy.compactMap(\.flood).first }

  /// Lets board time go by until it has happened.
  /// - Throws: `BenchFailure` when it does not, or can never happen.
  @discardableResult
  public func wait(for trigger: Trigger) throws -> TriggerValue {
    trigger.isAwaited = true
    while trigger.isPending { try step() }
    return try trigger.value()
  }

  /// Lets board time go on to the next trigger that is settled.
  private func step() throws {
    if let flood { return host.missAll("cannot happen: \(flood)") }
    // Time goes on with the first board's.
    guard !clock.isPoweredOff,
      boards.contains(where: { $0.clock.nextActivity != nil && !$0.clock.isPoweredOff })
    else {
      return host.missAll("cannot happen: nothing happens on any board any more")
    }
    try group.advance(until: now + .seconds(1))
  }

  // MARK: Tests that wait for several things at once

  /// Runs a test whose tasks wait for triggers; board time goes on while all of them wait. Its child tasks (`async let`, task groups)
  /// are part of the test and run in turn, on the calling thread.
  ///
  /// They wait for triggers and for each other; what else they wait for (`Task.sleep`, another actor) board time does not
  /// wait for.
  public func test(_ body: @escaping (Bench) async throws -> Void) throws {
    let outcome = TestOutcome()
    let lent = LentTest(bench: self, body: body)
    Task(executorPreference: executor) {
      do {
        try await lent.body(lent.bench)
        outcome.end(nil)
      } catch { outcome.end(error) }
    }
    while !outcome.isEnded {
      if executor.runJobs() { continue }
      guard host.hasPending else {
        executor.waitForJob()
        continue
      }
      try step()
    }
    if let error = outcome.error { throw error }
  }

  /// Waits for a trigger, in a test.
  /// - Throws: `BenchFailure` when it does not happen, or can never happen.
  @discardableResult
  public nonisolated(nonsending) func happens(_ trigger: Trigger) async throws -> TriggerValue {
    trigger.isAwaited = true
    if trigger.isPending {
      await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
        trigger.whenSettled { _ in continuation.resume() }
      }
    }
    return try trigger.value()
  }
}

/// A test and its bench, handed to the task that runs it. Both stay on one thread: the executor runs its jobs in `Bench.test` alone, and
/// nothing else has them until that returns.
private struct LentTest: @unchecked Sendable {
  let bench: Bench
  let body: (Bench) async throws -> Void
}

extension Trigger {
  /// Returns its value.
  func value() throws(BenchFailure) -> TriggerValue {
    switch state {
    case .fired(let value): return value
    case .missed(let reason): throw BenchFailure(reason)
    case .cancelled, .pending: throw BenchFailure("\(name): the trigger was cancelled")
    }
  }
}

/// A failed expectation of a test.
public struct BenchFailure: Error, Hashable, CustomStringConvertible {
  public let description: String
  public init(_ description: String) { self.description = description }
}
