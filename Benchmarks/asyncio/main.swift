// What a task switch and an operation cost: wall time and heap allocations, for `make bench`. Each line is tab separated: what,
// number of tasks, nanoseconds and allocations for each.

import Asyncio
import CAllocationCount
import Timebase

/// A task that does nothing but sleep: what the scheduler itself takes.
final class NativeSleeper: ScheduledTask {
  private let scheduler: Scheduler
  private let milliseconds: Int

  init(scheduler: Scheduler, milliseconds: Int) {
    self.scheduler = scheduler
    self.milliseconds = milliseconds
  }

  override func resume(throwing error: (any Error)?) throws -> Progress {
    try scheduler.sleepCurrent(milliseconds: milliseconds)
    return .suspended
  }
}

/// What one kind of switch took so far, at best.
final class Measurement {
  private let name: String
  private let tasks: Int
  private let prepare: (Scheduler) throws -> Void
  private var bestTime = Double.infinity
  private var fewestAllocations = Double.infinity

  /// - Parameter prepare: makes tasks that sleep for ever.
  init(_ name: String, tasks: Int, _ prepare: @escaping (Scheduler) throws -> Void) {
    self.name = name
    self.tasks = tasks
    self.prepare = prepare
  }

  func measureOnceMore() throws {
    let scheduler = Scheduler(clock: Clock(mode: .virtual))
    try prepare(scheduler)
    // By now every task has run, and the queues have their final size.
    _ = try run(scheduler, switches: 3 * tasks)
    let allocations = allocation_count()
    let (switches, time) = try run(scheduler, switches: 300_000)
    fewestAllocations = min(fewestAllocations, Double(allocation_count() - allocations) / Double(switches))
    bestTime = min(bestTime, time / Double(switches))
    scheduler.reset()
  }

  func report() {
    let roundedTime = (bestTime * 10).rounded() / 10
    let roundedAllocations = (fewestAllocations * 1000).rounded() / 1000
    print(name, tasks, roundedTime, roundedAllocations, separator: "\t")
  }
}

/// Ends a run.
struct Enough: Error {}

/// Runs about as many switches and returns how many it were and the nanoseconds that they took.
func run(_ scheduler: Scheduler, switches: Int) throws -> (switches: Int, nanoseconds: Double) {
  let before = scheduler.switchCount
  // Asked once per millisecond of board time.
  let interruption = scheduler.interruptions.add { [unowned scheduler] in
    if scheduler.switchCount >= before + switches { throw Enough() }
  }
  let duration = try ContinuousClock().measure {
    do { _ = try scheduler.run(until: nil) } catch is Enough {}
  }
  interruption.end()
  let (seconds, attoseconds) = duration.components
  return (scheduler.switchCount - before, Double(seconds) * 1e9 + Double(attoseconds) / 1e9)
}

var measurements: [Measurement] = []
for tasks in [3, 50, 1000] {
  for milliseconds in [0, 1] {
    measurements.append(
      Measurement("core sleep_ms(\(milliseconds))", tasks: tasks) { scheduler in
        for _ in 0..<tasks {
          scheduler.start(NativeSleeper(scheduler: scheduler, milliseconds: milliseconds))
        }
      })
    measurements.append(
      Measurement("Swift sleepMs(\(milliseconds))", tasks: tasks) { scheduler in
        try scheduler.run {
          for _ in 0..<tasks { createTask { while true { try await sleepMs(milliseconds) } } }
        }
      })
  }
}
// In turns and over half a minute, because the machine has other things to do: for a while it is twice as slow.
for _ in 0..<25 {
  for measurement in measurements { try measurement.measureOnceMore() }
}
for measurement in measurements { measurement.report() }

try Scheduler(clock: Clock(mode: .virtual)).run { try await measureOperations() }
