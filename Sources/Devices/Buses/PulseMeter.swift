import Machine
import Timebase

/// Measures the pulses on a pin: their length and period. A pulse train is taken as a whole, so that it costs nothing; pulses that
/// firmware makes are measured edge by edge, and over when none comes for a tenth of a second.
final class PulseMeter: NetListener {
  struct Pulses: Equatable {
    var isHigh: Bool
    /// The length of the last pulse; `nil` without one.
    var high: Interval?
    /// `nil` while there are none.
    var period: Interval?
  }

  private let pin: Terminal
  private let site: DeviceSite
  private let changed: (Pulses, Instant) -> Void
  private var listening: NetListening?
  private var rose: Instant?
  private var high: Interval?
  private var known = Pulses(isHigh: false)
  private var silence: Clock.EventID?

  private static let patience = Interval.milliseconds(100)

  /// - Parameter changed: called with each new measurement.
  init(_ pin: Terminal, site: DeviceSite, changed: @escaping (Pulses, Instant) -> Void) {
    self.pin = pin
    self.site = site
    self.changed = changed
    listening = pin.net.listen(self)
  }

  func takes(_ waveform: any Waveform, from driver: NetDriver, at start: Instant) -> Bool {
    guard let pulses = waveform as? PulseWaveform, pulses.count == nil else { return false }
    let activeHigh = pulses.activeLevel == .high ? pulses.pulse : pulses.period - pulses.pulse
    let isMoving = pulses.pulse > 0 && pulses.pulse < pulses.period
    site.cancel(silence)
    rose = nil
    tell(
      Pulses(
        isHigh: activeHigh > 0, high: isMoving ? pulses.rate.interval(ticks: Int128(activeHigh)) : nil,
        period: isMoving ? pulses.rate.interval(ticks: Int128(pulses.period)) : nil), at: start)
    return true
  }

  func stopsTaking(_ waveform: any Waveform, from driver: NetDriver, at time: Instant) {
    tell(Pulses(isHigh: pin.level == .high), at: time)
  }

  func netChanged(_ edge: Net.Edge) {
    if edge.level == .high {
      let period = rose.map { edge.time - $0 }
      rose = edge.time
      tell(Pulses(isHigh: true, high: high, period: period), at: edge.time)
    } else {
      high = rose.map { edge.time - $0 }
      tell(Pulses(isHigh: false, high: high, period: known.period), at: edge.time)
    }
    site.cancel(silence)
    silence = site.at(edge.time + Self.patience) { [weak self] in
      guard let self else { return }
      silence = nil
      rose = nil
      tell(Pulses(isHigh: pin.level == .high), at: site.now)
    }
  }

  private func tell(_ pulses: Pulses, at time: Instant) {
    guard pulses != known else { return }
    known = pulses
    changed(pulses, time)
  }
}
