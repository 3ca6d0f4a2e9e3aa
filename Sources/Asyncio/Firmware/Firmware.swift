import Glibc
import Synchronization

/// The actor that all Swift firmware is isolated to. What one task sees, no interrupt handler and no other thread can
/// touch; the compiler rejects the attempt.
@globalActor
public actor Firmware {
  public static let shared = Firmware()

  public nonisolated var unownedExecutor: UnownedSerialExecutor {
    FirmwareExecutor.shared.asUnownedSerialExecutor()
  }
}

/// What the code of a running step finds about itself.
///
/// Invariant: touched only by the thread that holds `FirmwareExecutor.gate`, so one at a time.
struct FirmwareContext {
  /// The task whose step runs, and the scheduler that runs it; both are retained by their users as long.
  var body: Unmanaged<FirmwareTaskBody>?
  var scheduler: Unmanaged<Scheduler>?
  /// Where the executors put the job that they are handed.
  var job: UnownedJob?
  /// Whether the next job handed over is the first one of a task that is being created.
  var isCreating = false
  /// Whether the running task has an error to be thrown at its next await.
  var hasThrown = false
  var parkCount: UInt = 0
}

nonisolated(unsafe) var firmwareContext = FirmwareContext()

/// Runs nothing by itself: hands each job to the scheduler that it belongs to.
final class FirmwareExecutor: SerialExecutor {
  static let shared = FirmwareExecutor()

  private struct WeakBody {
    weak var body: FirmwareTaskBody?
  }

  /// Tasks by the identity of their job, so that one that comes back from another actor is known again.
  private let bodies = Mutex<[UInt: WeakBody]>([:])
  /// Strangers (Swift tasks that no `createTask` made) that came while no board ran.
  private let waitingRoom = Mutex<[UnownedJob]>([])
  /// The board that ran last takes in strangers.
  private let host = Mutex<SideDoor?>(nil)
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

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let isHere = isRunningHere
    if isHere && firmwareContext.isCreating {
      firmwareContext.isCreating = false
      firmwareContext.job = job
      return
    }
    let arrival = SideDoor.Arrival(job: job, body: bodies.withLock { $0[job.identity]?.body })
    if let body = arrival.body {
      body.sideDoor.enter(arrival, wakes: !isHere)
    } else if isHere, let scheduler = firmwareContext.scheduler {
      scheduler._withUnsafeGuaranteedRef { $0.sideDoor.enter(arrival, wakes: false) }
    } else if let host = host.withLock({ $0 }) {
      host.enter(arrival, wakes: true)
    } else {
      waitingRoom.withLock { $0.append(job) }
    }
  }

  /// From now on strangers are taken in through this door.
  func becomeHost(_ door: SideDoor) {
    host.withLock { $0 = door }
    let jobs = waitingRoom.withLock { jobs in
      defer { jobs.removeAll() }
      return jobs
    }
    for job in jobs { door.enter(SideDoor.Arrival(job: job, body: nil), wakes: false) }
  }

  /// Nobody is let in any more through this door.
  func resign(_ door: SideDoor) {
    host.withLock { if $0 === door { $0 = nil } }
  }

  func register(_ body: FirmwareTaskBody, for job: UnownedJob) {
    bodies.withLock { $0[job.identity] = WeakBody(body: body) }
  }

  /// For a task that has ended or a body that goes. Another task may have got the identity already; it keeps it.
  func unregister(_ body: FirmwareTaskBody?, _ identity: UInt) {
    bodies.withLock { if $0[identity]?.body === body { $0[identity] = nil } }
  }
}

extension UnownedJob {
  /// A Swift task's jobs are all the task itself, so this stays the same for the life of the task.
  var identity: UInt { unsafeBitCast(self, to: UInt.self) }
}

/// The place to which a task hops to suspend: its executor is handed the suspended job and keeps it for the scheduler.
@globalActor
actor Parking {
  static let shared = Parking()

  nonisolated var unownedExecutor: UnownedSerialExecutor {
    ParkingExecutor.shared.asUnownedSerialExecutor()
  }
}

final class ParkingExecutor: SerialExecutor {
  static let shared = ParkingExecutor()

  /// Only `park()` hops here, and only from a step, so the gate is held.
  func enqueue(_ job: consuming ExecutorJob) { firmwareContext.job = UnownedJob(job) }

  func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }
}

/// Suspends the running task until the scheduler resumes its job.
///
/// Not inlined, and with an effect: otherwise the optimizer could find that nothing here needs the other actor, and
/// leave out the hop.
@Parking @inline(never)
func park() async { firmwareContext.parkCount &+= 1 }
