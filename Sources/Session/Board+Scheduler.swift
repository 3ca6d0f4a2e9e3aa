import Asyncio
import Machine
import Timebase

extension Board {
  /// For a run of Swift firmware: has its steps watched, and makes the board's reports name the firmware's
  /// lines.
  /// - Parameter slowStep: duration from which on a step is reported; `nil` for none.
  package func report(on scheduler: Scheduler, slowStep: Interval? = nil) {
    scheduler.watchSteps(StepWatch.Limits(slowStep: slowStep))
    scheduler.keep(scheduler.stepWatch?.isElsewhere.add { [interrupts] in interrupts.isHandling })
    scheduler.keep(swiftPlaces.add { [weak scheduler] in scheduler?.runningPlace })
    scheduler.tellRunningTask(to: taskObserver)
  }
}
