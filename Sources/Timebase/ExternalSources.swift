/// The ways by which what lies outside of a board's loop reaches it. Belongs to the clock, and to its thread.
public final class ExternalSources {
  private struct Member {
    // A link leaves before it goes, at the latest in its `deinit`, where only its identity can be asked for.
    unowned let link: any ExternalSource
    let identity: ObjectIdentifier
  }

  private var members: [Member] = []

  /// Does nothing for a link that has joined already.
  public func join(_ link: any ExternalSource) {
    let identity = ObjectIdentifier(link)
    if members.contains(where: { $0.identity == identity }) { return }
    members.append(Member(link: link, identity: identity))
  }

  /// Does nothing for a link that has not joined.
  public func leave(_ link: any ExternalSource) {
    let identity = ObjectIdentifier(link)
    members.removeAll { $0.identity == identity }
  }

  var mayStimulate: Bool { members.contains { $0.link.mayStimulate } }

  var mayAnswer: Bool { members.contains { $0.link.mayAnswer } }

  /// Whether something could still happen that no event of the board's brings.
  var canStillAct: Bool {
    members.contains { $0.link.mayStimulate || $0.link.hasListener || $0.link.sharesProcessor }
  }

  func takeArrivals() {
    for member in members { member.link.takeArrivals() }
  }

  func idle(until: Instant?) -> IdleOutcome? {
    for member in members {
      if let outcome = member.link.idle(until: until) { return outcome }
    }
    return nil
  }
}

/// A source outside of a board's loop that reaches the board: real lines, sockets, a terminal, other threads
/// of the host or of the firmware. Joins `clock.externalSources`; the defaults stand for a source without
/// that ability.
public protocol ExternalSource: AnyObject {
  /// Takes in the arrivals that other threads have for the board. Called at the end of each slice and
  /// whenever a wait ends.
  func takeArrivals()

  /// Whether a source can still stimulate the board: a terminal, another thread. Then `idle(until: nil)`
  /// without events waits for `wake()` instead of giving up.
  var mayStimulate: Bool { get }

  /// Whether a stimulus from outside could still reach the firmware: a wait for a button is legitimate, even
  /// when nobody presses it before the power goes.
  var hasListener: Bool { get }

  /// Virtual mode: asked before time jumps. While it is true, waits take as long on the host as on the board,
  /// because somebody who lives in the host's time (the other end of a socket) may answer meanwhile.
  var mayAnswer: Bool { get }

  /// Whether another user runs on the board's processor too, and has to be asked by `idle`.
  var sharesProcessor: Bool { get }

  /// Called first whenever nothing can run. Another user of the processor may run instead (`.woken`: look
  /// again); otherwise the result is the outcome of the wait that all users share. `nil`: nobody shares the
  /// processor.
  func idle(until: Instant?) -> IdleOutcome?
}

extension ExternalSource {
  public func takeArrivals() {}
  public var mayStimulate: Bool { false }
  public var hasListener: Bool { false }
  public var mayAnswer: Bool { false }
  public var sharesProcessor: Bool { false }
  public func idle(until: Instant?) -> IdleOutcome? { nil }
}
