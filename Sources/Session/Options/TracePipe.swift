import Glibc

/// A pipe that a trace goes to. Opening one for writing waits until somebody reads it, and a run has signals blocked.
enum TracePipe {
  /// Waits until a named pipe has a reader; does nothing for anything else. SIGINT, SIGTERM and SIGHUP end the process
  /// meanwhile, as they end a run.
  /// - Returns: a descriptor that keeps the reader until the trace itself is open, or -1.
  static func awaitReader(of path: String) -> Int32 {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFIFO else { return -1 }
    var signals = sigset_t()
    sigemptyset(&signals)
    for signal in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] { sigaddset(&signals, signal) }
    while true {
      let descriptor = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC)
      if descriptor >= 0 || errno != ENXIO { return descriptor }
      var moment = timespec(tv_sec: 0, tv_nsec: 20_000_000)
      let signal = sigtimedwait(&signals, nil, &moment)
      if signal > 0 { exit(ExitStatus.signalled(signal).rawValue) }
    }
  }
}
