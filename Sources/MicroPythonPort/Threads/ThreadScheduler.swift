import Asyncio
import Diagnostics
import Machine
import MicroPython
import Timebase

/// The firmware's threads, of which one runs at a time.
///
/// They take turns as on the board: round robin, a new thread last. A turn ends after `turn` of board time,
/// at the next safe point, or when the thread waits. So the order is the same in every run, and threads see
/// each other's changes between two bytecodes only. A thread that waits for time to pass is left out until
/// then; as it may also wait for another thread's work, it looks again at the latest `turn` after another one
/// has run.
final class ThreadScheduler: ExternalSource {
  private static let turn = Interval.milliseconds(1)
  /// How many there may be beside the main thread: more than a Pyboard has memory for. A board with more memory could have thousands, each
  /// of which is one of the host's.
  private static let mostThreads = 100
  /// A thread that looked and rests again within this time has done nothing that concerns others.
  private static let lookingRound = Interval.microseconds(200)

  unowned let vm: Interpreter
  private let board: Board
  private var clock: Clock { board.clock }
  private let main: FirmwareThread
  private(set) var current: FirmwareThread
  /// Threads that do not wait for a lock, the running one first, then in the order of their turns.
  private var ring: [FirmwareThread]
  private var all: [FirmwareThread]
  /// Grows whenever a thread has run.
  private var generation = 0
  /// When the running thread was given the baton, and until when it had rested before.
  private var resumption: (at: Instant, restedUntil: Instant?, wasLook: Bool)
  private var isTurnOver = false
  private var turnEnd: Clock.EventID?
  /// Whether the run ended because every thread waited for a lock.
  private(set) var isDeadlocked = false

  init(vm: Interpreter, board: Board) {
    self.vm = vm
    self.board = board
    main = FirmwareThread(context: vm.makeContextOfRunningThread())
    current = main
    ring = [main]
    all = [main]
    resumption = (board.clock.now, nil, false)
    vm.rootVisitors.append { [unowned self] visit in for thread in all { thread.visitValues(visit) } }
  }

  deinit { clock.externalSources.leave(self) }

  var isMainRunning: Bool { current === main }

  /// Whether an interrupt handler runs, which no thread can take its turn from.
  var isInHandler: Bool { board.interrupts.isHandling }

  var sharesProcessor: Bool { isShared }

  /// Whether there is more than the main thread.
  private var isShared: Bool { all.count > 1 }

  // MARK: Beginning and ending

  /// Starts a thread; it runs when its turn comes.
  /// - Parameters:
  ///   - stack: the object that stands for its stack in the board's memory.
  ///   - depth: how many calls may lie inside each other.
  /// - Throws: `OSError` when there are too many.
  func start(
    _ function: Value, arguments: [Value], keywords: [(name: Value, value: Value)], stack: Value, depth: Int
  ) throws(Raised) {
    guard all.count <= Self.mostThreads else { throw vm.error(.osError, "can't create thread") }
    let thread = FirmwareThread(
      context: vm.makeThread(depth: depth), stack: stack, function: function, arguments: arguments,
      keywords: keywords)
    let passage = ThreadPassage(thread: thread, threads: self)
    do {
      // As much stack as the host's main thread has: built-ins inside each other need it.
      try startHostThread(name: "firmware thread", stackBytes: 8 << 20) {
        passage.threads.run(passage.thread)
      }
    } catch {
      vm.discardThread(thread.context)
      throw vm.error(.osError, "can't create thread")
    }
    all.append(thread)
    ring.append(thread)
    clock.externalSources.join(self)
    vm.turnHook = { [unowned self] () throws(Raised) in try takeTurns() }
    planEndOfTurn()
  }

  /// A thread of the host from its beginning to its end.
  private func run(_ thread: FirmwareThread) {
    thread.baton.wait()
    if !thread.isEnding {
      do throws(Raised) {
        _ = try vm.callUnpinned(thread.function, arguments: thread.arguments, keywords: thread.keywords)
      } catch {
        if !vm.isHalted && !vm.isException(error.exception, .systemExit) {
          report(error.exception, of: thread)
        }
      }
    }
    finish(thread)
  }

  private func report(_ exception: Value, of thread: FirmwareThread) {
    var text = TextOutput()
    text.write("Unhandled exception in thread started by ")
    do throws(Raised) { try vm.print(thread.function, .repr, into: &text) } catch {}
    text.write("\n")
    vm.uncaughtExceptions.callEach { $0(exception) }
    vm.write(text.bytes + vm.tracebackText(of: exception))
  }

  /// Hands the baton on for good.
  private func finish(_ thread: FirmwareThread) {
    ring.removeAll { $0 === thread }
    all.removeAll { $0 === thread }
    generation += 1
    let next: FirmwareThread
    if thread.isEnding || vm.isHalted {
      next = main
    } else if let index = readyIndex(from: 0) ?? ring.indices.first {
      rotate(to: index)
      next = ring[0]
    } else {
      reportDeadlock()
      next = main
    }
    if !isShared {
      clock.externalSources.leave(self)
      // The main thread may have been left in the middle of a wait, which must learn of the change.
      if !vm.isHalted { vm.turnHook = nil }
    }
    vm.endThread(thread.context, resuming: next.context)
    become(next)
    next.baton.signal()
  }

