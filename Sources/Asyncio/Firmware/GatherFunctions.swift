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
