/// Cancellation, thrown once into a task at the await where it stands.
public struct CancelledError: Error, Equatable {
  /// Set when it is how `waitFor` learns that the other task has ended.
  let endedWait: EndedWait?

  public init() { endedWait = nil }

  init(endedWait: EndedWait) { self.endedWait = endedWait }

  public static func == (left: CancelledError, right: CancelledError) -> Bool { true }
}

extension CancelledError: CustomStringConvertible {
  public var description: String { "CancelledError" }
}

/// How the task that `waitFor` waits for has ended. Sendable because only one board's tasks ever see it.
final class EndedWait: @unchecked Sendable {
  let outcome: Result<Any, any Error>

  init(outcome: Result<Any, any Error>) { self.outcome = outcome }
}

/// Thrown by `waitFor` and `waitForMs` when the time is over.
public struct TimeoutError: Error, Equatable { public init() {} }

/// Misuse of the scheduler. The texts are MicroPython's, where it has one; there they are `RuntimeError`s.
public enum SchedulerError: Error, Equatable {
  /// A task cannot cancel itself.
  case cannotCancelSelf
  /// The task is being gathered, so nobody can await it as well.
  case cannotWait
  /// The task is being awaited or gathered already.
  case cannotGather
  /// A task ended that a call of `gather` had begun to wait for when it failed. In Python only.
  case brokenGather
  case lockNotAcquired
  /// The task belongs to another board, whose tasks run beside this one's.
  case taskOfAnotherLoop
  /// Asked for the current task outside of any.
  case noRunningTask
  /// Another task waits for the same direction of this stream (an `AssertionError` on the board).
  case streamBusy
  /// `run` was called by a task of a run that is going on.
  case alreadyRunning
  /// Tasks wait, and nothing is left that could wake them.
  case stalled
  /// Board time came to `Clock.powerOff`.
  case poweredOff
  /// The loop was stopped or ran out of tasks before the main task ended.
  case mainTaskUnfinished
  /// The run of the board that a host thread waits for is over.
  case runEnded
  /// A task called something that blocks until another task has done something.
  case wouldBlockTheBoard
}

extension SchedulerError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .cannotCancelSelf: "can't cancel self"
    case .cannotWait: "can't wait"
    case .cannotGather: "can't gather"
    case .brokenGather: "local variable referenced before assignment"
    case .lockNotAcquired: "Lock not acquired"
    case .taskOfAnotherLoop: "the task runs on another board's loop; use an EventLoopHandle of that"
    case .noRunningTask: "no running event loop"
    case .streamBusy: "another task waits for this stream already; give the stream one reader and one writer"
    case .alreadyRunning: "run() was called inside a running task; await the function instead"
    case .stalled: "every task waits and nothing is left that could wake one"
    case .poweredOff: "the board was powered off"
    case .runEnded: "the board's run is over, and the function did not end in it"
    case .wouldBlockTheBoard: "this call would hold up the whole board; use the asynchronous one"
    case .mainTaskUnfinished: "the event loop ended before the main task did"
    }
  }
}
