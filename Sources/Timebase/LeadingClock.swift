/// The clock of a board whose firmware runs on the calling thread while other boards keep up with it.
///
///     let lead = LeadingClock(test.clock)
///     lead.add(follower: other.clock)
///     python.run(program)
///
/// When the leader has come as far as the others allow, those with something to do before it run
/// (`Clock.advance(until:)`); the leader then goes on to the instant up to which none of them can do
/// anything. So every run is the same.
public final class LeadingClock {
  private let gate: LeadingGate

  /// - Parameter lookahead: how far boards that compute at the same time may be apart.
  public init(_ leader: Clock, lookahead: Interval = .microseconds(1)) {
    gate = LeadingGate(leader, lookahead: lookahead)
  }

  /// The leader goes alone from now on.
  deinit { gate.end() }

  /// Lets another clock keep up, whose firmware is attached to it (`SteppedFirmware`).
  /// - Parameter failed: called when the system has no thread for the follower's firmware.
  public func add(follower: Clock, failed: @escaping (ThreadStartError) -> Void = { _ in }) {
    gate.add(follower, failed)
  }

  /// Brings a follower to the leader's time, so that something can be done to its board. To be called by the leader's firmware,
  /// which stands before it goes on for more than an instant.
  public func bringUp(_ follower: Clock) { gate.bringUp(follower) }
}

private final class LeadingGate: ClockGate {
  private struct Follower {
    let clock: Clock
    let failed: (ThreadStartError) -> Void

    /// When it does something next, and not before its own time; `nil` for never.
    var activity: Instant? {
      guard !clock.isPoweredOff, let next = clock.nextActivity else { return nil }
      return max(clock.now, next)
    }
  }

  private unowned let leader: Clock
  private let lookahead: Interval
  private var followers: [Follower] = []
  var isHopeless: Bool { leader.nextEventDue == nil && followers.allSatisfy { $0.activity == nil } }

  init(_ leader: Clock, lookahead: Interval) {
    self.leader = leader
    self.lookahead = max(lookahead, .nanoseconds(1))
  }

  func add(_ follower: Clock, _ failed: @escaping (ThreadStartError) -> Void) {
    if followers.isEmpty { leader.gate = self }
    followers.append(Follower(clock: follower, failed: failed))
    lookRound()
  }

  func end() {
    if leader.gate === self { leader.gate = nil }
    followers = []
  }

  func bringUp(_ clock: Clock) {
    if let follower = followers.first(where: { $0.clock === clock }) { advance(follower, until: leader.now) }
    lookRound()
  }

  private func lookRound() {
    leader.openGate(to: leader.now + lookahead)
  }

  func wait(nextActivity: Instant?) -> Instant {
    let farthest = Instant(nanoseconds: .max)
    while true {
      let own = [nextActivity, leader.nextEventDue].compactMap { $0 }.min().map { max($0, leader.now) }
      let active = followers.compactMap { follower in follower.activity.map { (follower, time: $0) } }
        .sorted { $0.time < $1.time }
      // Not the very end: a level that the leader puts on a wire still has it stand.
      guard let first = active.first else { return farthest - .nanoseconds(1) }
      let horizon = own ?? farthest
      guard first.time < horizon else { return max(first.time, leader.now + lookahead) }
      let limit = active.count > 1 ? min(horizon, active[1].time) : horizon
      advance(first.0, until: limit > first.time ? limit : first.time + lookahead)
    }
  }

  private func advance(_ follower: Follower, until instant: Instant) {
    do throws(ThreadStartError) { try follower.clock.advance(until: instant) } catch {
      followers.removeAll { $0.clock === follower.clock }
      follower.failed(error)
    }
  }
}
