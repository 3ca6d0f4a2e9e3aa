import Asyncio
import Diagnostics
import MicroPython
import Timebase

/// Finds updates that get lost across an `await`: a task writes a result of an older value, although another
/// task has written in between.
///
/// A step of a task runs between two awaits, and nothing else runs meanwhile. So a task that reads a value
/// and writes it back in one step is safe. One that reads it in one step and writes it in a later one,
/// without another look at it there, overwrites what others have written since. Values that a task has
/// written itself count as known to it.
final class LostUpdateFinder {
  /// An access of one task.
  private struct Access {
    /// The step, its task, and the task's name then.
    var step: Int
    var task: Int
    var taskName: String
    var site: CallSite
  }

  private struct History {
    /// The last write of any task.
    var write: Access?
    /// Of each task the last read since its own last write.
    var reads: [Int: Access] = [:]
  }

  private unowned let finder: PitfallFinder
  private var observations: [Observation] = []
  private var histories: [SharedAccess.Target: History] = [:]

  init(_ finder: PitfallFinder) {
    self.finder = finder
    observations = [
      finder.vm.sharedAccesses.add { [unowned self] in observe($0) },
      finder.vm.heap.collections.add { [unowned self] in forgetDead($0) },
    ]
  }

  private func observe(_ access: SharedAccess) {
    guard let task = finder.scheduler.current as? PythonTask, !finder.board.interrupts.isHandling else {
      return
    }
    let identity = task.serial
    let now = Access(
      step: finder.scheduler.switchCount, task: identity, taskName: task.name, site: access.site)
    guard access.isWrite else {
      histories[access.target, default: History()].reads[identity] = now
      return
    }
    guard var history = histories[access.target] else {
      histories[access.target] = History(write: now)
      return
    }
    if access.isUpdate, let read = history.reads[identity], let other = history.write, read.step < now.step,
      other.task != identity, other.step > read.step
    {
      report(access, read: read, other: other, task: task.name)
    }
    history.reads[identity] = nil
    history.write = now
    histories[access.target] = history
  }

  private func report(_ access: SharedAccess, read: Access, other: Access, task: String) {
    func text(_ site: CallSite) -> String { site.place.map { "\($0.file):\($0.line)" } ?? "somewhere" }
    let name = access.site.accessedName
    finder.report(
      .lostUpdate, at: access.site, task: task,
      "the task writes \(name) from what it read at \(text(read.site)), but task '\(other.taskName)' wrote it "
        + "at \(text(other.site)) in between: that update is lost",
      advice: "read it again after the await, or hold an asyncio.Lock from the read to the write")
  }

  /// Addresses are used again, and code goes too.
  private func forgetDead(_ isAlive: (Value) -> Bool) {
    func isKept(_ access: Access) -> Bool { access.site.codeValue.map(isAlive) ?? true }
    var liveTasks: Set<Int> = []
    finder.scheduler.forEachLiveTask { if let task = $0 as? PythonTask { liveTasks.insert(task.serial) } }
    for (target, history) in histories {
      guard isAlive(target.owner) else {
        histories[target] = nil
        continue
      }
      var kept = history
      kept.write = history.write.flatMap { isKept($0) ? $0 : nil }
      kept.reads = history.reads.filter { liveTasks.contains($0.key) && isKept($0.value) }
      histories[target] = kept
    }
  }
}
