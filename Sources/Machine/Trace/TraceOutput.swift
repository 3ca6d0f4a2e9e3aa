import Diagnostics

/// Writes down what a board does.
public protocol TraceSink: AnyObject {
  /// Hands everything written down so far to where it goes.
  func flush()
  /// The run is over: writes what is left to report.
  func finish()
}

/// The output of a trace, through a buffer.
public final class TraceOutput {
  /// Takes bytes of the trace.
  public typealias Write = ([UInt8]) throws -> Void

  private let diagnostics: DiagnosticSink
  private var write: Write?
  private var buffer: [UInt8] = []
  private static let bufferSize = 1 << 16

  /// - Parameter write: when it throws, that is reported once and the trace ends there.
  public init(diagnostics: DiagnosticSink, write: @escaping Write) {
    self.diagnostics = diagnostics
    self.write = write
    buffer.reserveCapacity(Self.bufferSize + 256)
  }

  func append(_ text: String) {
    buffer.append(contentsOf: text.utf8)
    if buffer.count >= Self.bufferSize { flush() }
  }

  func append(_ bytes: [UInt8]) {
    buffer.append(contentsOf: bytes)
    if buffer.count >= Self.bufferSize { flush() }
  }

  func flush() {
    guard let write, !buffer.isEmpty else { return }
    do {
      try write(buffer)
    } catch {
      self.write = nil
      diagnostics.report(
        Diagnostic(
          .traceLost, message: "the trace ends here: \(error)",
          advice: "make room or write it somewhere else (--trace FILE)"))
    }
    buffer.removeAll(keepingCapacity: true)
  }
}
