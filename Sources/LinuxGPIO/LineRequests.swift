import Machine
import Synchronization

/// All lines that the run holds.
final class LineRequests: Sendable {
  private struct State {
    var lines: [LineRequest] = []
    var isClosed = false
  }

  private let watch: EdgeWatch
  private let state = Mutex(State())

  init(watch: EdgeWatch) { self.watch = watch }

  /// - Throws: when nobody could watch the line.
  func add(
    _ line: any GPIOLine, _ settings: LineSettings, safeState: HostPinBinding.SafeState
  ) throws(SystemError) -> LineRequest {
    let held = LineRequest(line, settings, safeState: safeState, watch: watch)
    let isClosed = state.withLock { state in
      if !state.isClosed { state.lines.append(held) }
      return state.isClosed
    }
    if isClosed { held.release() } else { try watch.start() }
    return held
  }

  func releaseAll() {
    let lines = state.withLock { state in
      state.isClosed = true
      defer { state.lines = [] }
      return state.lines
    }
    for line in lines { line.release() }
    watch.stop()
  }
}
