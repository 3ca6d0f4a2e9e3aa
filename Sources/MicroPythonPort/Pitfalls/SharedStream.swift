import Asyncio
import MicroPython

/// Two tasks that drain one stream, each in its turn: their output mixes.
extension PitfallFinder {
  /// The running task is about to wait until it can write.
  func streamIsDrained(_ stream: Value) {
    guard let current = scheduler.current as? PythonTask else { return }
    defer { writers[stream] = current }
    guard let other = writers[stream], other !== current, !other.isDone, other.isInsideDrain else { return }
    scheduler.reportSharedWriter(drainedBy: other)
  }
}
