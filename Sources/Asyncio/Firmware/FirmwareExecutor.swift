import Glibc
import Synchronization

/// Runs nothing by itself: hands each job to the scheduler that it belongs to.
final class FirmwareExecutor: SerialExecutor {
  static let shared = FirmwareExecutor()

  private struct WeakBody {
    weak var body: FirmwareTaskBody?
  }

  /// Tasks by the identity of their job, so that one that comes back from another actor is known again. A task is taken
  /// out before it ends: afterwards its identity may be another task's.
  private let bodies = Mutex<[UInt: WeakBody]>([:])
  /// Strangers (Swift tasks that neither `createTask` nor a task of a board made) that came while no board ran.
  private let waitingRoom = Mutex<[SideDoor.Arrival]>([])
  /// The boards that run. Of those that expect others, or else of all, the one that began last takes in strangers.
  private let hosts = Mutex<[SideDoor]>([])
  /// The thread that holds `gate`, 0 if none does.
  private let owner = Atomic<UInt>(0)
  /// Held while a step runs: boards on several threads take turns, since `@Firmware` is one actor.
  private nonisolated(unsafe) let gate: UnsafeMutablePointer<pthread_mutex_t>

  private init() {
    gate = .allocate(capacity: 1)
    pthread_mutex_init(gate, nil)
  }

  func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }

  /// Whether this thread is inside a step.
  var isRunningHere: Bool { owner.load(ordering: .relaxed) == UInt(pthread_self()) }

  @inline(__always) func withGate<Result>(_ body: () -> Result) -> Result {
    pthread_mutex_lock(gate)
    owner.store(UInt(pthread_self()), ordering: .relaxed)
    defer {
      owner.store(0, ordering: .relaxed)
      pthread_mutex_unlock(gate)
    }
    return body()
  }

  /// Calls `body` if the caller is in a step of that board, and so isolated to `Firmware` although the compiler does not
  /// know.
  func ifInStep(of board: SideDoor, _ body: @Firmware () -> Void) {
    guard isRunningHere, let scheduler = firmwareContext.scheduler,
      scheduler._withUnsafeGuaranteedRef({ $0.sideDoor === board })
    else { return }
    // Isolation is no part of a function's representation. `MainActor.assumeIsolated` does the same.
    withoutActuallyEscaping(body) { unsafeBitCast($0, to: (() -> Void).self)() }
  }

  func enqueue(_ job: consuming ExecutorJob) { place(UnownedJob(job), from: nil) }

  /// Finds the board that a job belongs to.
  /// - Parameter door: the door of the board that the job's task belongs to by birth; nil if it is not known.
  func place(_ job: UnownedJob, from door: SideDoor?) {
    let isHere = isRunningHere
    if isHere && (firmwareContext.isCreating || firmwareContext.ending == job.identity) {
      firmwareContext.isCreating = false
      firmwareContext.ending = nil
      firmwareContext.job = job
      return
    }
    let arrival = SideDoor.Arrival(
      job: job, body: bodies.withLock { $0[job.identity]?.body }, isNative: door != nil)
    let here = isHere ? firmwareContext.scheduler?._withUnsafeGuaranteedRef { $0.sideDoor } : nil
    // The board of this thread is awake; any other one, which another thread runs, may sleep.
    if let target = arrival.body?.sideDoor ?? door ?? here {
      target.enter(arrival, wakes: target !== here)
    } else {
      admit(arrival)
    }
  }

  /// From now on strangers are taken in through this door.
  func becomeHost(_ door: SideDoor) {
    hosts.withLock { $0.append(door) }
    let strangers = waitingRoom.withLock { strangers in
      defer { strangers.removeAll() }
      return strangers
    }
    for stranger in strangers { admit(stranger) }
  }

  /// The run of this door's board is over. Strangers that it has not let in yet go to another board.
  func resign(_ door: SideDoor) {
    hosts.withLock { hosts in
      if let index = hosts.lastIndex(where: { $0 === door }) { hosts.remove(at: index) }
    }
    for stranger in door.takeStrangers() { admit(stranger) }
  }

  /// Has a stranger go on with whatever board there is or will be.
  func admit(_ stranger: SideDoor.Arrival) {
    // Under the lock, so that the host cannot resign before it has the job.
    let isAdmitted = hosts.withLock { hosts in
      let open = hosts.last { $0.expectsOthers.load(ordering: .relaxed) }
      guard let host = open ?? hosts.last else { return false }
      host.enter(stranger, wakes: true)
      return true
    }
    if !isAdmitted { waitingRoom.withLock { $0.append(stranger) } }
  }

  func register(_ body: FirmwareTaskBody, for identity: UInt) {
    bodies.withLock { $0[identity] = WeakBody(body: body) }
  }

  /// For a task that is about to end (`body`) or a body that goes (nil). In the latter case another task may have got the
  /// identity already; it keeps it.
  func unregister(_ body: FirmwareTaskBody?, _ identity: UInt) {
    bodies.withLock { if $0[identity]?.body === body { $0[identity] = nil } }
  }
}

extension UnownedJob {
  /// A Swift task's jobs are all the task itself, so this stays the same for the life of the task.
  var identity: UInt { unsafeBitCast(self, to: UInt.self) }
}
