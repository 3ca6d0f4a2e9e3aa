import Timebase

/// A driver's output on its net, as a function of time.
///
/// A net evaluates a waveform only on demand: the level of now when a pin is read, the next edge while a
/// listener follows the edges. So a pulse train that nobody watches costs nothing.
public protocol Waveform: AnyObject {
  /// The level that it drives; `nil` while it lets go (open drain and high, high impedance).
  func level(at instant: Instant) -> Level?
  /// When the level changes next; `nil` when it stays as it is at `instant`.
  func nextEdge(after instant: Instant) -> Instant?
  /// Volts, of a waveform that is not simply one of the two levels.
  func voltage(at instant: Instant) -> Double?
  /// Whether the part that drives it writes its own actions into the trace, so that a trace in words need not
  /// repeat each edge.
  var isTracedByItsPart: Bool { get }
}

extension Waveform {
  public func voltage(at instant: Instant) -> Double? { nil }
  public var isTracedByItsPart: Bool { false }
}

/// Something through which levels and waveforms reach a net: a driver, or a peripheral's output that a pin may show.
public protocol WaveformOutput: AnyObject {
  /// - Parameter time: when it happens, if that is not the clock's `now`.
  func drive(_ level: Level, at time: Instant?)
  /// - Parameter time: from when on; not later than the next thing that is driven.
  func drive(_ waveform: any Waveform, at time: Instant?)
}
