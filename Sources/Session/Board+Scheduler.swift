import Asyncio
import Machine
import Timebase

extension Board {
  /// For a run of Swift firmware: has its steps watched, and what the board reports name the firmware's lines.
  /// - Parameter slowStep: from which duration on a step is told of; `nil` for none.
  package func report(on scheduler: Scheduler, slowStep: Interval? = nil) {
    scheduler.watchSteps(StepWatch.Limits(slowStep: slowStep))
    scheduler.keep(scheduler.stepWatch?.isElsewhere.add { [interrupts] in interrupts.isHandling })
    scheduler.keep(swiftPlaces.add { [weak scheduler] in scheduler?.runningPlace })
    scheduler.tellRunningTask(to: taskObserver)
  }
}
