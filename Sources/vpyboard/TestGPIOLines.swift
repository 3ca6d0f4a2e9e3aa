import Bench
import Diagnostics
import LinuxGPIO
import Machine
import Session
import Synchronization

/// GPIO lines of this machine, for tests that run on them.
final class TestGPIOLines: TestLines {
  private let chip: String?
  private let used = Mutex<(@Sendable () -> Void)?>(nil)

  /// - Parameter chip: its label, name or device file; nil for what the board file says.
  init(chip: String?) { self.chip = chip }

  func join(_ board: Board) throws -> JoinedLines {
    let backend: GPIOBackend
    do throws(GPIOError) {
      backend = try GPIOBackend(
        board: board.description, chip: chip, diagnostics: board.diagnostics,
        chipGone: { writeToStandardError("vpyboard: \($0.description)") })
    } catch { throw UsageError(option: "--backend gpiod", error.description) }
    board.use(backend)
    let release = backend.release
    used.withLock { $0 = release }
    return JoinedLines(owner: backend, release: release)
  }

  /// Gives back what a test has that nobody waits for any more.
  func release() { used.withLock { $0 }?() }
}
