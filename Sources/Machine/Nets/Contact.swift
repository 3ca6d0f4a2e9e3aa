import Timebase

/// Two pieces of metal that touch or do not: a button, a key of a keypad, a switch, a relay.
///
/// While it is closed its two ends are one electrical node, whatever drives either: levels, pulls, voltages, waveforms. Several
/// closed contacts may form chains and circles, as on a keypad.
public final class Contact {
  public let ends: (Terminal, Terminal)
  public private(set) var isClosed = false

  private let board: ContactBoard

  /// An open contact.
  public init(_ first: Terminal, _ second: Terminal, context: PartContext) {
    ends = (first, second)
    board = context.contacts
  }

  deinit { if isClosed { board.remove(self) } }

  public func close() { set(true) }
  public func open() { set(false) }

  public func set(_ isClosed: Bool) {
    guard isClosed != self.isClosed else { return }
    self.isClosed = isClosed
    if isClosed { board.add(self) } else { board.remove(self) }
  }
}

/// The closed contacts of a board: each driver has a twin on every net that contacts join its own to.
final class ContactBoard {
  private struct Closed {
    let contact: ObjectIdentifier
    let ends: (Terminal, Terminal)
  }

  private struct Twin {
    let original: NetDriver
    let driver: NetDriver
    unowned let net: Net
  }

  private var closed: [Closed] = []
  private var twins: [Twin] = []
  private var joined: [Net] = []
  private var isReviewing = false

  func add(_ contact: Contact) {
    closed.append(Closed(contact: ObjectIdentifier(contact), ends: contact.ends))
    review()
  }

  func remove(_ contact: Contact) {
    closed.removeAll { $0.contact == ObjectIdentifier(contact) }
    review()
  }

  func dismantle() {
    closed = []
    twins = []
    joined = []
  }

  /// Finds out which nets are one node now, and which drivers each of them needs a twin of.
  private func review() {
    guard !isReviewing else { return }
    isReviewing = true
    defer { isReviewing = false }
    let groups = groups()
    let nets = groups.flatMap { $0 }
    for net in joined where !nets.contains(where: { $0 === net }) { net.followers.removeAll { $0 === self } }
    for net in nets where !joined.contains(where: { $0 === net }) { net.followers.append(self) }
    joined = nets
    var wanted: [(original: NetDriver, net: Net)] = []
    for group in groups {
      for net in group {
        for other in group where other !== net {
          for driver in other.drivers where !isTwin(driver) { wanted.append((driver, net)) }
        }
      }
    }
    for twin in twins where !wanted.contains(where: { $0.original === twin.original && $0.net === twin.net })
    {
      twin.driver.net?.detach(twin.driver)
    }
    twins.removeAll { $0.driver.net == nil }
    for (original, net) in wanted where !twins.contains(where: { $0.original === original && $0.net === net })
    {
      let twin = NetDriver(name: original.name)
      twins.append(Twin(original: original, driver: twin, net: net))
      net.attach(twin)
      NetDriver.Output(of: original).put(on: twin, at: net.now)
    }
  }

  private func isTwin(_ driver: NetDriver) -> Bool { twins.contains { $0.driver === driver } }

  /// Nets that closed contacts make one, each group in the order in which its contacts were closed.
  private func groups() -> [[Net]] {
    var groups: [[Net]] = []
    for (first, second) in closed.map({ ($0.ends.0.net, $0.ends.1.net) }) where first !== second {
      let touched = groups.indices.filter { index in groups[index].contains { $0 === first || $0 === second }
      }
      var merged = touched.flatMap { groups[$0] }
      for net in [first, second] where !merged.contains(where: { $0 === net }) { merged.append(net) }
      for index in touched.reversed() { groups.remove(at: index) }
      groups.append(merged)
    }
    return groups
  }
}

extension ContactBoard: NetFollower {
  func pass(_ driver: NetDriver, at time: Instant) {
    guard !isTwin(driver) else { return }
    let own = twins.filter { $0.original === driver }
    if own.isEmpty { return review() }
    let output = NetDriver.Output(of: driver)
    for twin in own { output.put(on: twin.driver, at: time) }
  }

  func forget(_ driver: NetDriver) { if !isTwin(driver) { review() } }

  /// Two nets have been joined by a wire for good.
  func follow(_ net: Net) { review() }
}
