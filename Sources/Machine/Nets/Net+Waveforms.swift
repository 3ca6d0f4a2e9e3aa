import Timebase

/// Waveforms on a net: looked at when a reader asks for the level, followed edge by edge only for listeners
/// that want the edges.
extension Net {
  /// The waveform of the one driver that drives this net; `nil` when there is none or several drive.
  public var waveform: (any Waveform)? { hasRivals ? nil : waveDrivers.first?.waveform }

  /// Returns the net's state at `time`, if the drivers go on as they are.
  func state(at time: Instant) -> State {
    var counts = counts
    for driver in waveDrivers {
      counts.remove(level: driver.settledLevel, pull: .none)
      counts.add(level: driver.waveformLevel(at: time), pull: .none)
    }
    return counts.state
  }

  /// A driver begins a waveform, perhaps after another.
  /// - Parameter change: makes the driver drive it.
  func waveformBegins(on driver: NetDriver, at start: Instant, change: () -> Void) {
    if isFollowingWaveforms { settleWaveforms(to: start) }
    if driver.waveform == nil {
      change()
      waveDrivers.append(driver)
      refreshQuiet()
    } else {
      change()
      for hearer in hearers { hearer.stopTaking(from: driver, at: start) }
    }
    let hasRivals = hasRivals
    if let waveform = driver.waveform, !hasRivals {
      for hearer in hearers { hearer.offer(waveform, from: driver, at: start) }
    }
    reviewWaveforms(at: start, hasRivals: hasRivals)
    if !followers.isEmpty { pass(driver, at: start) }
    reviewVoltage(at: start)
  }

  /// A driver drives something that stays as it is instead of its waveform.
  /// - Parameter change: makes it do so.
  func waveformEnds(on driver: NetDriver, at time: Instant, change: () -> Void) {
    settleWaveforms(to: time)
    waveDrivers.removeAll { $0 === driver }
    counts.remove(level: driver.settledLevel, pull: driver.pull)
    change()
    counts.add(level: driver.settledLevel, pull: driver.pull)
    refreshQuiet()
    _ = settle(at: time)
    for hearer in hearers { hearer.stopTaking(from: driver, at: time) }
    announce(at: time)
    if waveDrivers.isEmpty { stopFollowing() } else { reviewWaveforms(at: time) }
    if !followers.isEmpty { pass(driver, at: time) }
    reviewVoltage(at: time)
  }

  /// Offers the net's waveform to a listener that has come later.
  func offerWaveforms(to hearer: Hearer) {
    guard !hasRivals, let driver = waveDrivers.first, let waveform = driver.waveform else { return }
    hearer.offer(waveform, from: driver, at: driver.waveformStart)
  }

  /// Called when the net's drivers or listeners have changed: decides whether waveforms are still whole, and
  /// whether their edges are wanted.
  func reviewWaveforms(at time: Instant) { reviewWaveforms(at: time, hasRivals: hasRivals) }

  private func reviewWaveforms(at time: Instant, hasRivals: Bool) {
    if hasRivals {
      for hearer in hearers { hearer.stopTaking(from: nil, at: time) }
    }
    // With several drivers, their edges may be conflicts.
    guard hasRivals || hearers.contains(where: { $0.takenFrom == nil }) else { return stopFollowing() }
    isFollowingWaveforms = true
    applyWaveforms(at: time)
    announce(at: time)
    expectEdge(after: time)
  }

  /// Before something changes the net: reports every edge of the waveforms up to `time`, `nil` for now, if
  /// their edges are wanted, and takes their levels of that time.
  func settleWaveforms(to time: Instant?) {
    if waveDrivers.isEmpty { return }
    let limit = time ?? now
    while let (edge, event) = nextEdge, edge <= limit {
      context.clock.cancel(event)
      edgeIsDue(at: edge)
    }
    guard !isFollowingWaveforms else { return }
    countWaveforms(at: limit)
    settledState = counts.state
  }

  func stopFollowing() {
    isFollowingWaveforms = false
    if let nextEdge { context.clock.cancel(nextEdge.event) }
    nextEdge = nil
  }

  /// Whether more than one driver drives, so that none has the net to itself.
  private var hasRivals: Bool {
    var count = 0
    for driver in drivers where driver.waveform != nil || driver.settledLevel != nil { count += 1 }
    return count > 1
  }

  private func edgeIsDue(at time: Instant) {
    nextEdge = nil
    applyWaveforms(at: time)
    expectEdge(after: time)
  }

  private func applyWaveforms(at time: Instant) {
    countWaveforms(at: time)
    resolve(at: time)
  }

  private func countWaveforms(at time: Instant) {
    for driver in waveDrivers {
      let level = driver.waveformLevel(at: time)
      guard level != driver.settledLevel else { continue }
      counts.remove(level: driver.settledLevel, pull: .none)
      counts.add(level: level, pull: .none)
      driver.settledLevel = level
    }
  }

  private func expectEdge(after time: Instant) {
    if let nextEdge { context.clock.cancel(nextEdge.event) }
    nextEdge = nil
    let next = waveDrivers.lazy.compactMap { $0.waveform?.nextEdge(after: time) }.min()
    guard isFollowingWaveforms, let next else { return }
    let event = context.clock.schedule(at: next, isInterrupt: edgesOnlyInterrupt) { [weak self] in
      guard let self, nextEdge?.time == next else { return }
      edgeIsDue(at: next)
      context.interrupts.poll()
    }
    nextEdge = (next, event)
  }
}
