import Asyncio

/// A driver's reaction to an event: it calls a function, or runs a coroutine as a task.
enum Action {
  case function(@Firmware () throws -> Void)
  case coroutine(@Firmware () async throws -> Void)

  @Firmware func launch() throws {
    switch self {
    case .function(let function): try function()
    case .coroutine(let coroutine): createTask(coroutine)
    }
  }
}
