import Diagnostics
import Timebase

/// Writes down what every part of the board did, one line each: board time in seconds, what, which, how.
///
/// `1.000015000 interrupt X1 entry`. Two runs with the same arguments in virtual time give the same bytes.
public final class Trace {
  /// Takes bytes of the trace, always whole lines.
  public typealias Output = ([UInt8]) throws -> Void

  /// Whether anything is recorded.
  public var isOn: Bool { output != nil }

  /// Whether every edge of every net is recorded, those too that the part which makes them writes down in its own way: the bits
  /// of a UART.
  public var recordsAllEdges = false

  private let diagnostics: DiagnosticSink
  private var output: Output?
  private var buffer: [UInt8] = []
  private static let bufferSize = 1 << 16

  /// - Parameter output: where the trace goes; `nil` records nothing. When it throws, that is reported once and
  ///   the trace ends there.
  public init(diagnostics: DiagnosticSink, output: Output? = nil) {
    self.diagnostics = diagnostics
    self.output = output
    if output != nil { buffer.reserveCapacity(Self.bufferSize + 256) }
  }

  /// Whether the edges that a waveform makes are to be recorded one by one.
  func wantsEdges(of waveform: any Waveform) -> Bool {
    isOn && (recordsAllEdges || !waveform.isTracedByItsPart)
  }

  public func record(_ entry: @autoclosure () -> TraceEntry, at time: Instant) {
    guard output != nil else { return }
    append(time)
    buffer.append(contentsOf: entry().text.utf8)
    buffer.append(UInt8(ascii: "\n"))
    if buffer.count >= Self.bufferSize { flush() }
  }

  /// Hands everything recorded so far to the output; call it when the run is over.
  public func flush() {
    guard let output, !buffer.isEmpty else { return }
    do {
      try output(buffer)
    } catch {
      self.output = nil
      diagnostics.report(
        Diagnostic(
          code: "trace-lost", severity: .error, message: "the trace ends here: \(error)",
          advice: "make room or write it somewhere else (--trace FILE)"))
    }
    buffer.removeAll(keepingCapacity: true)
  }

  /// Seconds with nine decimals and a space.
  private func append(_ time: Instant) {
    let (seconds, nanoseconds) = time.nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
    buffer.append(contentsOf: String(seconds).utf8)
    buffer.append(UInt8(ascii: "."))
    var place: Int64 = 100_000_000
    while place > 0 {
      buffer.append(UInt8(ascii: "0") + UInt8(nanoseconds / place % 10))
      place /= 10
    }
    buffer.append(UInt8(ascii: " "))
  }
}
