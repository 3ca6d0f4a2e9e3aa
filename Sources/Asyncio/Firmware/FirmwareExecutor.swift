import Diagnostics
import Glibc
import Synchronization
import Timebase

/// The actor that all Swift firmware is isolated to. State that one task sees is out of reach for interrupt
/// handlers and other threads; the compiler rejects the attempt.
@globalActor
public actor Firmware {
  public static let shared = Firmware()

  public nonisolated var unownedExecutor: UnownedSerialExecutor {
    executor.asUnownedSerialExecutor()
  }

  /// Not looked up in a global variable at each hop.
  private nonisolated let executor = FirmwareExecutor.shared
}

/// State of the running step, for the code that it runs.
///
/// Invariant: touched only by the thread that holds `FirmwareExecutor.gate`, so one at a time.
@usableFromInline
struct FirmwareContext {
  /// The task whose step runs, and the scheduler that runs it; both are retained by their users as long.
  var body: Unmanaged<FirmwareTaskBody>?
  var scheduler: Unmanaged<Scheduler>?
  /// The job that the executors were handed last.
  var job: UnownedJob?
  /// Whether the next job handed over is the first one of a task that is being created.
  var isCreating = false
  /// Whether the running task has an error to be thrown at its next await.
  @usableFromInline var hasThrown = false
  /// Whether the step is one of a Swift task that came in by itself.
  var isUnowned = false
  /// The running task once its function has ended. In debug builds the compiler leaves it one more hop to its end.
  var ending: UInt?
  var parkCount: UInt = 0
}

@usableFromInline nonisolated(unsafe) var firmwareContext = FirmwareContext()

/// Runs nothing by itself: hands each job to the scheduler that it belongs to.
final class FirmwareExecutor: SerialExecutor {
  static let shared = FirmwareExecutor()

  private struct WeakBody {
    weak var body: FirmwareTaskBody?
  }

  /// Tasks by the identity of their job, so that one that comes back from another actor is known again. A task is taken
  /// out before it ends: afterwards its identity may be another task's.
  private let bodies = Mutex<[UInt: WeakBody]>([:])
  /// Unowned jobs (of Swift tasks that neither `createTask` nor a task of a board made) that came while no board ran.
  private let unownedJobs = Mutex<Unowned>(Unowned())

  private struct Unowned: Sendable {
    var jobs: [BoardTaskExecutor.Arrival] = []
    /// How often a board has taken them.
    var adoptions = 0
  }
  /// The boards that run. Of those that expect others, or else of all, the one that began last adopts unowned jobs.
  private let adopters = Mutex<[BoardTaskExecutor]>([])
  /// The thread that holds `gate`, 0 if none does. Relaxed: only whether it is the asking thread is ever asked, and a thread sees
  /// what it has stored itself.
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

  /// Leaves the step that this thread is in, as long as it stands still, so that steps of other boards can run.
  /// - Returns: the context that `returnToStep` needs; `nil` outside of a step of this scheduler's.
  func leaveStep(of scheduler: Scheduler) -> FirmwareContext? {
    guard isRunningHere,
      firmwareContext.scheduler?.toOpaque() == Unmanaged.passUnretained(scheduler).toOpaque()
    else { return nil }
    let context = firmwareContext
    firmwareContext = FirmwareContext()
    owner.store(0, ordering: .relaxed)
    pthread_mutex_unlock(gate)
    return context
  }

  func returnToStep(_ context: FirmwareContext) {
    pthread_mutex_lock(gate)
    owner.store(UInt(pthread_self()), ordering: .relaxed)
    firmwareContext = context
  }

  /// Calls `body` if the caller is in a step of that board, and so isolated to `Firmware` although the compiler does not
  /// know.
  func ifInStep(of board: BoardTaskExecutor, _ body: @Firmware () -> Void) {
    guard isRunningHere, let scheduler = firmwareContext.scheduler,
      scheduler._withUnsafeGuaranteedRef({ $0.boardExecutor === board })
    else { return }
    // Isolation is no part of a function's representation. `MainActor.assumeIsolated` does the same.
    withoutActuallyEscaping(body) { unsafeBitCast($0, to: (() -> Void).self)() }
  }

  func enqueue(_ job: consuming ExecutorJob) { place(UnownedJob(job), from: nil) }

