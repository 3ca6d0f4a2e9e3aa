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
    /// A real line had an edge, which is the firmware thread's to handle.
    case edge(EdgeEntrance, Level, at: Instant, taken: @Sendable () -> Void)
    /// A real line had an edge, which is handled already.
    case seen(EdgeEntrance, Level, at: Instant)
    /// Edges of a real line that the kernel had no room for.
    case lost(EdgeEntrance, atLeast: Int, isExact: Bool)

    /// Whether the firmware is woken for it. The others are for the trace alone.
    fileprivate var isUrgent: Bool {
      switch self {
      case .began, .ended(_, at: _, failure: nil): false
      case .action, .ended, .missed, .edge, .seen, .lost: true
      }
    }
  }

  /// So many letters that are not urgent make an urgent one: handlers may run for hours while the firmware sleeps.
  private static let fullBox = 256

  private let isFilled = Atomic(false)
  private let letters = Mutex<[Letter]>([])
  private let wakeSignal: WakeSignal

  init(wakeSignal: WakeSignal) { self.wakeSignal = wakeSignal }

  /// Wakes the firmware, unless it is only for the trace: that waits until the firmware looks.
  func put(_ letter: Letter) {
    let count = letters.withLock { letters in
      letters.append(letter)
      return letters.count
    }
    isFilled.store(true, ordering: .releasing)
    if letter.isUrgent || count % Self.fullBox == 0 { wakeSignal.wake() }
  }

  /// Whether there is anything to take; costs one atomic load.
  @inline(__always) var hasLetters: Bool { isFilled.load(ordering: .relaxed) }

  func takeAll() -> [Letter] {
    guard hasLetters, isFilled.exchange(false, ordering: .acquiring) else { return [] }
    return letters.withLock { letters in
      defer { letters = [] }
      return letters
    }
  }
}
