import Synchronization
import Timebase

/// Messages to the firmware from handlers that run beside it: actions for the board, and how they went.
final class InterruptMessages: Sendable {
  enum Message: Sendable {
    case action(@Sendable (Board) -> Void)
    case began(ConcurrentHandler, at: Instant)
    case ended(ConcurrentHandler, at: Instant, failure: (any Error)?)
    /// An edge came while one was latched.
    case missed(ConcurrentHandler, at: Instant)
    /// A real line had an edge, which is the firmware thread's to handle.
    case edge(HostEdgeInput, Level, at: Instant, taken: @Sendable () -> Void)
    /// A real line had an edge, which is handled already.
    case seen(HostEdgeInput, Level, at: Instant)
    /// Edges of a real line that the kernel had no room for.
    case lost(HostEdgeInput, atLeast: Int, isExact: Bool)

    /// Whether the firmware is woken for it. The others are for the trace alone.
    fileprivate var isUrgent: Bool {
      switch self {
      case .began, .ended(_, at: _, failure: nil): false
      case .action, .ended, .missed, .edge, .seen, .lost: true
      }
    }
  }

  /// The number of messages that are not urgent at which the firmware is woken: handlers may run for hours
  /// while it sleeps.
  private static let fullQueue = 256

  /// Stored with release behind the message, exchanged with acquire before the messages are taken: a message
  /// that came between the two is taken with the others, and its store makes the next look an empty one. The
  /// look before is relaxed, as it costs at each slice: a thread that has to look at once is woken.
  private let isFilled = Atomic(false)
  private let messages = Mutex<[Message]>([])
  private let wakeSignal: WakeSignal

  init(wakeSignal: WakeSignal) { self.wakeSignal = wakeSignal }

  /// Wakes the firmware, unless it is only for the trace: that waits until the firmware looks.
  func put(_ message: Message) {
    let count = messages.withLock { messages in
      messages.append(message)
      return messages.count
    }
    isFilled.store(true, ordering: .releasing)
    if message.isUrgent || count % Self.fullQueue == 0 { wakeSignal.wake() }
  }

  /// Whether there is anything to take; costs one atomic load.
  @inline(__always) var hasMessages: Bool { isFilled.load(ordering: .relaxed) }

  func takeAll() -> [Message] {
    guard hasMessages, isFilled.exchange(false, ordering: .acquiring) else { return [] }
    return messages.withLock { messages in
      defer { messages = [] }
      return messages
    }
  }
}
