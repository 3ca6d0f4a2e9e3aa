import Asyncio
import MicroPython

/// The runs of the event loop so far.
struct RunHistory {
  /// Counts `new_event_loop`.
  var generation = 0
  /// Counts runs.
  var count = 0
  /// The thread that the last one was begun in.
  var thread: ObjectIdentifier?
  /// Runs that are going on, inside each other.
  var depth = 0
  /// Whether the last one was ended by Ctrl-C.
  var wasInterrupted = false
}

/// `run` inside a run, runs on top of an earlier one's leftovers, tasks of a loop that is gone.
extension PitfallFinder {
  /// - Parameter isFresh: whether the caller expects to begin anew (`asyncio.run`).
  func runBegins(_ main: ScheduledTask?, isFresh: Bool) {
    defer {
      runs.depth += 1
      runs.count += 1
      runs.thread = currentThread()
    }
    if runs.depth > 0, let current = scheduler.current {
      report(TaskWords.python.nestedRun(in: "the running task '\(current.name)'"))
    } else if isFresh && runs.count > 0 && !runs.wasInterrupted {
      reportLeftovers(main)
    }
  }

  /// Whether the thread runs that the event loop runs in, if it does.
  var isOnLoopThread: Bool { runs.depth == 0 || runs.thread == currentThread() }

  func runEnded(interrupted: Bool) {
    runs.depth -= 1
    runs.wasInterrupted = interrupted
  }

  private func reportLeftovers(_ main: ScheduledTask?) {
    var names: [String] = []
    scheduler.forEachLiveTask { task in
      guard task !== main, !task.isDone, let task = task as? PythonTask, task.madeInRun <= runs.count,
        task.madeInRun > 0
      else { return }
      names.append("'\(task.name)'")
    }
    guard !names.isEmpty else { return }
    report(TaskWords.python.staleLoop(names, kind: names.count == 1 ? "task " : "tasks "))
  }

  func taskIsAwaited(_ task: PythonTask) {
    guard !task.isDone, !task.isLive, task.generation != runs.generation else { return }
    report(TaskWords.python.taskOnOtherLoop("task '\(task.name)'"))
  }
}
