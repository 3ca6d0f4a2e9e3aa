import Glibc
import Machine
import Synchronization

/// A line that the run holds, with its way back: its settings before it is released.
///
/// The firmware's thread sets it up, writes and reads; the thread `lines` and those of handlers bring its edges; that of
/// POSIX signals may release it.
final class LineRequest: Sendable {
  /// Names it among the lines of the process.
  let id: UInt64
  private let line: any GPIOLine
  private let safeState: HostPinBinding.SafeState
  private let watch: EdgeWatch
  private let state: Mutex<State>

  private struct State {
    var settings: LineSettings
    var edgeInput: HostEdgeInput?
    /// Counts the set-ups: edges that belong to an earlier one are ignored.
    var generation = 0
    /// Whether somebody is reading edges, or one is on its way through the board.
    var isDelivering = false
    var isReleased = false
  }

  /// Relaxed: numbers have to differ, and that is all.
  private static let lastID = Atomic<UInt64>(0)

  init(_ line: any GPIOLine, _ settings: LineSettings, safeState: HostPinBinding.SafeState, watch: EdgeWatch)
  {
    id = Self.lastID.add(1, ordering: .relaxed).newValue
    self.line = line
    self.safeState = safeState
    self.watch = watch
    state = Mutex(State(settings: settings))
  }

  func configure(_ settings: LineSettings, edges edgeInput: HostEdgeInput?) throws(SystemError) {
    let isReleased = state.withLock { state in
      state.generation += 1
      state.edgeInput = nil
      state.isDelivering = false
      return state.isReleased
    }
    // The run is over: further actions of its firmware are no longer seen.
    guard !isReleased else { return }
    forgetEdges()
    try line.configure(settings)
    listen(settings, edgeInput)
  }

  /// Lets the edges of a line come that was requested with them.
  func listen(_ settings: LineSettings, _ edgeInput: HostEdgeInput?) {
    state.withLock { state in
      state.settings = settings
      state.edgeInput = edgeInput
    }
    if edgeInput != nil, let descriptor = line.edgeDescriptor { watch.expectEdge(of: self, on: descriptor) }
  }

  @inline(__always) func write(_ value: Bool) throws(SystemError) {
    do throws(SystemError) { try line.write(value) } catch { try failed(error) }
  }

  func read() throws(SystemError) -> Bool {
    do throws(SystemError) { return try line.read() } catch {
      try failed(error)
      return false
    }
  }

  /// A released line refuses everything; the run is over then, and that is no error.
  @inline(never) private func failed(_ error: SystemError) throws(SystemError) {
    if !isReleased { throw error }
  }

  /// Gives the line back, an output in its safe state.
  func release() {
    let settings = state.withLock { state -> LineSettings? in
      guard !state.isReleased else { return nil }
      state.isReleased = true
      state.generation += 1
      state.edgeInput = nil
      return state.settings
    }
    guard var settings else { return }
    watch.forget(self)
    // A line that cannot be set any more has no safe state.
    if case .output = settings.direction {
      switch safeState {
      case .low, .high: try? line.write(safeState == .high)
      case .input:
        settings.direction = .input
        try? line.configure(settings)
      case .keep: break
      }
    }
    line.release()
  }

  private var isReleased: Bool { state.withLock { $0.isReleased } }

  private func forgetEdges() {
    var count = 0
    while count < 1024, let edge = try? line.nextEdge() {
      _ = edge
      count += 1
    }
  }

  // MARK: Edges

  /// Hands edges to the board, each when it has dealt with the one before; the others wait in the kernel.
  func deliverEdges() {
    let generation = state.withLock { state -> Int? in
      guard !state.isDelivering, state.edgeInput != nil else { return nil }
      state.isDelivering = true
      return state.generation
    }
    if let generation { deliver(generation) }
  }

  private func deliver(_ generation: Int) {
    while let edgeInput = edgeInput(generation) {
      guard let edge = try? line.nextEdge() else {
        expectMore(generation)
        return
      }
      if edge.lost > 0 || !edge.isLossExact {
        edgeInput.lost(atLeast: edge.lost, isExact: edge.isLossExact)
      }
      let level: Level = edge.isRising ? .high : .low
      guard edgeInput.trigger.matches(level) else { continue }
      let turn = Turn()
      edgeInput.enter(level, atHost: edge.time) { [self] in
        // Refused at once: the loop below goes on, instead of one call inside the other.
        if !turn.isTakenEarly() { deliver(generation) }
      }
      guard turn.wasTaken() else { return }
    }
  }

  private func edgeInput(_ generation: Int) -> HostEdgeInput? {
    state.withLock { $0.generation == generation ? $0.edgeInput : nil }
  }

  private func expectMore(_ generation: Int) {
    let isCurrent = state.withLock { state in
      guard state.generation == generation else { return false }
      state.isDelivering = false
      return true
    }
    if isCurrent, let descriptor = line.edgeDescriptor { watch.expectEdge(of: self, on: descriptor) }
  }
}

/// Decides which side goes on after an edge: the loop that handed it over, or the thread that has dealt with
/// it later.
private final class Turn: Sendable {
  /// Exchanged with acquire and release: the second side goes on after the first one's work.
  private let state = Atomic<UInt8>(0)

  /// Called when the edge was taken.
  /// - Returns: whether the loop still waits to learn that, and goes on itself.
  func isTakenEarly() -> Bool { state.exchange(1, ordering: .acquiringAndReleasing) == 0 }

  /// Called by the loop.
  /// - Returns: whether the edge was taken already.
  func wasTaken() -> Bool { state.exchange(2, ordering: .acquiringAndReleasing) == 1 }
}
