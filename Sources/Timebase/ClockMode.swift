/// How board time follows the host's time.
public enum ClockMode: Sendable, Equatable {
  /// As fast as it can: when nothing can run, time jumps to the next event.
  case virtual
  /// As virtual, but held back to `factor` times wall time: 1 for a person watching, 0.1 for slow motion.
  /// Factors outside 0.000001 ... 1000000 are taken as the nearer end.
  case paced(factor: Double)
  /// Wall time itself, for driving real lines.
  case host
}

/// Why a clock stopped idling.
public enum IdleOutcome: Sendable, Equatable {
  /// The instant that was asked for has come.
  case reached
  /// At least one event ran; it may have changed what can run.
  case eventRan
  /// Another thread called `wake()`.
  case woken
  /// No event, no instant asked for, nobody outside who could stimulate the board: it would wait for ever.
  case nothingToWaitFor
  /// Board time has come to `powerOff`.
  case poweredOff
}
