import Glibc
import Synchronization
import Timebase

/// The destination of a board's terminal output: standard output, byte for byte, with the status line kept
/// out of its way.
///
/// Output is gathered for a few milliseconds, so that many small prints cost few system calls. Safe from any thread.
public final class Console: Sendable {
  private struct State {
    var buffer: [UInt8] = []
    /// Cursor position of a terminal that shows output and status line together.
    var progress = OutputProgress()
    var bottomLine: BottomLine?
    var hasFailed = false
    var isClosed = false
  }

  /// Bytes that are gathered at most before they are written.
  private static let capacity = 1 << 14
  /// How long output may lie here, and how often the status line is looked at, in microseconds.
  private static let tick: UInt32 = 20_000
  /// Ticks before the status line appears, so that short runs do not flash one up.
  private static let statusDelay = 5

  private let status: StatusLine?
  private let outputFailed: @Sendable (_ errorNumber: Int32) -> Void
  private let state: Mutex<State>

  /// - Parameters:
  ///   - status: contents of the last line of the terminal that standard error is; nil for none.
  ///   - outputFailed: called once when standard output takes no more; `EPIPE` says that its reader has gone.
  init(status: StatusLine?, outputFailed: @escaping @Sendable (_ errorNumber: Int32) -> Void) {
    self.status = status
    self.outputFailed = outputFailed
    state = Mutex(State(bottomLine: status.map { _ in BottomLine(descriptor: STDERR_FILENO) }))
  }

  /// From now on output is written in time, and the status line drawn after a moment.
  /// - Throws: `ThreadStartError`.
  func start() throws(ThreadStartError) {
    try startHostThread(name: "console") { [self] in
      var ticks = 0
      repeat {
        usleep(Self.tick)
        ticks += 1
      } while tick(drawing: ticks >= Self.statusDelay)
    }
  }

  /// Sends bytes to standard output exactly as they are.
  public func write(_ bytes: [UInt8]) { append(bytes) }

  /// Sends a text to standard output exactly as it is, in UTF-8.
  public func write(_ text: String) { append(text.utf8) }

  private func append(_ bytes: some Sequence<UInt8>) {
    state.withLock { state in
      state.buffer.append(contentsOf: bytes)
      if state.buffer.count >= Self.capacity { flush(&state) }
    }
  }

  /// Writes what was gathered.
  public func flush() { state.withLock { flush(&$0) } }

  private func flush(_ state: inout State) {
    // Output of Swift firmware lies in the C library's buffer.
    if fflush(nil) != 0 { fail(&state, errno) }
    guard !state.buffer.isEmpty else { return }
    fitBottomLine(&state)
    if !state.hasFailed, let errorNumber = HostDescriptor.write(state.buffer, to: STDOUT_FILENO) {
      fail(&state, errorNumber)
    }
    if state.bottomLine != nil { state.progress.follow(state.buffer) }
    state.buffer.removeAll(keepingCapacity: true)
  }

  private func fail(_ state: inout State, _ errorNumber: Int32) {
    guard !state.hasFailed else { return }
    state.hasFailed = true
    outputFailed(errorNumber)
  }

  /// Sends a text to standard error exactly as it is, behind all output so far: a traceback.
  public func writeError(_ text: String) { writeError(text, asLine: false) }

  /// Writes a line of the emulator's own to standard error, behind all output so far.
  public func report(_ line: String) { writeError(line + "\n", asLine: true) }

  private func writeError(_ text: String, asLine: Bool) {
    state.withLock { state in
      flush(&state)
      let isSharedTerminal = state.bottomLine != nil
      let prefix = asLine && isSharedTerminal && !state.progress.isAtLineStart ? "\n" : ""
      let bytes = Array((prefix + text).utf8)
      fitBottomLine(&state)
      _ = HostDescriptor.write(bytes, to: STDERR_FILENO)
      if isSharedTerminal { state.progress.follow(bytes) }
    }
  }

  /// Takes the status line off the terminal until the next tick draws it again; for a stop by Ctrl-Z.
  func hideStatus() {
    state.withLock { state in
      flush(&state)
      releaseBottomLine(&state)
    }
  }

  /// Writes what is left and gives the terminal's last line back. Nothing is drawn after that.
  func close() { state.withLock { close(&$0) } }

  /// As `close`, but gives up when another thread holds the lock, perhaps for ever: for a process that has to end now.
  func closeIfPossible() { _ = state.withLockIfAvailable { close(&$0) } }

  private func close(_ state: inout State) {
    flush(&state)
    releaseBottomLine(&state)
    state.bottomLine = nil
    state.isClosed = true
  }

  /// Sees to it that what comes next stays above the status line, also when the terminal has another size since that was drawn.
  private func fitBottomLine(_ state: inout State) {
    guard state.bottomLine?.isReserved == true, state.progress.isBetweenCharacters,
      let text = state.bottomLine?.fitting(), !text.isEmpty
    else { return }
    _ = HostDescriptor.write(Array(text.utf8), to: STDERR_FILENO)
  }

  private func releaseBottomLine(_ state: inout State) {
    guard let release = state.bottomLine?.releasing(), !release.isEmpty else { return }
    _ = HostDescriptor.write(Array(release.utf8), to: STDERR_FILENO)
  }

  private func tick(drawing: Bool) -> Bool {
    state.withLock { state in
      guard !state.isClosed else { return false }
      flush(&state)
      if drawing, let status, state.progress.isBetweenCharacters,
        let text = state.bottomLine?.drawing(status.text), !text.isEmpty
      {
        _ = HostDescriptor.write(Array(text.utf8), to: STDERR_FILENO)
      }
      return true
    }
  }
}
