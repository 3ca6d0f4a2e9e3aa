import Glibc
import Synchronization

/// Takes diagnostics from any thread and writes them away from the firmware's own output.
public final class DiagnosticSink: Sendable {
  /// The choices of `--diagnostics`.
  public enum Mode: String, Sendable, CaseIterable {
    /// Says nothing.
    case off
    /// Writes each diagnostic as a line of text.
    case on
    /// As `on`; one of them also makes the run fail.
    case error
    /// Writes each diagnostic as a line of JSON.
    case json
  }

  private struct State {
    var failed = false
    var reported: Set<Diagnostic> = []
    var hostFile: (@Sendable (String) -> String)?
  }

  public let mode: Mode
  private let board: String?
  private let write: @Sendable (String) -> Void
  private let state = Mutex(State())

  /// - Parameters:
  ///   - board: whose diagnostics it takes, where there are several boards.
  ///   - write: takes one line without its line feed, one at a time; standard error if not given.
  public init(
    mode: Mode = .on, board: String? = nil, write: @escaping @Sendable (String) -> Void = writeToStandardError
  ) {
    self.mode = mode
    self.board = board
    self.write = write
  }

  /// Whether `error` mode has seen something that must make the run fail.
  public var hasFailed: Bool { state.withLock { $0.failed } }

  /// How a file that the firmware names is called on the host, where the reader looks for it. Firmware's own file names
  /// are what a board prints: `main.py`.
  public func nameFiles(_ hostFile: @escaping @Sendable (String) -> String) {
    state.withLock { $0.hostFile = hostFile }
  }

  /// Writes the diagnostic as the mode asks.
  public func report(_ reported: Diagnostic) {
    guard mode != .off else { return }
    state.withLock { state in
      var diagnostic = reported
      if let board { diagnostic.place.board = board }
      if let file = diagnostic.place.file { diagnostic.place.file = state.hostFile?(file) ?? file }
      if mode == .error { state.failed = true }
      write(mode == .json ? diagnostic.json : diagnostic.description)
    }
  }

  /// As `report`, but only the first time that an equal diagnostic comes: for checks inside loops.
  public func reportOnce(_ diagnostic: Diagnostic) {
    guard mode != .off, state.withLock({ $0.reported.insert(diagnostic).inserted }) else { return }
    report(diagnostic)
  }
}

/// Writes one line to file descriptor 2 in a single call, so that lines of several threads do not mix.
public func writeToStandardError(_ line: String) {
  var bytes = Array(line.utf8)
  bytes.append(0x0A)
  var offset = 0
  while offset < bytes.count {
    let written = bytes.withUnsafeBytes { buffer in
      Glibc.write(STDERR_FILENO, buffer.baseAddress! + offset, buffer.count - offset)
    }
    if written < 0 && errno == EINTR { continue }
    // A closed or full standard error cannot be repaired here; the firmware goes on.
    guard written > 0 else { return }
    offset += written
  }
}
