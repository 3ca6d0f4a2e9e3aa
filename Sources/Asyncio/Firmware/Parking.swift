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

  /// Only `park()` sends tasks here, and only from a step, so the gate is held.
  func enqueue(_ job: consuming ExecutorJob) { firmwareContext.job = UnownedJob(job) }

  func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }
}

/// Suspends the running task until the scheduler resumes its job.
@Firmware @inline(__always)
func park() async {
  if firmwareContext.isGuest {
    firmwareContext.body?._withUnsafeGuaranteedRef { $0.noteExecutorPreference() }
  }
  await hopToParking()
}

/// Not inlined, and with an effect: otherwise the optimizer could find that nothing here needs the other actor, and
/// leave out the hop. (The body runs when the task is resumed.)
@Parking @inline(never)
private func hopToParking() async { firmwareContext.parkCount &+= 1 }
