import CGPIOD
import Glibc
import Synchronization
import Timebase

/// The thread `lines`: waits for edges of all lines at once, and for the chip to go away.
final class EdgeWatch: Sendable {
  private static let longestWait: Int32 = 500

  private struct State {
    var lines: [UInt64: LineRequest] = [:]
    var isStarted = false
    var isStopped = false
  }

  private let epoll: Int32
  private let state = Mutex(State())
  private let isChipThere: @Sendable () -> Bool
  private let chipGone: @Sendable () -> Void

  /// - Parameter chipGone: called at most once, on the thread.
  init(isChipThere: @escaping @Sendable () -> Bool, chipGone: @escaping @Sendable () -> Void) {
    self.isChipThere = isChipThere
    self.chipGone = chipGone
    epoll = cgpiod_watch_open()
  }

  /// Starts the thread, when a line is held for the first time.
  /// - Throws: when the system has no thread to give.
  func start() throws(SystemError) {
    let isFirst = state.withLock { state in
      defer { state.isStarted = true }
      return !state.isStarted
    }
    guard isFirst else { return }
    do throws(ThreadStartError) {
      try startHostThread(name: "lines") { [self] in watch() }
    } catch {
      state.withLock { $0.isStarted = false }
      throw SystemError(number: error.status)
    }
  }

  /// Notifies `line` once when there is an edge to be read from `descriptor`.
  func expectEdge(of line: LineRequest, on descriptor: Int32) {
    state.withLock { $0.lines[line.id] = line }
    cgpiod_watch_once(epoll, descriptor, line.id)
  }

  func forget(_ line: LineRequest) { state.withLock { $0.lines[line.id] = nil } }

  /// Ends the thread; it takes up to half a second.
  func stop() {
    state.withLock { state in
      state.isStopped = true
      state.lines = [:]
    }
  }

  private func watch() {
    var ids = [UInt64](repeating: 0, count: 16)
    defer { close(epoll) }
    while true {
      var hasFailed = false
      let count = Int(cgpiod_watch_wait(epoll, &ids, Int32(ids.count), &hasFailed, Self.longestWait))
      if state.withLock({ $0.isStopped }) { return }
      if hasFailed || (count == 0 && !isChipThere()) { return chipGone() }
      for id in ids.prefix(count) { state.withLock { $0.lines[id] }?.deliverEdges() }
    }
  }
}
