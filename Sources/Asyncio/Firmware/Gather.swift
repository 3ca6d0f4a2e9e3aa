/// Waits for tasks and returns their results in order (`asyncio.gather`). If the waiting task is cancelled, so are they.
/// - Throws: the first error that one of them ends with; the others go on.
@Firmware
public func gather<each Success>(
  _ tasks: repeat FirmwareTask<each Success>, file: StaticString = #fileID, line: UInt = #line
) async throws -> (repeat each Success) {
  var bodies: [ScheduledTask] = []
  repeat bodies.append((each tasks).body)
  try await gather(bodies: bodies, keepsErrors: false, at: SourceLine(file, line))
  return (repeat try (each tasks).outcome.get())
}

/// Waits for any number of tasks with results of one type.
/// - Throws: the first error that one of them ends with; the others go on.
@Firmware
public func gather<Success>(
  _ tasks: [FirmwareTask<Success>], file: StaticString = #fileID, line: UInt = #line
) async throws -> [Success] {
  try await gather(tasks, at: SourceLine(file, line))
}

@Firmware
func gather<Success>(_ tasks: [FirmwareTask<Success>], at line: SourceLine?) async throws -> [Success] {
  try await gather(bodies: tasks.map(\.body), keepsErrors: false, at: line)
  return try tasks.map { try $0.outcome.get() }
}

/// Waits for tasks and returns how each ended (`asyncio.gather(..., return_exceptions=True)`).
/// - Throws: a cancellation of the waiting task only.
@Firmware
public func gatherResults<each Success>(
  _ tasks: repeat FirmwareTask<each Success>, file: StaticString = #fileID, line: UInt = #line
) async throws -> (repeat Result<each Success, any Error>) {
  var bodies: [ScheduledTask] = []
  repeat bodies.append((each tasks).body)
  try await gather(bodies: bodies, keepsErrors: true, at: SourceLine(file, line))
  return (repeat (each tasks).outcome)
}

/// Waits for any number of tasks and returns how each ended.
/// - Throws: a cancellation of the waiting task only.
@Firmware
public func gatherResults<Success>(
  _ tasks: [FirmwareTask<Success>], file: StaticString = #fileID, line: UInt = #line
) async throws -> [Result<Success, any Error>] {
  try await gather(bodies: tasks.map(\.body), keepsErrors: true, at: SourceLine(file, line))
  return tasks.map(\.outcome)
}

@Firmware
private func gather(
  bodies: [ScheduledTask], keepsErrors: Bool, at line: SourceLine?
) async throws {
  try throwPending()
  let gathering = try Gathering(on: runningScheduler(), reserving: bodies.count, keepsErrors: keepsErrors)
  for body in bodies { gathering.add(body) }
  do { try gathering.prepare() } catch {
    gathering.release()
    throw error
  }
  guard try beginWait(at: line, { _ in try gathering.begin() }) else { return try gathering.conclude() }
  await park()
  var cancellation: (any Error)?
  do { try throwPending() } catch { cancellation = error }
  try gathering.conclude(cancellation: cancellation)
}
