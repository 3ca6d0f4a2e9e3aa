import Timebase

/// A timer's counter that follows signals on the pins of channels 1 and 2 instead of its clock: an incremental encoder, two signals that are a
/// quarter of a period apart (RM0090, 18.3.12), or the pulses of one (external clock mode 1, 18.3.3).
public final class TimerEncoder {
  /// The edges that count.
  public enum Edges: Sendable, Hashable {
    /// Those of channel 1.
    case a
    /// Those of channel 2.
    case b
    case both
    /// Those of one direction on one channel, upwards.
    case pulses(channel: Int, level: Level)
  }

  /// The timers that can be encoders: those with four channels.
  static let timers: Set<Int> = [1, 2, 3, 4, 5, 8]
  /// The timers that can count pulses: those with two channels, too.
  static let pulseTimers = timers.union([9, 12])

  let edges: Edges
  var count = 0
  /// Whether there was an over- or underflow since the flag was cleared last.
  var hasUpdateFlag = false
  /// Edges that the prescaler has counted.
  private var prescaled = 0
  private unowned let timer: HardwareTimer
  private unowned let a: TimerChannel
  private unowned let b: TimerChannel

  init(_ edges: Edges, timer: HardwareTimer, a: TimerChannel, b: TimerChannel) {
    self.edges = edges
    self.timer = timer
    self.a = a
    self.b = b
  }

  /// An edge on the pin of a channel.
  func edge(_ edge: Net.Edge, on channel: TimerChannel) {
    guard timer.isRunning else { return }
    if case .pulses(let number, let level) = edges {
      if channel.number == number, edge.level == level { step(isUp: true, at: edge.time) }
      return
    }
    let isFirst = channel === a
    guard edges == .both || (edges == .a) == isFirst else { return }
    let isRising = edge.level == .high
    let other = (isFirst ? b : a).inputLevel
    step(isUp: (isRising == (other == .high)) != isFirst, at: edge.time)
  }

  private func step(isUp: Bool, at time: Instant) {
    prescaled += 1
    guard prescaled > timer.division.prescaler else { return }
    prescaled = 0
    let period = timer.division.period
    guard period > 0 else { return }
    let end = isUp ? period : 0
    if count == end {
      count = isUp ? 0 : period
      hasUpdateFlag = true
      timer.encoderOverflowed(at: time)
    } else {
      count = (count + (isUp ? 1 : -1)) & timer.largestCount
    }
  }
}
