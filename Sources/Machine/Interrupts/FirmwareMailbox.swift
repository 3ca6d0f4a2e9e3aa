import Synchronization
import Timebase

/// What handlers that run beside the firmware have to tell it: actions for the board, and how they went.
final class FirmwareMailbox: Sendable {
  enum Letter: Sendable {
    case action(@Sendable (Board) -> Void)
    case began(ParallelLine, at: Instant)
    case ended(ParallelLine, at: Instant, failure: (any Error)?)
    /// An edge came while one was latched.
    case missed(ParallelLine, at: Instant)
  }

  private let letters = Mutex<[Letter]>([])
  private let wakeSignal: WakeSignal

  init(wakeSignal: WakeSignal) { self.wakeSignal = wakeSignal }

  /// Wakes the firmware for an action; what is only for the trace waits until it looks.
  func put(_ letter: Letter) {
    letters.withLock { $0.append(letter) }
    if case .action = letter { wakeSignal.wake() }
  }

  func takeAll() -> [Letter] {
    letters.withLock { letters in
      defer { letters = [] }
      return letters
    }
  }
}
