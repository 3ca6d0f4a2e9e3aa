import Diagnostics
import Machine
import Synchronization
import Timebase

/// A Pyboard V1.1 in virtual time that keeps what it reports and traces.
final class TestBoard {
  let clock: Clock
  let board: Board
  private let lines = Lines()
  private let traced = Lines()

  /// - Parameter isTraced: keeps a trace, which wants to hear of every edge.
  init(mode: ClockMode = .virtual, costs: [String: Int] = [:], isTraced: Bool = true) throws {
    clock = Clock(mode: mode)
    let diagnostics = DiagnosticSink { [lines] in lines.append($0) }
    var description = try BoardDescription.load("pyboard-v1.1")
    for (name, cost) in costs { description.costs[name] = cost }
    let output = TraceOutput(diagnostics: diagnostics) { [traced] in
      traced.append(String(decoding: $0, as: UTF8.self))
    }
    let trace = Trace(outputs: isTraced ? [output] : [])
    board = try Board(description: description, clock: clock, diagnostics: diagnostics, trace: trace)
  }

  /// Every diagnostic so far, as a line of text.
  var reports: [String] { lines.all }

  /// The lines of the trace so far.
  var trace: [Substring] {
    board.trace.flush()
    return traced.all.joined().split(separator: "\n")
  }

  /// The same without the levels that all pins begin with.
  var changes: [Substring] {
    let trace = trace
    return Array(
      trace.prefix(1) + trace.dropFirst().drop { $0.hasPrefix("0.000000000 pin ") && $0.hasSuffix(" low") })
  }

  func wait(_ interval: Interval) { clock.busy(for: interval) }
}

/// Strings from any thread.
final class Lines: Sendable {
  private let contents = Mutex<[String]>([])
  var all: [String] { contents.withLock { $0 } }
  func append(_ line: String) { contents.withLock { $0.append(line) } }
}

/// A finding without the line of the firmware, which here is the test's.
func withoutPlace(_ finding: String) -> String {
  finding.replacing(#/^[^ ]+:\d+: /#, with: "")
}