  /// Finds the board that a job belongs to.
  /// - Parameter owner: the board that the job's task belongs to by birth; nil if it is not known.
  func place(_ job: UnownedJob, from owner: BoardTaskExecutor?) {
    let isHere = isRunningHere
    if isHere && (firmwareContext.isCreating || firmwareContext.ending == job.identity) {
      firmwareContext.isCreating = false
      firmwareContext.ending = nil
      firmwareContext.job = job
      return
    }
    let arrival = BoardTaskExecutor.Arrival(
      job: job, body: bodies.withLock { $0[job.identity]?.body }, isNative: owner != nil)
    let here = isHere ? firmwareContext.scheduler?._withUnsafeGuaranteedRef { $0.boardExecutor } : nil
    // The board of this thread is awake; any other one, which another thread runs, may sleep.
    if let target = arrival.body?.boardExecutor ?? owner ?? here {
      target.enter(arrival, wakes: target !== here)
    } else {
      adopt(arrival)
    }
  }

  /// From now on this board adopts unowned jobs.
  func adoptUnownedJobs(_ board: BoardTaskExecutor) {
    adopters.withLock { $0.append(board) }
    let waiting = unownedJobs.withLock { unowned in
      defer { unowned.jobs.removeAll() }
      unowned.adoptions += 1
      return unowned.jobs
    }
    for arrival in waiting { adopt(arrival) }
  }

  /// The board's run is over. Unowned jobs that it has not taken yet go to another board.
  func stopAdopting(_ board: BoardTaskExecutor) {
    adopters.withLock { adopters in
      if let index = adopters.lastIndex(where: { $0 === board }) { adopters.remove(at: index) }
    }
    for arrival in board.takeUnownedJobs() { adopt(arrival) }
  }

  /// Lets an unowned job go on with any board there is or will be.
  func adopt(_ arrival: BoardTaskExecutor.Arrival) {
    // Under the lock, so that the board cannot stop adopting before it has the job.
    let isAdopted = adopters.withLock { adopters in
      let open = adopters.last { $0.expectsOthers.load(ordering: .relaxed) }
      guard let adopter = open ?? adopters.last else { return false }
      adopter.enter(arrival, wakes: true)
      return true
    }
    guard !isAdopted else { return }
    let (isFirst, adoptions) = unownedJobs.withLock { unowned in
      unowned.jobs.append(arrival)
      return (unowned.jobs.count == 1, unowned.adoptions)
    }
    if isFirst { expectBoard(after: adoptions) }
  }

  /// How long code of the firmware's may wait for a board to run on.
  private static let patience: UInt32 = 5

  /// Ends a process in which code of the firmware's waits for a board and none runs: it would wait for ever, as a
  /// `@Test @Firmware` function does.
  private func expectBoard(after adoptions: Int) {
    let watch: @Sendable () -> Void = { [self] in
      sleep(Self.patience)
      guard unownedJobs.withLock({ $0.adoptions == adoptions }) else { return }
      writeToStandardError(
        "Error: code that is isolated to @Firmware has waited \(Self.patience) s for a board, and none runs. Only a board's run "
          + "executes such code: run a board, and in a test call it from the firmware of one (see `vpyboard docs swift-firmware`)."
      )
      exit(2)
    }
    // Without a thread to be had it waits for ever.
    do { try startHostThread(name: "board watch", watch) } catch {}
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

/// The place to which a task hops to suspend: its executor is handed the suspended job and keeps it for the scheduler.
@globalActor @usableFromInline
actor SuspensionActor {
  @usableFromInline static let shared = SuspensionActor()

  @usableFromInline nonisolated var unownedExecutor: UnownedSerialExecutor {
    executor.asUnownedSerialExecutor()
  }

  /// Not looked up in a global variable at each hop.
  private nonisolated let executor = SuspensionExecutor.shared
}

final class SuspensionExecutor: SerialExecutor {
  static let shared = SuspensionExecutor()

  /// Only `park()` sends tasks here, and only from a step, so the gate is held.
  func enqueue(_ job: consuming ExecutorJob) { firmwareContext.job = UnownedJob(job) }

  func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }
}

/// Suspends the running task until the scheduler resumes its job.
///
/// Only for callers that are isolated to `Firmware`. They are inlined into the firmware's code or, as this, take their
/// caller's isolation over: at each call of a function with an isolation of its own the runtime looks up the task's
/// executors twice, which takes longer than all the rest.
@inlinable @inline(__always)
nonisolated(nonsending) func park() async { await hopToSuspension() }

/// Not inlined, and with an effect: otherwise the optimizer could find that nothing here needs the other actor, and
/// leave out the hop. (The body runs when the task is resumed.)
@SuspensionActor @usableFromInline @inline(never)
func hopToSuspension() async { firmwareContext.parkCount &+= 1 }
