import Timebase

/// Processor time that the scheduler itself takes on the board.
///
/// Read from the board's cost table. MicroPython keeps its tasks in a pairing heap, hence a part that grows with the
/// logarithm of the number of queued tasks.
public struct SchedulerCosts: Sendable, Equatable {
  /// Taking a task from the queue and putting it back.
  public var taskSwitch: Interval
  /// Added for each doubling of the number of queued tasks.
  public var perDoublingOfQueue: Interval
  /// Asking one stream whether it is ready.
  public var streamPoll: Interval

  public init(taskSwitch: Interval, perDoublingOfQueue: Interval = .zero, streamPoll: Interval = .zero) {
    self.taskSwitch = taskSwitch
    self.perDoublingOfQueue = perDoublingOfQueue
    self.streamPoll = streamPoll
  }

  /// A Pyboard V1.1 at 168 MHz, where `roundrobin.py` (3 tasks) needs 179 µs a switch and `rate.py` (100 tasks)
  /// 195 µs; the firmware's own bytecodes are charged beside this.
  public static let pyboard = SchedulerCosts(
    taskSwitch: .microseconds(166), perDoublingOfQueue: .nanoseconds(3700), streamPoll: .microseconds(10))
}
