/// A way by which what lies outside of a board's loop reaches it: real lines, sockets, a terminal, other threads of the host or
/// of the firmware. Joins `Clock.outside`; what it does not say, it has nothing to do with.
public protocol OutsideLink: AnyObject {
  /// Takes in what other threads have for the board. Called at the end of each slice and whenever a wait ends.
  func admitArrivals()

  /// Whether somebody can still stimulate the board: a terminal, another thread. Then `idle(until: nil)` without events waits
  /// for `wake()` instead of giving up.
  var mayStimulate: Bool { get }

  /// Whether anything that somebody outside might do would still reach the firmware: somebody who waits for a button
  /// waits for good reason, even when nobody presses it before the power goes.
  var isHeeded: Bool { get }

  /// Virtual mode: asked before time jumps. While it says true, waits take as long on the host as on the board, because
  /// somebody who lives in the host's time (the other end of a socket) may answer meanwhile.
  var mayAnswer: Bool { get }

  /// Whether somebody else runs on the board's processor too, and has to be asked by `idle`.
  var sharesProcessor: Bool { get }

  /// Asked first whenever nothing can run: whoever shares the processor may run instead (`.woken`: look again), or
  /// say how the wait that all have made in common came out. `nil` means that nobody does.
  func idle(until: Instant?) -> IdleOutcome?
}

extension OutsideLink {
  public func admitArrivals() {}
  public var mayStimulate: Bool { false }
  public var isHeeded: Bool { false }
  public var mayAnswer: Bool { false }
  public var sharesProcessor: Bool { false }
  public func idle(until: Instant?) -> IdleOutcome? { nil }
}
