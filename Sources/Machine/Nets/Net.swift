import Timebase

/// Pins and drivers that are one electrical node; finds the level from its drivers and notifies its
/// listeners.
public final class Net {
  /// The combined state of the drivers.
  public enum State: Sendable, Hashable {
    case low
    case high
    /// Nothing drives it, or a pull-up and a pull-down cancel out. Reads as low.
    case floating
    /// One driver pulls it high, another low. Reads as low.
    case conflict

    /// The level that an input reads: low unless something holds it high, so that a floating input reads the
    /// same in every run.
    var level: Level { self == .high ? .high : .low }
  }

  /// A change of the level.
  public struct Edge: Sendable, Hashable {
    /// The level after it.
    public let level: Level
    public let time: Instant
  }

  public private(set) var drivers: [NetDriver] = []
  /// The pins that are wired together here.
  public private(set) var pins: [Pin] = []
  /// The pins of devices, and supplies, that are wired to them.
  public private(set) var terminals: [Terminal] = []

  let context: PartContext
  /// The drivers' state when it was last computed: now, unless one of them drives a waveform.
  var settledState = State.floating
  var counts = DriverCounts()
  /// The drivers that drive a waveform.
  var waveDrivers: [NetDriver] = []
  /// The next edge of a waveform, while a listener follows the edges.
  var nextEdge: (time: Instant, event: Clock.EventID)?
  /// Whether the edges of waveforms are events of the clock, because a listener wants them.
  var isFollowingWaveforms = false
  /// Whether nothing but interrupts and a trace hear of edges.
  private(set) var edgesOnlyInterrupt = false
  /// Wires to nets of other boards, closed contacts.
  var followers: [any NetFollower] = [] { didSet { refreshQuiet() } }
  /// Pairs of drivers whose conflict has been reported.
  private var reportedRivals: Set<String> = []
  /// Everybody who wants to know of edges: the pins' traces and interrupts, then the listeners.
  private(set) var hearers: [Hearer] = []
  private var listeners: [Hearer] = []
  var voltageListeners: [VoltageListener] = []
  private var untoldEdges: [Edge] = []
  private var isTelling = false
  /// Whether nobody hears of edges and no driver drives a waveform. An edge that nobody hears of has no time: on real lines,
  /// asking the host for it costs as much as the edge.
  private var isQuiet = true

  init(context: PartContext) { self.context = context }

  var now: Instant { context.clock.now }

  /// The drivers' combined state now.
  public var state: State { waveDrivers.isEmpty ? settledState : state(at: now) }

  /// The level that an input on this net reads now.
  public var level: Level { state.level }

  /// Voltage of a net that is high, volts.
  public static let supply = 3.3

  /// The voltage that an analogue input on this net measures now, volts. Where nothing drives it, a real pin
  /// picks up its surroundings; here that is nothing.
  public var voltage: Double { voltage(at: now) }

  // MARK: Drivers and pins

  /// Attaches a driver; one that sits on another net moves.
  public func attach(_ driver: NetDriver) {
    driver.net?.detach(driver)
    settleWaveforms(to: nil)
    driver.net = self
    drivers.append(driver)
    counts.add(level: driver.settledLevel, pull: driver.pull)
    if driver.waveform != nil { waveDrivers.append(driver) }
    driversChanged(at: nil)
    if !followers.isEmpty { pass(driver, at: nil) }
  }

  public func detach(_ driver: NetDriver) {
    guard let index = drivers.firstIndex(where: { $0 === driver }) else { return }
    settleWaveforms(to: nil)
    drivers.remove(at: index)
    driver.net = nil
    counts.remove(level: driver.settledLevel, pull: driver.pull)
    if driver.waveform != nil {
      waveDrivers.removeAll { $0 === driver }
      for hearer in hearers { hearer.stopTaking(from: driver, at: now) }
    }
    driversChanged(at: nil)
    for follower in followers { follower.forget(driver) }
  }

  func add(_ pin: Pin) {
    pins.append(pin)
    hearersChanged()
  }

  func add(_ terminal: Terminal) { terminals.append(terminal) }

  /// Whether one pin or terminal is all that is here.
  var isAlone: Bool { endCount <= 1 && drivers.count <= 1 && followers.isEmpty }

