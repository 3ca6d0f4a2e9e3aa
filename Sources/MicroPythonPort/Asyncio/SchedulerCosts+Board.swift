import Asyncio
import Machine
import Timebase

extension SchedulerCosts {
  /// What the scheduler takes on the described board; what its file does not say takes nothing.
  public init(_ board: BoardDescription) {
    func cost(_ name: String) -> Interval { .nanoseconds(board.costs[name] ?? 0) }
    self.init(
      taskSwitch: cost("task-switch"), perDoublingOfQueue: cost("task-switch-per-doubling"),
      streamPoll: cost("stream-poll"))
  }
}
