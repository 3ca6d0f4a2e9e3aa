import Glibc
import Synchronization
import Timebase

/// Lets the process tidy up when it crashes: output that was gathered is written and the terminal restored.
///
/// The handler of a fatal signal may call next to nothing, so it only wakes a thread that waits for this, gives it a
/// moment, and lets the signal take its course.
enum CrashWatch {
  /// Stored with release before the handlers are installed, loaded with acquire in a handler: on any thread that the signal comes
  /// to, it finds both pipes. The first look is relaxed: `arm` is called on one thread.
  private static let alarm = Atomic<Int32>(-1)
  private static let answer = Atomic<Int32>(-1)
  private static let fatalSignals = [SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV]

  /// Arms the handlers; only the first call of a process does.
  /// - Parameter tidyUp: called on a thread of its own, at most once.
  /// - Throws: `ThreadStartError`.
  static func arm(tidyUp: @escaping @Sendable () -> Void) throws(ThreadStartError) {
    guard alarm.load(ordering: .relaxed) < 0 else { return }
    var alarmEnds: [Int32] = [-1, -1]
    var answerEnds: [Int32] = [-1, -1]
    guard pipe(&alarmEnds) == 0, pipe(&answerEnds) == 0 else { return }
    alarm.store(alarmEnds[1], ordering: .releasing)
    answer.store(answerEnds[0], ordering: .releasing)
    let (alarmed, done) = (alarmEnds[0], answerEnds[1])
    try startHostThread(name: "crash") {
      var byte: UInt8 = 0
      guard read(alarmed, &byte, 1) == 1 else { return }
      tidyUp()
      _ = write(done, &byte, 1)
    }
    for fatal in fatalSignals {
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { fatal in CrashWatch.ring(fatal) }
      sigaction(fatal, &action, nil)
    }
  }

  /// Runs in the signal handler: only calls that POSIX allows there. Returning repeats what failed, now without handler.
  private static func ring(_ fatal: Int32) {
    signal(fatal, SIG_DFL)
    var byte: UInt8 = 1
    _ = write(alarm.load(ordering: .acquiring), &byte, 1)
    var reply = pollfd(fd: answer.load(ordering: .acquiring), events: Int16(POLLIN), revents: 0)
    _ = poll(&reply, 1, 500)
    raise(fatal)
  }
}