  /// Whether a listener beside the pins' own traces and interrupts hears edges.
  var isListenedTo: Bool { !listeners.isEmpty }

  /// How many pins and terminals are one here.
  var endCount: Int { pins.count + terminals.count }

  /// Cuts the references between nets, pins and drivers, which go in circles; the board does it when it goes away.
  func dismantle() {
    stopFollowing()
    for driver in drivers { driver.net = nil }
    for hearer in hearers { hearer.leave() }
    drivers = []
    waveDrivers = []
    pins = []
    terminals = []
    listeners = []
    voltageListeners = []
    hearers = []
    followers = []
  }

  /// Takes over everything that is on `other`, as a wire between the two does.
  func merge(_ other: Net) {
    guard other !== self else { return }
    settleWaveforms(to: nil)
    other.settleWaveforms(to: nil)
    other.stopFollowing()
    pins += other.pins
    for pin in other.pins { pin.net = self }
    terminals += other.terminals
    for terminal in other.terminals { terminal.net = self }
    listeners += other.listeners
    voltageListeners += other.voltageListeners
    for hearer in other.hearers { hearer.net = self }
    for driver in other.drivers {
      driver.net = self
      drivers.append(driver)
      counts.add(level: driver.settledLevel, pull: driver.pull)
    }
    waveDrivers += other.waveDrivers
    for follower in other.followers where !followers.contains(where: { $0 === follower }) {
      followers.append(follower)
    }
    other.followers = []
    if other.settledState == .conflict { settledState = .conflict }
    hearers += other.hearers
    other.pins = []
    other.terminals = []
    other.listeners = []
    other.voltageListeners = []
    other.hearers = []
    other.drivers = []
    other.waveDrivers = []
    // Each side sees an edge only if the wire changed the level that it knew.
    refreshQuiet()
    driversChanged(at: nil)
    announce(at: nil)
    hearersChanged()
    for follower in followers { follower.follow(self) }
  }

  // MARK: Changes

  func driverChanged(
    _ driver: NetDriver, from old: (Level?, Pull), to new: (Level?, Pull), at time: Instant?
  ) {
    settleWaveforms(to: time)
    counts.remove(level: old.0, pull: old.1)
    counts.add(level: new.0, pull: new.1)
    driversChanged(at: time)
    if !followers.isEmpty { pass(driver, at: time) }
  }

  /// A driver that drove one level drives the other. The net then has that level, unless another driver is against it; and
  /// when nobody hears of its edges, there is nothing else to do.
  /// - Returns: whether that was so; if not, `driverChanged` has to follow.
  @inline(__always) func driverTurned(to level: Level) -> Bool {
    guard isQuiet else { return false }
    counts.turn(to: level)
    if counts.areOpposed {
      counts.turn(to: level.opposite)
      return false
    }
    settledState = level == .high ? .high : .low
    return true
  }

  /// A driver of this net drives another voltage than before, perhaps without another level.
  func voltageChanged(of driver: NetDriver, at time: Instant?) {
    if !followers.isEmpty { pass(driver, at: time) }
    reviewVoltage(at: time)
  }

  /// Passes the new state of a driver of this net to the followers that repeat it elsewhere.
  func pass(_ driver: NetDriver, at time: Instant?) {
    for follower in followers { follower.pass(driver, at: time ?? now) }
  }

  private func driversChanged(at time: Instant?) {
    resolve(at: time)
    if !waveDrivers.isEmpty { reviewWaveforms(at: time ?? now) }
  }

  /// Finds the state anew, and announces it.
  func resolve(at time: Instant?) {
    if settle(at: time) { announce(at: time) }
  }

  /// Finds the state anew without announcing it.
  /// - Returns: whether the level may have changed.
  func settle(at time: Instant?) -> Bool {
    let new = counts.state
    guard new != settledState else { return false }
    settledState = new
    if new == .conflict { reportConflict(at: time ?? now) }
    return true
  }

  // MARK: Listeners

  func add(_ hearer: Hearer) {
    listeners.append(hearer)
    hearersChanged()
  }

  func remove(_ hearer: Hearer) {
    listeners.removeAll { $0 === hearer }
    hearersChanged()
  }

