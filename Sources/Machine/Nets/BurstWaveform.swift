import Timebase

/// Edges at given times: the clock and data of a bus transfer, a bitstream, a recorded signal.
public final class BurstWaveform: Waveform {
  public struct Step: Sendable, Hashable {
    public var time: Instant
    /// The level from then on; `nil` lets go.
    public var level: Level?

    public init(_ time: Instant, _ level: Level?) {
      self.time = time
      self.level = level
    }
  }

  /// The level before the first step.
  public let initial: Level?
  /// In the order of their times; a step to the level that is there already is none.
  public let steps: [Step]

  /// - Parameter steps: of several with one time the last counts.
  public init(initial: Level?, steps: [Step]) {
    self.initial = initial
    var kept: [Step] = []
    for step in steps.enumerated().sorted(by: { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) })
      .map(\.element)
    {
      if kept.last?.time == step.time { kept.removeLast() }
      if (kept.last.map(\.level) ?? initial) != step.level { kept.append(step) }
    }
    self.steps = kept
  }

  /// When the last step happens; `nil` for a level that never changes.
  public var end: Instant? { steps.last?.time }

  public func level(at instant: Instant) -> Level? {
    let next = firstIndex(after: instant)
    return next == 0 ? initial : steps[next - 1].level
  }

  public func nextEdge(after instant: Instant) -> Instant? {
    let next = firstIndex(after: instant)
    return next < steps.count ? steps[next].time : nil
  }

  private func firstIndex(after instant: Instant) -> Int {
    var (low, high) = (0, steps.count)
    while low < high {
      let middle = (low + high) / 2
      if steps[middle].time <= instant { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
