import Diagnostics

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

// One function for each number of arguments: closures in a parameter pack would not be taken as isolated to `Firmware`.

/// Runs functions as tasks and returns their results in order (`asyncio.gather` of coroutines):
///
///     let (count, text) = try await gather({ try await readCount() }, { try await readText() })
///
/// - Throws: the first error that one of them ends with; the others go on.
@Firmware
public func gather<A, B>(
  _ first: @escaping @Firmware () async throws -> A,
  _ second: @escaping @Firmware () async throws -> B,
  file: StaticString = #fileID, line: UInt = #line
) async throws -> (A, B) {
  let place = SourceLine(file, line)
  return try await gather(createTask(at: place, first), createTask(at: place, second), file: file, line: line)
}

/// Runs three functions as tasks and returns their results in order.
/// - Throws: the first error that one of them ends with; the others go on.
@Firmware
public func gather<A, B, C>(
  _ first: @escaping @Firmware () async throws -> A,
  _ second: @escaping @Firmware () async throws -> B,
  _ third: @escaping @Firmware () async throws -> C,
  file: StaticString = #fileID, line: UInt = #line
) async throws -> (A, B, C) {
  let place = SourceLine(file, line)
  return try await gather(
    createTask(at: place, first), createTask(at: place, second), createTask(at: place, third), file: file,
    line: line)
}

/// Runs four functions as tasks and returns their results in order.
/// - Throws: the first error that one of them ends with; the others go on.
@Firmware
public func gather<A, B, C, D>(
  _ first: @escaping @Firmware () async throws -> A,
  _ second: @escaping @Firmware () async throws -> B,
  _ third: @escaping @Firmware () async throws -> C,
  _ fourth: @escaping @Firmware () async throws -> D,
  file: StaticString = #fileID, line: UInt = #line
) async throws -> (A, B, C, D) {
  let place = SourceLine(file, line)
  return try await gather(
    createTask(at: place, first), createTask(at: place, second), createTask(at: place, third),
    createTask(at: place, fourth), file: file, line: line)
}

/// Runs five functions as tasks and returns their results in order.
/// - Throws: the first error that one of them ends with; the others go on.
@Firmware
public func gather<A, B, C, D, E>(
  _ first: @escaping @Firmware () async throws -> A,
  _ second: @escaping @Firmware () async throws -> B,
  _ third: @escaping @Firmware () async throws -> C,
  _ fourth: @escaping @Firmware () async throws -> D,
  _ fifth: @escaping @Firmware () async throws -> E,
  file: StaticString = #fileID, line: UInt = #line
) async throws -> (A, B, C, D, E) {
  let place = SourceLine(file, line)
  return try await gather(
    createTask(at: place, first), createTask(at: place, second), createTask(at: place, third),
    createTask(at: place, fourth), createTask(at: place, fifth), file: file, line: line)
}

/// Runs six functions as tasks and returns their results in order.
/// - Throws: the first error that one of them ends with; the others go on.
@Firmware
public func gather<A, B, C, D, E, F>(
  _ first: @escaping @Firmware () async throws -> A,
  _ second: @escaping @Firmware () async throws -> B,
  _ third: @escaping @Firmware () async throws -> C,
  _ fourth: @escaping @Firmware () async throws -> D,
  _ fifth: @escaping @Firmware () async throws -> E,
  _ sixth: @escaping @Firmware () async throws -> F,
  file: StaticString = #fileID, line: UInt = #line
) async throws -> (A, B, C, D, E, F) {
  let place = SourceLine(file, line)
  return try await gather(
    createTask(at: place, first), createTask(at: place, second), createTask(at: place, third),
    createTask(at: place, fourth), createTask(at: place, fifth),
    createTask(at: place, sixth), file: file, line: line)
}

