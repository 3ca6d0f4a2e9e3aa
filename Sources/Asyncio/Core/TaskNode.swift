/// A task's place in the queues. Raw memory, so that a switch neither counts references nor checks exclusivity.
///
/// Invariants: a node is allocated and freed by its `ScheduledTask` (`owner`). While it is linked anywhere (run queue,
/// wait list, stream waits) it is also in the scheduler's list of live tasks, which keeps the owner retained; so no
/// queue ever holds a freed node.
struct TaskNode {
  /// The task's place.
  enum Place: UInt8 {
    /// Running, finished, or away on another actor.
    case nowhere
    /// In the run queue's ring: due.
    case ready
    /// In the run queue's heap: due in the future, or out of order.
    case timed
    /// In a wait list: an event's, a lock's, another task's.
    case waiting
    /// Waits for a stream.
    case stream
    /// Waits to be made ready by name (gathering), or for something that is gone.
    case parked
  }

  let owner: Unmanaged<ScheduledTask>
  /// The scheduler in whose queues it may be linked; nil unless live. A scheduler that goes forgets its live
  /// tasks first.
  var scheduler: Unmanaged<Scheduler>?
  var place = Place.nowhere
  var state = ScheduledTask.State.running
  /// Whether the owner has an error to be thrown at the next resumption: `pending`, or a cancellation that carries
  /// nothing, which takes no object.
  var hasPendingError = false
  /// A cancellation was thrown into it, and it has not ended since.
  var wasCancelled = false
  /// `Gathering.abandon` has left it behind.
  var hasBrokenGather = false
  /// The loop that can run its steps without `ScheduledTask.resume`.
  var stepLoop = StepLoop.none
  /// `ScheduledTask.resumeToken`.
  var resumeToken: UInt64 = 0
  /// Position in the run queue's heap while `place` is `timed`.
  var heapPosition = 0
  /// When it is due, in whole milliseconds of board time; kept after the task was taken from the queue.
  var due: Int64 = 0
  /// The task that this one awaits: a cancellation is passed on to it.
  var awaited: NodePointer?
  /// The wait list it is in while `place` is `waiting`, and its neighbours there.
  var waitList: UnsafeMutablePointer<WaitList>?
  var nextWaiting: NodePointer?
  var previousWaiting: NodePointer?
  /// Tasks that await this one.
  var waiters = WaitList()
  /// The gathering that observes this task while `state` is `observed`. Not retained: a gathering that goes
  /// takes itself out.
  var gathering: Unmanaged<Gathering>?
  var nextLive: NodePointer?
  var previousLive: NodePointer?

  /// In the scheduler's list of live tasks.
  @inline(__always) var isLive: Bool { scheduler != nil }
  /// Whether a task whose step is under way is undisturbed: nobody has made it ready, or meant it to end.
  @inline(__always) var isUndisturbed: Bool { place == .nowhere && !hasPendingError && !wasCancelled }
  @inline(__always) var isDone: Bool { state == .doneUnawaited || state == .done }
}

/// A loop in which the body of a task runs its step and, when that has suspended, other bodies of its kind theirs.
enum StepLoop: UInt8 {
  /// Only `resume` can run a step; of a task that has ended, none.
  case none
  /// The loop of Swift tasks: the owner is a `FirmwareTaskBody`.
  case firmware
  /// The loop of a language port, which finds its data in `resumeToken`.
  case port
}

typealias NodePointer = UnsafeMutablePointer<TaskNode>

/// Tasks that wait for one thing, first come first served: a doubly linked list through the nodes.
struct WaitList {
  var first: NodePointer?
  var last: NodePointer?
  var kind = WaitKind.anything
  /// The task that has the lock which this list is for; retained by the queue.
  var holder: Unmanaged<ScheduledTask>?
}

extension UnsafeMutablePointer where Pointee == WaitList {
  /// `node` must not be in any queue.
  func append(_ node: NodePointer) {
    node.pointee.place = .waiting
    node.pointee.waitList = self
    node.pointee.previousWaiting = pointee.last
    node.pointee.nextWaiting = nil
    if let last = pointee.last { last.pointee.nextWaiting = node } else { pointee.first = node }
    pointee.last = node
  }

  /// `node` must be in this list.
  func remove(_ node: NodePointer) {
    let next = node.pointee.nextWaiting
    let previous = node.pointee.previousWaiting
    if let previous { previous.pointee.nextWaiting = next } else { pointee.first = next }
    if let next { next.pointee.previousWaiting = previous } else { pointee.last = previous }
    node.pointee.place = .nowhere
    node.pointee.waitList = nil
    node.pointee.nextWaiting = nil
    node.pointee.previousWaiting = nil
  }

  func removeFirst() -> NodePointer? {
    guard let first = pointee.first else { return nil }
    remove(first)
    return first
  }

  /// Leaves the waiting tasks behind for good; for a list that is about to go. A cancellation still reaches them.
  func abandonAll() {
    while let node = removeFirst() {
      node.pointee.awaited = nil
      node.pointee.place = .parked
    }
  }
}

extension UnsafeMutablePointer where Pointee == TaskNode {
  /// The list of those that await this task; it stays where the node is.
  @inline(__always) var waiters: UnsafeMutablePointer<WaitList> {
    // A stored property has an address.
    pointer(to: \.waiters).unsafelyUnwrapped
  }

  /// Puts a node that was just taken from a wait list into its scheduler's run queue. Linked nodes are live, so the
  /// scheduler exists.
  func makeReady() {
    pointee.scheduler?._withUnsafeGuaranteedRef { $0.push(self) }
  }
}
