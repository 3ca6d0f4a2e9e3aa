import Diagnostics
import Timebase

/// Writes down what every part of the board did, one line each: board time in seconds, what, which, how.
///
/// `1.000015000 interrupt X1 entry`. Two runs with the same arguments in virtual time give the same bytes.
public final class Trace: TraceSink {
  /// Whether anything is recorded.
  public var isOn: Bool { !outputs.isEmpty || common?.isOn == true }

  /// Whether every edge of every net is recorded, those too that the part which makes them writes down in its own way: the bits
  /// of a UART.
  public var recordsAllEdges = false

  private let outputs: [TraceOutput]
  /// The common trace that it is part of, if there are several boards.
  private let common: CommonTrace?
  /// The board's name and a space, where there are several.
  private let label: String
  private var line: [UInt8] = []

  /// - Parameter outputs: outputs of the trace; without any, nothing is recorded.
  public init(outputs: [TraceOutput] = []) {
    self.outputs = outputs
    common = nil
    label = ""
  }

  /// The trace of one of several boards, whose name stands behind the time: `1.000015000 a interrupt X1 entry`.
  public init(of board: String, in common: CommonTrace) {
    outputs = []
    self.common = common
    label = board + " "
  }

  /// A trace with one output, whose failure is reported.
  public convenience init(diagnostics: DiagnosticSink, output: @escaping TraceOutput.Write) {
    self.init(outputs: [TraceOutput(diagnostics: diagnostics, write: output)])
  }

  /// Whether the edges that a waveform makes are to be recorded one by one.
  func wantsEdges(of waveform: any Waveform) -> Bool {
    isOn && (recordsAllEdges || !waveform.isTracedByItsPart)
  }

  public func record(_ entry: @autoclosure () -> TraceEntry, at time: Instant) {
    guard isOn else { return }
    line.removeAll(keepingCapacity: true)
    append(time)
    line.append(contentsOf: label.utf8)
    line.append(contentsOf: entry().text.utf8)
    line.append(UInt8(ascii: "\n"))
    common?.append(line, at: time)
    for output in outputs { output.append(line) }
  }

  /// Hands everything recorded so far to the outputs; call it when the run is over.
  public func flush() { for output in outputs { output.flush() } }

  public func finish() {
    common?.finish()
    flush()
  }

  /// Seconds with nine decimals and a space.
  private func append(_ time: Instant) {
    let (seconds, nanoseconds) = time.nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
    line.append(contentsOf: String(seconds).utf8)
    line.append(UInt8(ascii: "."))
    var place: Int64 = 100_000_000
    while place > 0 {
      line.append(UInt8(ascii: "0") + UInt8(nanoseconds / place % 10))
      place /= 10
    }
    line.append(UInt8(ascii: " "))
  }
}
