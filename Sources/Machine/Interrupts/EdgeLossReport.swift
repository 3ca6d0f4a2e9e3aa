import Timebase

/// Reports edges that the kernel had no room for: the first at once, later ones at most once a second.
struct EdgeLossReport {
  private static let pause = Interval.seconds(1)

  private var lost = 0
  private var isExact = true
  private var nextReport: Instant

  init(at time: Instant) { nextReport = time }

  mutating func add(atLeast count: Int, isExact: Bool) {
    lost += count
    if !isExact { self.isExact = false }
  }

  /// - Returns: the text to report now; `nil` when there is none or it has time.
  mutating func take(at time: Instant, isLast: Bool = false) -> String? {
    guard lost > 0 || !isExact, isLast || time >= nextReport else { return nil }
    defer {
      lost = 0
      isExact = true
      nextReport = time + Self.pause
    }
    let count = lost == 1 ? "1 edge" : "\(lost) edges"
    if isExact { return "\(count) got lost" }
    return lost == 0 ? "edges may have got lost" : "at least \(count) got lost"
  }
}