  /// An interrupt of a pin was set or taken away.
  func interruptsChanged() { hearersChanged() }

  private func hearersChanged() {
    settleWaveforms(to: nil)
    let before = hearers
    hearers = pins.flatMap(\.hearers) + listeners
    edgesOnlyInterrupt = hearers.allSatisfy { $0.listener?.onlyInterrupts != false }
    for hearer in before where !hearers.contains(where: { $0 === hearer }) {
      hearer.stopTaking(from: nil, at: now)
      if hearer.net === self { hearer.net = nil }
    }
    for hearer in hearers where !before.contains(where: { $0 === hearer }) {
      hearer.net = self
      hearer.knownLevel = level
      offerWaveforms(to: hearer)
    }
    refreshQuiet()
    if !waveDrivers.isEmpty { reviewWaveforms(at: now) }
  }

  func refreshQuiet() { isQuiet = hearers.isEmpty && waveDrivers.isEmpty && followers.isEmpty }

  /// Announces the level to hearers that know another one.
  func announce(at time: Instant?) {
    if hearers.isEmpty { return }
    tell(Edge(level: settledState.level, time: time ?? now))
  }

  /// A listener may drive this net again; that edge is announced after every listener has heard the one
  /// before.
  private func tell(_ first: Edge) {
    guard !isTelling else {
      untoldEdges.append(first)
      return
    }
    isTelling = true
    defer { isTelling = false }
    var next: Edge? = first
    var count = 0
    while let edge = next {
      for hearer in hearers { hearer.tell(edge) }
      count += 1
      if count == Self.mostEdgesAtOnce {
        untoldEdges.removeAll()
        reportOscillation()
      }
      next = untoldEdges.isEmpty ? nil : untoldEdges.removeFirst()
    }
  }

  /// Edges of one instant that listeners may answer with the next one. An inverter without delay whose output is its input would never
  /// come to rest.
  private static let mostEdgesAtOnce = 10_000

  private func reportOscillation() {
    let names = drivers.map(\.name).joined(separator: " and ")
    context.reporter.reportOnce(
      .netOscillates,
      "the net that \(names) drives never comes to rest: its level is answered with the other one",
      advice: "give what answers a delay, or cut the loop")
  }

  private func reportConflict(at time: Instant) {
    let rivals = (drivers.first { $0.settledLevel == .high }, drivers.first { $0.settledLevel == .low })
    let (high, low) = (rivals.0?.name ?? "?", rivals.1?.name ?? "?")
    context.trace.record(.conflict(high, low), at: time)
    // Once for two drivers: transmitters that are wired to each other meet in every other bit.
    guard reportedRivals.insert(min(high, low) + "\n" + max(high, low)).inserted else { return }
    context.reporter.report(
      .netConflict, at: rivals.0?.setUpAt ?? rivals.1?.setUpAt,
      "\(high) drives high and \(low) drives low on one net at \(time)",
      advice: "make one of them an input or open drain, or take the wire away")
  }
}

/// How many drivers pull in each direction; keeps an update independent of the number of drivers.
struct DriverCounts {
  private var high = 0
  private var low = 0
  private var pulledUp = 0
  private var pulledDown = 0

  /// Whether one driver pulls the net high and another low.
  var areOpposed: Bool { high > 0 && low > 0 }

  var state: Net.State {
    if high > 0 { return low > 0 ? .conflict : .high }
    if low > 0 { return .low }
    if (pulledUp > 0) == (pulledDown > 0) { return .floating }
    return pulledUp > 0 ? .high : .low
  }

  mutating func add(level: Level?, pull: Pull) { change(level: level, pull: pull, by: 1) }
  mutating func remove(level: Level?, pull: Pull) { change(level: level, pull: pull, by: -1) }

  @inline(__always) mutating func turn(to level: Level) {
    if level == .high {
      high += 1
      low -= 1
    } else {
      high -= 1
      low += 1
    }
  }

  private mutating func change(level: Level?, pull: Pull, by step: Int) {
    switch level {
    case .high: high += step
    case .low: low += step
    case nil: break
    }
    switch pull {
    case .up: pulledUp += step
    case .down: pulledDown += step
    case .none: break
    }
  }
}
