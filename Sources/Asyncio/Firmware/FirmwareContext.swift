/// What the code of a running step finds about itself.
///
/// Invariant: touched only by the thread that holds `FirmwareExecutor.gate`, so one at a time.
@usableFromInline
struct FirmwareContext {
  /// The task whose step runs, and the scheduler that runs it; both are retained by their users as long.
  var body: Unmanaged<FirmwareTaskBody>?
  var scheduler: Unmanaged<Scheduler>?
  /// Where the executors put the job that they are handed.
  var job: UnownedJob?
  /// Whether the next job handed over is the first one of a task that is being created.
  var isCreating = false
  /// Whether the running task has an error to be thrown at its next await.
  @usableFromInline var hasThrown = false
  /// Whether the step is one of a Swift task that came in by itself.
  var isGuest = false
  /// The running task once its function has ended. In debug builds the compiler leaves it one more hop to its end.
  var ending: UInt?
  var parkCount: UInt = 0
}

@usableFromInline nonisolated(unsafe) var firmwareContext = FirmwareContext()
