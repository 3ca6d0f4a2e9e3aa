/// The place to which a task hops to suspend: its executor is handed the suspended job and keeps it for the scheduler.
@globalActor @usableFromInline
actor Parking {
  @usableFromInline static let shared = Parking()

  @usableFromInline nonisolated var unownedExecutor: UnownedSerialExecutor {
    executor.asUnownedSerialExecutor()
  }

  /// Not looked up in a global variable at each hop.
  private nonisolated let executor = ParkingExecutor.shared
}

final class ParkingExecutor: SerialExecutor {
  static let shared = ParkingExecutor()

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
nonisolated(nonsending) func park() async { await hopToParking() }

/// Not inlined, and with an effect: otherwise the optimizer could find that nothing here needs the other actor, and
/// leave out the hop. (The body runs when the task is resumed.)
@Parking @usableFromInline @inline(never)
func hopToParking() async { firmwareContext.parkCount &+= 1 }