/// Runs functions as tasks and returns how each ended (`asyncio.gather(..., return_exceptions=True)` of coroutines).
/// - Throws: a cancellation of the waiting task only.
@Firmware
public func gatherResults<A, B>(
  _ first: @escaping @Firmware () async throws -> A,
  _ second: @escaping @Firmware () async throws -> B,
  file: StaticString = #fileID, line: UInt = #line
) async throws -> (Result<A, any Error>, Result<B, any Error>) {
  let place = SourceLine(file, line)
  return try await gatherResults(
    createTask(at: place, first), createTask(at: place, second), file: file, line: line)
}

/// Runs three functions as tasks and returns how each ended.
/// - Throws: a cancellation of the waiting task only.
@Firmware
public func gatherResults<A, B, C>(
  _ first: @escaping @Firmware () async throws -> A,
  _ second: @escaping @Firmware () async throws -> B,
  _ third: @escaping @Firmware () async throws -> C,
  file: StaticString = #fileID, line: UInt = #line
) async throws -> (Result<A, any Error>, Result<B, any Error>, Result<C, any Error>) {
  let place = SourceLine(file, line)
  return try await gatherResults(
    createTask(at: place, first), createTask(at: place, second), createTask(at: place, third), file: file,
    line: line)
}

/// Runs four functions as tasks and returns how each ended.
/// - Throws: a cancellation of the waiting task only.
@Firmware
public func gatherResults<A, B, C, D>(
  _ first: @escaping @Firmware () async throws -> A,
  _ second: @escaping @Firmware () async throws -> B,
  _ third: @escaping @Firmware () async throws -> C,
  _ fourth: @escaping @Firmware () async throws -> D,
  file: StaticString = #fileID, line: UInt = #line
) async throws -> (Result<A, any Error>, Result<B, any Error>, Result<C, any Error>, Result<D, any Error>) {
  let place = SourceLine(file, line)
  return try await gatherResults(
    createTask(at: place, first), createTask(at: place, second), createTask(at: place, third),
    createTask(at: place, fourth), file: file, line: line)
}

/// Runs five functions as tasks and returns how each ended.
/// - Throws: a cancellation of the waiting task only.
@Firmware
public func gatherResults<A, B, C, D, E>(
  _ first: @escaping @Firmware () async throws -> A,
  _ second: @escaping @Firmware () async throws -> B,
  _ third: @escaping @Firmware () async throws -> C,
  _ fourth: @escaping @Firmware () async throws -> D,
  _ fifth: @escaping @Firmware () async throws -> E,
  file: StaticString = #fileID, line: UInt = #line
) async throws -> (
  Result<A, any Error>, Result<B, any Error>, Result<C, any Error>, Result<D, any Error>, Result<E, any Error>
) {
  let place = SourceLine(file, line)
  return try await gatherResults(
    createTask(at: place, first), createTask(at: place, second), createTask(at: place, third),
    createTask(at: place, fourth), createTask(at: place, fifth), file: file, line: line)
}

/// Runs six functions as tasks and returns how each ended.
/// - Throws: a cancellation of the waiting task only.
@Firmware
public func gatherResults<A, B, C, D, E, F>(
  _ first: @escaping @Firmware () async throws -> A,
  _ second: @escaping @Firmware () async throws -> B,
  _ third: @escaping @Firmware () async throws -> C,
  _ fourth: @escaping @Firmware () async throws -> D,
  _ fifth: @escaping @Firmware () async throws -> E,
  _ sixth: @escaping @Firmware () async throws -> F,
  file: StaticString = #fileID, line: UInt = #line
) async throws -> (
  Result<A, any Error>, Result<B, any Error>, Result<C, any Error>, Result<D, any Error>,
  Result<E, any Error>, Result<F, any Error>
) {
  let place = SourceLine(file, line)
  return try await gatherResults(
    createTask(at: place, first), createTask(at: place, second), createTask(at: place, third),
    createTask(at: place, fourth), createTask(at: place, fifth),
    createTask(at: place, sixth), file: file, line: line)
}
