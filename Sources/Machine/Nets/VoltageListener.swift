import Timebase

/// Follows the voltage of a pin: edges of its net, and voltages that converters and people put on it beside
/// them.
final class VoltageListener: NetListener {
  private let pin: Pin
  private let changed: (Double, Instant) -> Void
  private var known: Double
  private var listening: NetListening?
  /// The next sample of a waveform.
  private var event: Clock.EventID?

  /// - Parameter changed: called after each change, until `stop()`.
  init(_ pin: Pin, changed: @escaping (Double, Instant) -> Void) {
    self.pin = pin
    self.changed = changed
    known = pin.net.voltage
    listening = pin.net.listen(self)
    pin.net.voltageListeners.append(self)
    review(at: pin.net.now)
  }

  func stop() {
    listening = nil
    pin.net.voltageListeners.removeAll { $0 === self }
    cancelEvent()
  }

  func netChanged(_ edge: Net.Edge) { review(at: edge.time) }

  /// The voltage may have changed.
  func review(at time: Instant) {
    cancelEvent()
    let voltage = pin.net.voltage(at: time)
    if voltage != known {
      known = voltage
      changed(voltage, time)
    }
    guard let next = pin.net.nextVoltage(after: time) else { return }
    event = pin.context.clock.schedule(at: next) { [weak self] in
      self?.event = nil
      self?.review(at: next)
    }
  }

  private func cancelEvent() {
    if let event { pin.context.clock.cancel(event) }
    event = nil
  }
}

extension Net {
  /// Returns the voltage that an analogue input on this net measures at `time`, volts, if the drivers go on
  /// as they are.
  func voltage(at time: Instant) -> Double {
    for driver in drivers {
      if let voltage = driver.voltage(at: time) { return voltage }
    }
    return (waveDrivers.isEmpty ? settledState : state(at: time)) == .high ? Self.supply : 0
  }

  /// When a waveform puts out its next voltage; `nil` when none does.
  func nextVoltage(after time: Instant) -> Instant? {
    waveDrivers.lazy.compactMap { ($0.waveform as? SampledWaveform)?.nextValue(after: time) }.min()
  }

  /// A driver may drive another voltage.
  func reviewVoltage(at time: Instant?) {
    if voltageListeners.isEmpty { return }
    for listener in voltageListeners { listener.review(at: time ?? now) }
  }
}
