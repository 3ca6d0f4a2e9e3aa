import Asyncio
import MicroPython

/// The scheduler, as the bytecode loop sees it; tasks are named by the bits of their coroutines.
final class TaskSwitching: CoroutineScheduler {
  private let scheduler: Scheduler
  /// The sleep that the awaitable of `sleep` and `sleep_ms` stands for.
  private let sleep: SleepRequest

  init(_ scheduler: Scheduler, _ sleep: SleepRequest) {
    self.scheduler = scheduler
    self.sleep = sleep
  }

  override func next() -> Value { Value(bits: scheduler.switchTask()) }

  override func park() -> Bool { sleep.begin() }

  override func parkAndSwitch() -> Value? { sleep.beginAndSwitch().map { Value(bits: $0) } }

  override func pauseAndSwitch(_ amount: Int, unit: Int, awaitCost: Int64) -> Value {
    let (milliseconds, isTooLong) = amount.multipliedReportingOverflow(by: unit)
    guard !isTooLong, milliseconds < Ticks.period / 2 else { return .unbound }
    return Value(bits: sleep.sleepAndSwitch(milliseconds: milliseconds, charging: awaitCost))
  }
}
