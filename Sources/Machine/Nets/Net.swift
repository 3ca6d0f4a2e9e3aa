import Timebase

/// Pins and drivers that are one electrical node; finds the level from what drives it and tells who listens.
public final class Net {
  /// What the drivers amount to.
  public enum State: Sendable, Hashable {
    case low
    case high
    /// Nobody drives it, or a pull-up and a pull-down cancel out. Reads as low.
    case floating
    /// One driver pulls it high, another low. Reads as low.
    case conflict
  }

  /// A change of the level.
  public struct Edge: Sendable, Hashable {
    /// The level after it.
    public let level: Level
    public let time: Instant
  }

  public private(set) var drivers: [NetDriver] = []
  public private(set) var state = State.floating
  /// The pins that are wired together here.
  public private(set) var pins: [Pin] = []
  /// UART receivers that listen to it.
  var receivers: [FrameReceiver] = []

  private let context: PartContext
  private var observers: [(Edge) -> Void] = []
  private var counts = Counts()
  private var untoldEdges: [Edge] = []
  private var isTelling = false
  /// Whether anybody wants to know of edges. An edge that nobody hears of has no time: on real lines, asking the host for it
  /// costs as much as the edge.
  private var isHeard: Bool
  /// The frame that is on the line, or was last.
  private var frame: (sender: String, end: Instant)?

  init(context: PartContext) {
    self.context = context
    isHeard = context.trace.isOn
  }

  /// What an input on this net reads: low unless something holds it high, so that a floating input reads the
  /// same in every run.
  public var level: Level { state == .high ? .high : .low }

  /// What a net that is high has, volts.
  public static let supply = 3.3

  /// What an analogue input on this net measures, volts. Where nothing drives it, a real pin picks up whatever is near;
  /// here that is nothing.
  public var voltage: Double {
    drivers.lazy.compactMap(\.voltage).first ?? (state == .high ? Self.supply : 0)
  }

  /// Attaches a driver; one that sits on another net moves.
  public func attach(_ driver: NetDriver) {
    driver.net?.detach(driver)
    driver.net = self
    drivers.append(driver)
    counts.add(level: driver.level, pull: driver.pull)
    resolve(at: nil)
  }

  public func detach(_ driver: NetDriver) {
    guard let index = drivers.firstIndex(where: { $0 === driver }) else { return }
    drivers.remove(at: index)
    driver.net = nil
    counts.remove(level: driver.level, pull: driver.pull)
    resolve(at: nil)
  }

  /// Calls `observer` after each edge, in the order of the edges.
  public func observe(_ observer: @escaping (Edge) -> Void) {
    observers.append(observer)
    isHeard = true
  }

  /// An interrupt of a pin was set or taken away.
  func interruptsChanged() {
    isHeard = context.trace.isOn || !observers.isEmpty || pins.contains { $0.awaitsEdges }
  }

  func add(_ pin: Pin) { pins.append(pin) }

  /// Cuts the references between nets, pins and drivers, which go in circles; the board does it when it goes away.
  func dismantle() {
    for driver in drivers { driver.net = nil }
    drivers = []
    pins = []
    observers = []
    receivers = []
  }

  /// A UART starts to send a frame; two at a time spoil each other.
  func beginFrame(from sender: String, at start: Instant, until end: Instant) {
    if let current = frame, current.end > start, current.sender != sender {
      reportConflict(between: current.sender, and: sender, at: start)
    }
    frame = (sender, end)
  }

  func carriesFrame(at time: Instant) -> Bool { frame.map { $0.end >= time } ?? false }

  /// Takes over everything that is on `other`, as a wire between the two does.
  func merge(_ other: Net) {
    guard other !== self else { return }
    let sides = [(level, pins, observers), (other.level, other.pins, other.observers)]
    pins += other.pins
    for pin in other.pins { pin.net = self }
    observers += other.observers
    receivers += other.receivers
    isHeard = isHeard || other.isHeard
    for driver in other.drivers {
      driver.net = self
      drivers.append(driver)
      counts.add(level: driver.level, pull: driver.pull)
    }
    other.pins = []
    other.observers = []
    other.receivers = []
    other.drivers = []
    let now = context.clock.now
    let wasConflict = state == .conflict || other.state == .conflict
    state = counts.state
    if state == .conflict && !wasConflict { reportConflict(at: now) }
    // Each side sees an edge only if the wire changed its own level.
    let edge = Edge(level: level, time: now)
    for (before, pins, observers) in sides where before != edge.level {
      for pin in pins { pin.netChanged(edge) }
      for observer in observers { observer(edge) }
    }
  }

  func driverChanged(from old: (Level?, Pull), to new: (Level?, Pull), at time: Instant?) {
    counts.remove(level: old.0, pull: old.1)
    counts.add(level: new.0, pull: new.1)
    resolve(at: time)
  }

  /// A driver that drove one level drives the other. The net then has that level, unless another driver is against it; and
  /// when nobody hears of its edges, there is nothing else to do.
  /// - Returns: whether that was so; if not, the net has to be resolved.
  @inline(__always) func driverTurned(to level: Level) -> Bool {
    counts.turn(to: level)
    guard !isHeard, !counts.areOpposed else { return false }
    state = level == .high ? .high : .low
    return true
  }

  /// Finds the state anew, and tells of it.
  func resolve(at time: Instant?) {
    let new = counts.state
    guard new != state else { return }
    let levelBefore = level
    state = new
    guard isHeard || new == .conflict else { return }
    let time = time ?? context.clock.now
    if new == .conflict { reportConflict(at: time) }
    guard level != levelBefore, isHeard else { return }
    tellObservers(Edge(level: level, time: time))
  }

  /// An observer may drive this net again; that edge is told after everybody has heard of the one before.
  private func tellObservers(_ first: Edge) {
    guard !isTelling else {
      untoldEdges.append(first)
      return
    }
    isTelling = true
    defer { isTelling = false }
    var next: Edge? = first
    while let edge = next {
      for pin in pins { pin.netChanged(edge) }
      for observer in observers { observer(edge) }
      next = untoldEdges.isEmpty ? nil : untoldEdges.removeFirst()
    }
  }

  private func reportConflict(at time: Instant) {
    let rivals = (drivers.first { $0.level == .high }, drivers.first { $0.level == .low })
    let (high, low) = (rivals.0?.name ?? "?", rivals.1?.name ?? "?")
    context.trace.record(.conflict(high, low), at: time)
    context.reporter.report(
      "net-conflict", .error, at: rivals.0?.setUpAt ?? rivals.1?.setUpAt,
      "\(high) drives high and \(low) drives low on one net at \(time)",
      advice: "make one of them an input or open drain, or take the wire away")
  }

  private func reportConflict(between first: String, and second: String, at time: Instant) {
    context.trace.record(.conflict(first, second), at: time)
    context.reporter.report(
      "net-conflict", .error, "\(first) and \(second) send on one net at the same time, at \(time)",
      advice: "let one of them wait until the other has finished")
  }

  /// How many drivers pull in each direction; keeps an update independent of the number of drivers.
  private struct Counts {
    private var high = 0
    private var low = 0
    private var pulledUp = 0
    private var pulledDown = 0

    /// Whether one driver pulls the net high and another low.
    var areOpposed: Bool { high > 0 && low > 0 }

    var state: State {
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
}
