import Timebase

/// Several boards with wires between them. Each has its own clock and its own processor; the one that is behind runs, at most to
/// the instant that the others have reached or will do nothing before; of those at one instant, the one that does something next,
/// and at last the first of the list. So every run is the same.
///
/// A board's firmware is attached to its clock with `SteppedFirmware`.
public final class BoardGroup {
  public private(set) var boards: [(name: String, board: Board)]

  /// How far a board may be ahead of another one that computes at the same instant: actions of the other one
  /// meanwhile reach it so much too late, at most. An interrupt takes longer to be handled.
  private let lookahead: Interval
  private var links: [NetLink] = []
  private var nodes = JoinedNets()
  private var peers: [PeerBoards] = []
  private var isStopped = false

  /// - Parameters:
  ///   - boards: all at the same instant, in an order that decides between equals. Their time is virtual or paced.
  ///   - lookahead: at least a nanosecond; the longer, the fewer changes from one board to the other.
  public convenience init(_ boards: KeyValuePairs<String, Board>, lookahead: Interval = .microseconds(1)) {
    self.init(boards.map { (name: $0.key, board: $0.value) }, lookahead: lookahead)
  }

  /// - Parameter boards: as above.
  public init(_ boards: [(name: String, board: Board)], lookahead: Interval = .microseconds(1)) {
    self.boards = boards
    self.lookahead = max(lookahead, .nanoseconds(1))
    for (_, board) in boards { hear(board) }
  }

  /// Puts another board on the table, at the same instant as the others.
  public func add(_ name: String, _ board: Board) {
    boards.append((name, board))
    hear(board)
  }

  deinit {
    for link in links { link.cut() }
    for peer in peers { peer.clock.externalSources.leave(peer) }
  }

  /// Lets other boards end a wait of this board.
  private func hear(_ board: Board) {
    let peer = PeerBoards(of: board.clock, in: self)
    peers.append(peer)
    board.clock.externalSources.join(peer)
  }

  // MARK: Wires

  /// Puts a wire between two ends, each named with its board: pins, `a.X1`, pins of devices, `b.room.data`, supplies, `a.GND`.
  ///
  /// Supplies of one name are the same for all boards. A wire between what is joined already adds nothing.
  public func connect(_ first: String, _ second: String) throws(BoardError) {
    let (a, b) = (try end(first), try end(second))
    let nets = (try a.board.net(named: a.end), try b.board.net(named: b.end))
    if a.board !== b.board, a.end == b.end, Board.supplyNames.contains(a.end) { return }
    if nets.0 !== nets.1, nodes.areOne(nets.0, nets.1) { return }
    guard a.board !== b.board else {
      try a.board.connect(a.end, b.end)
      return nodes.join(nets.0, nets.1)
    }
    nodes.join(nets.0, nets.1)
    let clocks = [a.board.clock, b.board.clock]
    links.append(
      NetLink((nets.0, a.name), (nets.1, b.name)) { time in
        // A board that sees it may answer from then on.
        for clock in clocks { clock.stand(notAfter: time) }
      })
  }

  private func end(_ text: String) throws(BoardError) -> (board: Board, name: String, end: String) {
    let parts = text.split(separator: ".", maxSplits: 1).map(String.init)
    guard parts.count == 2, let member = boards.first(where: { $0.name == parts[0] }) else {
      throw .noSuchPin(text, available: boards.map { "\($0.name).X1" }.joined(separator: ", "))
    }
    return (member.board, member.name, parts[1])
  }

  // MARK: Time

  /// Lets the time of all boards go on to `instant`. Events due by then happen.
  /// - Throws: `ThreadStartError` when firmware was to begin and the system has no thread to give.
  public func advance(until instant: Instant) throws(ThreadStartError) {
    isStopped = false
    while !isStopped, try step(until: instant) {}
  }

  /// Lets one of the boards go on as far as it may, at most to `instant`.
  /// - Returns: false when none has anything to do until then.
  package func step(until instant: Instant) throws(ThreadStartError) -> Bool {
    guard let (clock, limit) = next(until: instant) else { return false }
    try clock.advance(until: limit)
    return true
  }

  /// When a board does something next, as things are; `nil` for never.
  package var nextActivity: Instant? {
    boards.lazy.map(\.board.clock).filter { !$0.isPoweredOff }.compactMap(\.nextActivity).min()
  }

  /// The time that all boards have reached.
  package var now: Instant { boards.lazy.map(\.board.clock.now).min() ?? .powerOn }

  /// Has `advance` come back as soon as the board that runs can stand still; for what happens on that board.
  package func stop() {
    isStopped = true
    for board in boards { board.board.clock.stopAdvancing() }
  }

  /// Returns the clock that goes on, and how far.
  private func next(until end: Instant) -> (Clock, Instant)? {
    let clocks = boards.map(\.board.clock)
    let never = Instant(nanoseconds: .max)
    // Of those at one instant, the one that does something next.
    let first = clocks.filter { isBefore(end, $0) }
      .min { ($0.now, $0.nextActivity ?? never) < ($1.now, $1.nextActivity ?? never) }
    guard let first else { return nil }
    let horizon = clocks.lazy.filter { $0 !== first && !$0.isPoweredOff }
      .map { max($0.now, $0.nextActivity ?? never) }.min()
    let limit = min(end, horizon ?? end)
    return (first, limit > first.now ? limit : min(end, first.now + lookahead))
  }

  /// Whether a board has something to do until `end`.
  private func isBefore(_ end: Instant, _ clock: Clock) -> Bool {
    guard !clock.isPoweredOff else { return false }
    return clock.now < end || clock.nextEventDue.map { $0 <= end } == true
  }
}

/// The other boards of a group, as one of them sees them: a source that may still act.
private final class PeerBoards: ExternalSource {
  let clock: Clock
  private unowned let group: BoardGroup

  init(of clock: Clock, in group: BoardGroup) {
    self.clock = clock
    self.group = group
  }

  var hasListener: Bool {
    group.boards.lazy.map(\.board.clock).contains { other in
      guard other !== clock, !other.isPoweredOff, let next = other.nextActivity else { return false }
      return other.powerOff.map { next < $0 } ?? true
    }
  }
}

/// Which nets of several boards are one node through the wires between them.
private struct JoinedNets {
  private var parents: [ObjectIdentifier: ObjectIdentifier] = [:]
  /// Every net that was joined, so that none of another time is taken for it.
  private var nets: [Net] = []

  func areOne(_ first: Net, _ second: Net) -> Bool { root(of: first) == root(of: second) }

  mutating func join(_ first: Net, _ second: Net) {
    nets += [first, second]
    parents[root(of: second)] = root(of: first)
  }

  private func root(of net: Net) -> ObjectIdentifier {
    var node = ObjectIdentifier(net)
    while let parent = parents[node], parent != node { node = parent }
    return node
  }
}
