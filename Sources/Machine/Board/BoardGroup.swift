import Timebase

/// Several boards with wires between them. Each has its own clock and its own processor; the one that is behind runs, at most to
/// the instant that the others have reached or will do nothing before; of those at one instant, the first of the list. So every
/// run is the same.
///
/// A board's firmware is attached to its clock with `SteppedFirmware`.
public final class BoardGroup {
  public private(set) var boards: [(name: String, board: Board)]

  /// How far a board may be ahead of another one that computes at the same instant: what the other one does meanwhile reaches it
  /// so much too late, at most. An interrupt takes longer to be handled.
  private let lookahead: Interval
  private var links: [NetLink] = []
  private var isStopped = false

  /// - Parameters:
  ///   - boards: all at the same instant, in an order that decides between equals. Their time is virtual or paced.
  ///   - lookahead: at least a nanosecond; the longer, the fewer changes from one board to the other.
  public init(_ boards: KeyValuePairs<String, Board>, lookahead: Interval = .microseconds(1)) {
    self.boards = boards.map { (name: $0.key, board: $0.value) }
    self.lookahead = max(lookahead, .nanoseconds(1))
  }

  /// Puts another board on the table, at the same instant as the others.
  public func add(_ name: String, _ board: Board) { boards.append((name, board)) }

  deinit { for link in links { link.cut() } }

  /// Puts a wire between two pins, each named with its board: `a.X1`, `b.X2`.
  public func connect(_ first: String, _ second: String) throws(BoardError) {
    let (a, b) = (try end(first), try end(second))
    guard a.board !== b.board else { return try a.board.connect(a.pin.name, b.pin.name) }
    let clocks = [a.board.clock, b.board.clock]
    links.append(
      NetLink((a.pin.net, a.name), (b.pin.net, b.name)) { [lookahead] time in
        // Whoever sees it may answer from then on.
        for clock in clocks { clock.stand(notAfter: time + lookahead) }
      })
  }

  private func end(_ text: String) throws(BoardError) -> (board: Board, name: String, pin: Pin) {
    let parts = text.split(separator: ".", maxSplits: 1).map(String.init)
    guard parts.count == 2, let member = boards.first(where: { $0.name == parts[0] }) else {
      throw .noSuchPin(text, available: boards.map { "\($0.name).X1" }.joined(separator: ", "))
    }
    return (member.board, member.name, try member.board.pins[parts[1]])
  }

  /// Lets the time of all boards go on to `instant`. What is due by then happens.
  /// - Throws: `ThreadStartError` when firmware was to begin and the system has no thread to give.
  public func advance(until instant: Instant) throws(ThreadStartError) {
    isStopped = false
    while !isStopped, let (clock, limit) = next(until: instant) { try clock.advance(until: limit) }
  }

  /// Has `advance` come back as soon as the board that runs can stand still; for what happens on that board.
  package func stop() {
    isStopped = true
    for board in boards { board.board.clock.stopAdvancing() }
  }

  /// Who goes on, and how far.
  private func next(until end: Instant) -> (Clock, Instant)? {
    let clocks = boards.map(\.board.clock)
    var first: Clock?
    for clock in clocks where isBefore(end, clock) {
      if clock.now < first?.now ?? .init(nanoseconds: .max) { first = clock }
    }
    guard let first else { return nil }
    let horizon = clocks.lazy.filter { $0 !== first }
      .map { max($0.now, $0.nextActivity ?? .init(nanoseconds: .max)) }.min()
    let limit = min(end, horizon ?? end)
    return (first, limit > first.now ? limit : min(end, first.now + lookahead))
  }

  /// Whether a board has something to do until `end`.
  private func isBefore(_ end: Instant, _ clock: Clock) -> Bool {
    guard !clock.isPoweredOff else { return false }
    return clock.now < end || clock.nextEventDue.map { $0 <= end } == true
  }
}
