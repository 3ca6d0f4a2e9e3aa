import Asyncio
import Diagnostics
import Glibc
import Machine

/// Ctrl-C, as the error that ends Swift firmware's run.
public struct KeyboardInterrupt: Error, Equatable { public init() {} }

extension Session {
  /// Runs Swift firmware on this thread until it returns, throws or loses power.
  /// - Parameter interrupted: run after Ctrl-C.
  /// - Returns: `success` unless it threw; its error is printed on standard error.
  public func runFirmware(
    _ main: @escaping @Firmware (Board) async throws -> Void,
    interrupted: @escaping @Firmware (Board) async throws -> Void = { _ in }
  ) -> ExitStatus {
    var isInterrupted = false
    interruptFirmware = { isInterrupted = true }
    let takeInterruption = {
      defer { isInterrupted = false }
      return isInterrupted
    }
    return withScheduler(of: board, diagnostics, takeInterruption: takeInterruption) { scheduler in
      scheduler.watchEndlessSteps()
      return ended {
        do {
          try scheduler.run(lending: board, main)
          scheduler.reportAbandonedTasks()
        } catch let interrupt as KeyboardInterrupt {
          try scheduler.run(lending: board, interrupted)
          throw interrupt
        }
      }
    }
  }

  /// Makes the scheduler that runs firmware in Swift on a board, and reports the errors that nobody has looked at.
  /// - Parameters:
  ///   - takeInterruption: whether Ctrl-C has been pressed since it was asked last.
  ///   - run: runs the firmware, and says how that ended.
  func withScheduler(
    of board: Board, _ diagnostics: DiagnosticSink, takeInterruption: @escaping () -> Bool,
    _ run: (Scheduler) -> ExitStatus
  ) -> ExitStatus {
    let scheduler = Scheduler(clock: board.clock)
    scheduler.diagnostics = diagnostics
    board.report(on: scheduler, slowStep: debugging.slowStep)
    let interruption = scheduler.interruptions.add { if takeInterruption() { throw KeyboardInterrupt() } }
    defer {
      interruption.end()
      scheduler.reportUnretrievedErrors()
    }
    return run(scheduler)
  }

  /// Reports how a run ended.
  private func ended(_ run: () throws -> Void) -> ExitStatus {
    do {
      try run()
      return .success
    } catch SchedulerError.poweredOff {
      return .success
    } catch is KeyboardInterrupt {
      console.report("Interrupted")
      return .signalled(SIGINT)
    } catch {
      console.report("Error: \(error)")
      return .failure
    }
  }
}
