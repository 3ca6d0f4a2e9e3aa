import Diagnostics

/// The outcome of launching a callback: its result, or the task that it runs as.
public enum Launched<Result> {
  /// A function; it has returned.
  case returned(Result)
  /// A coroutine; it can be awaited or cancelled.
  case task(FirmwareTask<Result>)
}

/// Something to be called later: a function, or a coroutine to be run as a task.
struct Callback<Result> {
  private enum Body {
    case function(@Firmware () throws -> Result)
    case coroutine(@Firmware () async throws -> Result)
  }

  private let body: Body

  init(function: @escaping @Firmware () throws -> Result) { body = .function(function) }

  init(coroutine: @escaping @Firmware () async throws -> Result) { body = .coroutine(coroutine) }

  @Firmware func launch() throws -> Launched<Result> {
    switch body {
    case .function(let function): .returned(try function())
    case .coroutine(let coroutine): .task(createTask(at: nil, coroutine))
    }
  }
}

/// Calls a function (`launch` of micropython-async, which takes functions and coroutines alike).
@Firmware @discardableResult
public func launch<Result>(_ function: @Firmware () throws -> Result) rethrows -> Result {
  try function()
}

/// Runs a coroutine as a task (`launch`).
@Firmware @discardableResult
public func launch<Result>(
  file: StaticString = #fileID, line: UInt = #line,
  _ coroutine: @escaping @Firmware () async throws -> Result
) -> FirmwareTask<Result> {
  createTask(at: SourceLine(file, line), coroutine)
}
