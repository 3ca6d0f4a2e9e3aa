import Timebase

/// A wire between nets of two boards, each with a clock of its own.
///
/// Each driver of one net has a twin on the other, which does the same at the same instant; so either net resolves what drives
/// the one node that both are. It happens on the other board's own thread, when its time has come there.
final class NetLink {
  private let ends: (NetLinkEnd, NetLinkEnd)

  /// - Parameter passed: called when a driver of a board has done something that the other one will see, with its time.
  init(
    _ first: (net: Net, board: String), _ second: (net: Net, board: String),
    passed: @escaping (Instant) -> Void
  ) {
    ends = (
      NetLinkEnd(from: first.net, board: first.board, passed: passed),
      NetLinkEnd(from: second.net, board: second.board, passed: passed)
    )
    ends.0.connect(to: ends.1)
    ends.1.connect(to: ends.0)
    first.net.followers.append(ends.0)
    second.net.followers.append(ends.1)
    ends.0.passAll()
    ends.1.passAll()
  }

  /// Takes the wire away.
  func cut() {
    ends.0.cut()
    ends.1.cut()
  }
}

/// One net's end of a wire to another board: holds the twins of the other net's drivers.
final class NetLinkEnd: NetFollower {
  private weak var net: Net?
  private unowned var other: NetLinkEnd!
  private let board: String
  private let passed: (Instant) -> Void
  /// This net's stand-ins for the drivers of the other one.
  private var twins: [(original: NetDriver, twin: NetDriver)] = []

  init(from net: Net, board: String, passed: @escaping (Instant) -> Void) {
    self.net = net
    self.board = board
    self.passed = passed
  }

  func connect(to other: NetLinkEnd) { self.other = other }

  /// The net has been merged into another one of the same board.
  func follow(_ net: Net) { self.net = net }

  func passAll() {
    guard let net else { return }
    for driver in net.drivers { pass(driver, at: net.now) }
  }

  /// A driver of this net does something else than before.
  func pass(_ driver: NetDriver, at time: Instant) {
    guard !twins.contains(where: { $0.twin === driver }) else { return }
    let output = NetDriver.Output(of: driver)
    other.receive(output, of: driver, name: "\(board).\(driver.name)", at: time)
    passed(time)
  }

  /// A driver has left this net.
  func forget(_ driver: NetDriver) {
    guard !twins.contains(where: { $0.twin === driver }) else { return }
    other.remove(driver)
  }

  func cut() {
    for (_, twin) in twins { twin.net?.detach(twin) }
    twins = []
    net?.followers.removeAll { $0 === self }
  }

  private func receive(_ output: NetDriver.Output, of driver: NetDriver, name: String, at time: Instant) {
    guard let clock = net?.context.clock else { return }
    let twin = twin(of: driver, name: name)
    if time < clock.now, clock.nextEventDue.map({ $0 > time }) ?? true {
      // That board stands ahead, in the middle of a long instruction or of a handler. A device on its wires
      // has its own time: it answers at once, and only the processor hears of it later.
      clock.withoutStanding { put(output, on: twin, at: time) }
      clock.schedule(at: clock.now) { [weak self] in self?.net?.context.interrupts.poll() }
      return
    }
    clock.schedule(at: max(time, clock.now)) { [weak self] in
      self?.put(output, on: twin, at: time)
      self?.net?.context.interrupts.poll()
    }
  }

  private func put(_ output: NetDriver.Output, on twin: NetDriver, at time: Instant) {
    guard let net else { return }
    if twin.net == nil { net.attach(twin) }
    output.put(on: twin, at: time)
  }

  private func remove(_ driver: NetDriver) {
    guard let index = twins.firstIndex(where: { $0.original === driver }), let clock = net?.context.clock
    else { return }
    let twin = twins.remove(at: index).twin
    clock.schedule(at: clock.now) { twin.net?.detach(twin) }
  }

  private func twin(of driver: NetDriver, name: String) -> NetDriver {
    if let pair = twins.first(where: { $0.original === driver }) { return pair.twin }
    let twin = NetDriver(name: name)
    twins.append((driver, twin))
    return twin
  }
}
