import Asyncio
import Foundation
import Timebase

/// A scheduler on its own virtual clock, where nothing but sleeping takes time.
func virtualBoard() -> Scheduler {
  Scheduler(clock: Clock(mode: .virtual), costs: SchedulerCosts(taskSwitch: .zero))
}

/// What tasks write down, with the board's milliseconds.
@Firmware final class Log {
  private(set) var lines: [String] = []

  nonisolated init() {}

  func add(_ line: String) throws { lines.append("\(try boardTime().milliseconds) \(line)") }
}

/// Something that several tasks change.
@Firmware final class Box<Value> {
  var value: Value

  init(_ value: Value) { self.value = value }
}

struct Failure: Error, Equatable {
  let name: String
}

/// Runs a board on a thread of its own: a run that waits must not hold a thread that other actors need.
func onOwnThread<Result: Sendable>(
  _ body: @escaping @Sendable () throws -> Result
) async throws -> Result {
  try await withCheckedThrowingContinuation { continuation in
    Thread.detachNewThread { continuation.resume(with: Swift.Result { try body() }) }
  }
}

/// What `body` throws; nil if it returns. (The closure of `#expect(throws:)` would leave the actor.)
@Firmware
func thrown(_ body: @Firmware () async throws -> some Any) async -> (any Error)? {
  do {
    _ = try await body()
    return nil
  } catch {
    return error
  }
}
