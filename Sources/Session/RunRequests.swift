import Glibc
import Synchronization
import Timebase

/// Requests of people to a running board, from other threads: signals, keys. The firmware thread checks
/// often, which costs one atomic load while there is none.
final class RunRequests: Sendable {
  /// Requests since the last call of `take`.
  struct Batch: Sendable {
    /// Ctrl-C: the firmware gets a KeyboardInterrupt.
    var isInterrupt = false
    /// How often the USR key was typed.
    var switchKeys = 0
    /// The status that the run ends with, if it is to end.
    var end: ExitStatus?
  }

  private struct State {
    var batch = Batch()
    var wakeSignals: [WakeSignal] = []
    var wasInterrupted = false
    var isEnding = false
  }

  /// Stored with release behind the request, exchanged with acquire before the requests are taken, as in `InterruptMessages`.
  private let hasNews = Atomic(false)
  private let state = Mutex(State())

  /// From now on requests wake this clock, too.
  func attach(to clock: Clock) {
    let signal = clock.wakeSignal
    state.withLock { $0.wakeSignals.append(signal) }
  }

  /// - Returns: the requests since the last call, nil for none.
  func take() -> Batch? {
    guard hasNews.exchange(false, ordering: .acquiring) else { return nil }
    return state.withLock { state in
      defer { state.batch = Batch() }
      return state.batch
    }
  }

  /// Ctrl-C. The second one asks for the end.
  /// - Returns: whether it is the second.
  func interrupt() -> Bool {
    let isSecond = state.withLock { state in
      defer { state.wasInterrupted = true }
      if !state.wasInterrupted { state.batch.isInterrupt = true }
      return state.wasInterrupted
    }
    if !isSecond { announce() }
    return isSecond
  }

  func typeSwitchKey() {
    state.withLock { $0.batch.switchKeys += 1 }
    announce()
  }

  /// Something was typed for the firmware.
  func tellOfInput() { for signal in state.withLock({ $0.wakeSignals }) { signal.wake() } }

  /// - Returns: false when the end was asked for before.
  @discardableResult
  func end(_ status: ExitStatus) -> Bool {
    let isFirst = state.withLock { state in
      defer { state.isEnding = true }
      if !state.isEnding { state.batch.end = status }
      return !state.isEnding
    }
    if isFirst { announce() }
    return isFirst
  }

  /// Standard output has no reader any more, or it is full.
  /// - Parameter errorNumber: of the write that failed.
  func endWithoutOutput(_ errorNumber: Int32) {
    guard errorNumber != EPIPE else {
      end(.signalled(SIGPIPE))
      return
    }
    let reason = String(cString: strerror(errorNumber))
    _ = HostDescriptor.write(
      Array("Error: standard output: could not be written: \(reason)\n".utf8), to: STDERR_FILENO)
    end(.failure)
  }

  private func announce() {
    hasNews.store(true, ordering: .releasing)
    tellOfInput()
  }
}