  /// Ends every thread but the main one, which calls this when the program is over.
  func endAll() {
    let wasHalted = vm.isHalted
    for thread in all where thread !== main {
      thread.isEnding = true
      // No handler of the firmware sees its end.
      vm.isHalted = true
      handBaton(to: thread)
    }
    vm.isHalted = wasHalted
    cancelEndOfTurn()
    ring = [main]
    clock.externalSources.leave(self)
    vm.turnHook = nil
  }

  // MARK: Turns

  /// Gives the running thread's turn away at the next safe point.
  func endTurn() {
    guard isShared else { return }
    isTurnOver = true
    vm.requestAttention()
  }

  /// Called at safe points.
  private func takeTurns() throws(Raised) {
    if vm.isHalted || current.isEnding { throw vm.halt() }
    // An interrupt handler is not interrupted by threads, nor is what holds interrupts back.
    guard isTurnOver, !board.interrupts.isHandling, board.interrupts.isEnabled else { return }
    isTurnOver = false
    if let index = readyIndex(from: 1) {
      generation += 1
      rotate(to: index)
      handBaton(to: ring[0])
      if vm.isHalted || current.isEnding { throw vm.halt() }
    } else {
      planEndOfTurn()
    }
  }

  /// Takes the running thread out of the ring until `makeReady`.
  func block() throws(Raised) {
    let thread = current
    ring.removeFirst()
    generation += 1
    guard let index = readyIndex(from: 0) ?? ring.indices.first else {
      ring = [thread]
      reportDeadlock()
      throw vm.halt()
    }
    rotate(to: index)
    handBaton(to: ring[0])
    if vm.isHalted || thread.isEnding { throw vm.halt() }
  }

  /// Puts a thread that was blocked back into the ring, as the last.
  func makeReady(_ thread: FirmwareThread) {
    ring.append(thread)
    planEndOfTurn()
  }

  /// The first thread that has something to do, in the order of turns.
  private func readyIndex(from start: Int) -> Int? {
    guard start < ring.count else { return nil }
    let now = clock.now
    return (start..<ring.count).first { index in
      guard let rest = ring[index].rest else { return true }
      if let until = rest.until, until <= now { return true }
      return rest.generation != generation && rest.nextLook <= now
    }
  }

  private func rotate(to index: Int) { ring = Array(ring[index...] + ring[..<index]) }

  private func handBaton(to next: FirmwareThread) {
    let thread = current
    guard next !== thread else { return become(next) }
    vm.exchangeThread(parking: thread.context, resuming: next.context)
    become(next)
    next.baton.signal()
    thread.baton.wait()
  }

  private func become(_ thread: FirmwareThread) {
    current = thread
    let rest = thread.rest
    thread.rest = nil
    let wasLook = rest.map { rest in rest.until.map { $0 > clock.now } ?? true } ?? false
    resumption = (clock.now, rest?.until, wasLook)
    planEndOfTurn()
  }

  /// Ends the turn in time for the next thread that can run.
  private func planEndOfTurn() {
    cancelEndOfTurn()
    let others = ring.dropFirst()
    guard !others.isEmpty else { return }
    let first = others.compactMap {
      $0.rest.map { rest in rest.until.map { min($0, rest.nextLook) } ?? rest.nextLook } ?? clock.now
    }
    .min()
    turnEnd = clock.schedule(at: max(clock.now + Self.turn, first ?? clock.now)) { [unowned self] in
      turnEnd = nil
      endTurn()
    }
  }

  private func cancelEndOfTurn() {
    if let turnEnd { clock.cancel(turnEnd) }
    turnEnd = nil
  }

  // MARK: Waiting

  /// Something has happened that any thread may wait for: each looks at once.
  func lookRound() {
    generation += 1
    for thread in ring { thread.rest?.nextLook = clock.now }
  }

  /// The running thread has nothing to do: another one runs, or all wait together.
  func idle(until: Instant?) -> IdleOutcome? {
    guard !board.interrupts.isHandling, !vm.isHalted, !current.isEnding else { return nil }
    let thread = current
    let didNothing =
      resumption.wasLook && resumption.restedUntil == until && clock.now - resumption.at < Self.lookingRound
    if !didNothing { generation += 1 }
    thread.rest = .init(until: until, generation: generation, nextLook: clock.now + Self.turn)
    cancelEndOfTurn()
    defer {
      thread.rest = nil
      planEndOfTurn()
    }
    while true {
      if let index = readyIndex(from: 0) {
        if index == 0 { return .reached }
        rotate(to: index)
        handBaton(to: ring[0])
        return .woken
      }
      switch clock.idleAlone(until: nextMoment()) {
      case .reached: continue
      case .poweredOff: return .poweredOff
      case .nothingToWaitFor: return .nothingToWaitFor
      case .eventRan, .woken:
        lookRound()
        return .woken
      }
    }
  }

  /// When the first of the resting threads wants to go on or to look again.
  private func nextMoment() -> Instant? {
    ring.compactMap { thread in
      guard let rest = thread.rest else { return nil }
      guard rest.generation != generation else { return rest.until }
      return rest.until.map { min($0, rest.nextLook) } ?? rest.nextLook
    }.min()
  }

  private func reportDeadlock() {
    isDeadlocked = true
    board.diagnostics.reportOnce(
      Diagnostic(
        .deadlock, place: .init(),
        message: isShared
          ? "every thread waits for a lock" : "the only thread waits for a lock that it holds",
        advice: "release each lock that was acquired, best with `with lock:`"))
    _ = vm.halt()
  }
}
