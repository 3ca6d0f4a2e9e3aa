import Bench

extension BenchBoard {
  /// The lines of the trace so far, without the levels that all pins begin with.
  var changes: [String] {
    let trace = trace
    return Array(
      trace.prefix(1) + trace.dropFirst().drop { $0.hasPrefix("0.000000000 pin ") && $0.hasSuffix(" low") })
  }
}

/// A finding without the line of the firmware, which here is the test's.
func withoutPlace(_ finding: String) -> String {
  finding.replacing(#/^[^ ]+:\d+: /#, with: "")
}
