import Asyncio
import Machine
import Timebase

extension SchedulerCosts {
  /// Creates the scheduler's costs on the described board; costs that its file does not give are zero.
  public init(_ board: BoardDescription) {
    func cost(_ name: String) -> Interval { .nanoseconds(board.costs[name] ?? 0) }
    self.init(
      taskSwitch: cost("task-switch"), perDoublingOfQueue: cost("task-switch-per-doubling"),
      streamPoll: cost("stream-poll"))
  }
}
