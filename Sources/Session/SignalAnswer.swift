import Glibc
import Timebase

/// Answers POSIX signals during a run, on the thread that watches them.
struct SignalAnswer: Sendable {
  private let console: Console
  private let terminal: TerminalMode
  private let requests: RunRequests
  private let releaseLines: (@Sendable () -> Void)?

  /// - Parameter releaseLines: gives real lines back; nil when there are none.
  init(
    _ console: Console, _ terminal: TerminalMode, _ requests: RunRequests,
    releaseLines: (@Sendable () -> Void)?
  ) {
    self.console = console
    self.terminal = terminal
    self.requests = requests
    self.releaseLines = releaseLines
  }

  /// Leaves nothing behind of a process that ends now.
  func tidyUp() {
    releaseLines?()
    console.closeIfPossible()
    terminal.restore()
  }

  func handle(_ signal: Int32) {
    switch signal {
    case SIGTSTP:
      console.hideStatus()
      terminal.leaveToOthers()
      SignalWatch.stop()
      return terminal.takeBack()
    case SIGCONT:
      // Stopped by SIGSTOP, or brought back to the foreground only now.
      return terminal.takeBack()
    default: break
    }
    if signal == SIGINT && !requests.interrupt() { return }
    let status = ExitStatus.signalled(signal)
    guard requests.end(status) else { endNow(status) }
    // Firmware that never comes to the clock again must not hold the process.
    do throws(ThreadStartError) {
      try startHostThread(name: "last second") {
        sleep(1)
        endNow(status)
      }
    } catch { endNow(status) }
  }

  private func endNow(_ status: ExitStatus) -> Never {
    tidyUp()
    _exit(status.rawValue)
  }
}
