import Diagnostics
import Timebase

/// A board's event loop as other threads reach it: a user interface, a server, a test.
///
/// `EventLoop.handle` and `Scheduler.handle` give one. From then on the board waits for other threads when its tasks have
/// nothing to do, instead of ending the run as `SchedulerError.stalled`.
public struct EventLoopHandle: Sendable {
  let board: BoardTaskExecutor

  /// Runs `callback` as a task of the board as soon as it comes to it (`loop.call_soon_threadsafe` in CPython).
  public func callSoonThreadsafe(
    file: StaticString = #fileID, line: UInt = #line,
    _ callback: @escaping @Sendable @Firmware () throws -> Void
  ) {
    board.enter(HostCallback(at: SourceLine(file, line), callback))
  }

  /// Runs a function as a task of the board (`asyncio.run_coroutine_threadsafe` in CPython).
  /// - Returns: a future for its result, to wait for on another thread.
  public func runCoroutineThreadsafe<Success: Sendable>(
    name: String = "", file: StaticString = #fileID, line: UInt = #line,
    _ operation: @escaping @Sendable @Firmware () async throws -> Success
  ) -> HostFuture<Success> {
    let call = HostCall(name: name, at: SourceLine(file, line), board: board, operation)
    board.enter(call)
    return HostFuture(call: call)
  }
}

extension Scheduler {
  /// For other threads. Take it on the board's thread, before or during a run.
  public var handle: EventLoopHandle {
    boardExecutor.expectsOthers.store(true, ordering: .relaxed)
    clock.externalSources.join(boardExecutor)
    return EventLoopHandle(board: boardExecutor)
  }
}

extension EventLoop {
  /// For other threads.
  public var handle: EventLoopHandle { scheduler.handle }
}
