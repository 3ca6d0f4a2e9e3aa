import Glibc
import Timebase

/// Receives POSIX signals on a thread of their own, where everything may be called.
public enum SignalWatch {
  /// Signals that ask for something.
  private static let requests = [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT]

  /// Keeps the signals from the calling thread and from every thread that it starts later.
  public static func blockSignals() {
    var blocked = watched()
    // Without these two, reading a key or restoring the terminal in the background would stop the process.
    sigaddset(&blocked, SIGTTIN)
    sigaddset(&blocked, SIGTTOU)
    pthread_sigmask(SIG_BLOCK, &blocked, nil)
    // A reader of our output that goes away is an error of write, not a reason to die with the terminal changed.
    signal(SIGPIPE, SIG_IGN)
  }

  /// - Parameter handler: called on the watching thread, one signal at a time.
  /// - Throws: `ThreadStartError`.
  public static func start(handler: @escaping @Sendable (_ signal: Int32) -> Void) throws(ThreadStartError) {
    try startHostThread(name: "signals") {
      var set = watched()
      while true {
        var received: Int32 = 0
        if sigwait(&set, &received) == 0 { handler(received) }
      }
    }
  }

  /// Stops the process as Ctrl-Z does, until somebody continues it; for the watching thread. Without a shell that could
  /// continue it (an orphaned process group) the kernel does not stop it.
  public static func stop() {
    var set = sigset_t()
    sigemptyset(&set)
    sigaddset(&set, SIGTSTP)
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
    raise(SIGTSTP)
    pthread_sigmask(SIG_BLOCK, &set, nil)
  }

  /// Signals that `nohup` and shells that start background jobs have set to be ignored stay ignored.
  private static func watched() -> sigset_t {
    var set = sigset_t()
    sigemptyset(&set)
    for signal in requests where !isIgnored(signal) { sigaddset(&set, signal) }
    return set
  }

  private static func isIgnored(_ signal: Int32) -> Bool {
    var action = sigaction()
    guard sigaction(signal, nil, &action) == 0 else { return false }
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
  }
}
