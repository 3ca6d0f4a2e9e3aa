/// The reason why a queue could not fulfil a request at once.
public enum QueueError: Error, Equatable {
  /// Nothing to take (`QueueEmpty`; `IndexError` of `RingbufQueue` and `ThreadSafeQueue`).
  case empty
  /// No room (`QueueFull`; `IndexError` of `ThreadSafeQueue`).
  case full
  /// There was no room, and the oldest element was dropped to make some (`IndexError` of `RingbufQueue.put_nowait`).
  case oldestDropped
  /// A blocking call on the board's own thread, where no task could ever end it.
  case wouldBlockTheBoard
}

extension QueueError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .empty: "the queue is empty"
    case .full: "the queue is full"
    case .oldestDropped: "the queue was full; its oldest element was dropped"
    case .wouldBlockTheBoard:
      "a blocking queue call in a task would hold up the whole board; use the asynchronous one"
    }
  }
}
