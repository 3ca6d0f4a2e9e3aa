import Diagnostics
import Timebase

/// A run of Swift firmware as an observer of its board's clock: notes which call waits inside a step, and
/// that the board stands still.
final class FirmwareRun: ClockObserver {
  private unowned let scheduler: Scheduler
  private var observation: Observation?
  /// The step that the board stands still in.
  private var leftStep: FirmwareContext?

  init(_ scheduler: Scheduler) {
    self.scheduler = scheduler
    observation = scheduler.clock.addObserver(self)
  }

  func blockingCallBegins(_ call: BlockingCall) {
    guard let task = stepping else { return }
    task.come(to: SourceLine(call.file, call.line))
    task.call = call.name
    scheduler.stepAlarm?.waitBegins()
  }

  func blockingCallEnds() {
    guard let task = stepping else { return }
    task.call = nil
    scheduler.stepAlarm?.waitEnds()
  }

  /// The task of the step that calls; `nil` for a caller that is in no step of this board's.
  private var stepping: FirmwareTaskBody? {
    guard FirmwareExecutor.shared.isRunningHere,
      firmwareContext.scheduler?.toOpaque() == Unmanaged.passUnretained(scheduler).toOpaque()
    else { return nil }
    return firmwareContext.body?.takeUnretainedValue()
  }

  func clockStops() {
    leftStep = FirmwareExecutor.shared.leaveStep(of: scheduler)
    if leftStep != nil { scheduler.stepAlarm?.waitBegins() }
  }

  func clockGoesOn() {
    guard let context = leftStep else { return }
    leftStep = nil
    FirmwareExecutor.shared.returnToStep(context)
    scheduler.stepAlarm?.waitEnds()
  }
}
