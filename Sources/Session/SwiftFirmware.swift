import Asyncio
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
    let scheduler = Scheduler(clock: clock)
    scheduler.diagnostics = diagnostics
    board.report(on: scheduler, slowStep: debugging.slowStep)
    scheduler.watchEndlessSteps()
    var isInterrupted = false
    interruptFirmware = { isInterrupted = true }
    let interruption = scheduler.interruptions.add {
      guard isInterrupted else { return }
      isInterrupted = false
      throw KeyboardInterrupt()
    }
    defer {
      interruption.end()
      scheduler.reportUnretrievedErrors()
    }
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
