import Diagnostics

/// Notes which call of the firmware's waits while `body` runs, for findings; does nothing for a caller that is in no task
/// of a board.
/// - Parameters:
///   - name: as the firmware calls it, without parentheses.
///   - line: of the firmware's call.
package func blockingCall<Result, Failure: Error>(
  _ name: StaticString, at line: SourceLine, _ body: () throws(Failure) -> Result
) throws(Failure) -> Result {
  guard FirmwareExecutor.shared.isRunningHere, let task = firmwareContext.body?.takeUnretainedValue() else {
    return try body()
  }
  task.come(to: line)
  task.call = name
  let alarm = firmwareContext.scheduler?.takeUnretainedValue().stepAlarm
  alarm?.waitBegins()
  defer {
    task.call = nil
    alarm?.waitEnds()
  }
  return try body()
}
