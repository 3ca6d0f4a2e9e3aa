/// The purpose of a wait list, as far as findings name it.
@usableFromInline
enum WaitKind: UInt8, CustomStringConvertible {
  case anything, event, lock, element, room, barrier, threadSafeEvent

  @usableFromInline var description: String {
    switch self {
    case .anything: "an event, a lock or the like"
    case .event: "an Event"
    case .lock: "a Lock"
    case .element: "an element of a queue"
    case .room: "room in a queue"
    case .barrier: "the others at a Barrier"
    case .threadSafeEvent: "a ThreadSafeEvent or a Message"
    }
  }
}
