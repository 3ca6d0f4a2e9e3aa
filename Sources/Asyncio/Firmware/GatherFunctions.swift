// One function for each number of arguments: closures in a parameter pack would not be taken as isolated to `Firmware`.

/// Runs functions as tasks and returns their results in order (`asyncio.gather` of coroutines):
///
///     let (count, text) = try await gather({ try await readCount() }, { try await readText() })
///
/// - Throws: the first error that one of them ends with; the others go on.
@Firmware
public func gather<A, B>(
  _ first: @escaping @Firmware () async throws -> A,
  _ second: @escaping @Firmware () async throws -> B
) async throws -> (A, B) {
  try await gather(createTask(first), createTask(second))
}

/// Runs three functions as tasks and returns their results in order.
/// - Throws: the first error that one of them ends with; the others go on.
@Firmware
public func gather<A, B, C>(
  _ first: @escaping @Firmware () async throws -> A,
  _ second: @escaping @Firmware () async throws -> B,
  _ third: @escaping @Firmware () async throws -> C
) async throws -> (A, B, C) {
  try await gather(createTask(first), createTask(second), createTask(third))
}

/// Runs four functions as tasks and returns their results in order.
/// - Throws: the first error that one of them ends with; the others go on.
@Firmware
public func gather<A, B, C, D>(
  _ first: @escaping @Firmware () async throws -> A,
  _ second: @escaping @Firmware () async throws -> B,
  _ third: @escaping @Firmware () async throws -> C,
  _ fourth: @escaping @Firmware () async throws -> D
) async throws -> (A, B, C, D) {
  try await gather(createTask(first), createTask(second), createTask(third), createTask(fourth))
}

/// Runs five functions as tasks and returns their results in order.
/// - Throws: the first error that one of them ends with; the others go on.
@Firmware
public func gather<A, B, C, D, E>(
  _ first: @escaping @Firmware () async throws -> A,
  _ second: @escaping @Firmware () async throws -> B,
  _ third: @escaping @Firmware () async throws -> C,
  _ fourth: @escaping @Firmware () async throws -> D,
  _ fifth: @escaping @Firmware () async throws -> E
) async throws -> (A, B, C, D, E) {
  try await gather(
    createTask(first), createTask(second), createTask(third), createTask(fourth), createTask(fifth))
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
  _ sixth: @escaping @Firmware () async throws -> F
) async throws -> (A, B, C, D, E, F) {
  try await gather(
    createTask(first), createTask(second), createTask(third), createTask(fourth), createTask(fifth),
    createTask(sixth))
}

/// Runs functions as tasks and returns how each ended (`asyncio.gather(..., return_exceptions=True)` of coroutines).
/// - Throws: a cancellation of the waiting task only.
@Firmware
public func gatherResults<A, B>(
  _ first: @escaping @Firmware () async throws -> A,
  _ second: @escaping @Firmware () async throws -> B
) async throws -> (Result<A, any Error>, Result<B, any Error>) {
  try await gatherResults(createTask(first), createTask(second))
}

/// Runs three functions as tasks and returns how each ended.
/// - Throws: a cancellation of the waiting task only.
@Firmware
public func gatherResults<A, B, C>(
  _ first: @escaping @Firmware () async throws -> A,
  _ second: @escaping @Firmware () async throws -> B,
  _ third: @escaping @Firmware () async throws -> C
) async throws -> (Result<A, any Error>, Result<B, any Error>, Result<C, any Error>) {
  try await gatherResults(createTask(first), createTask(second), createTask(third))
}

/// Runs four functions as tasks and returns how each ended.
/// - Throws: a cancellation of the waiting task only.
@Firmware
public func gatherResults<A, B, C, D>(
  _ first: @escaping @Firmware () async throws -> A,
  _ second: @escaping @Firmware () async throws -> B,
  _ third: @escaping @Firmware () async throws -> C,
  _ fourth: @escaping @Firmware () async throws -> D
) async throws -> (Result<A, any Error>, Result<B, any Error>, Result<C, any Error>, Result<D, any Error>) {
  try await gatherResults(createTask(first), createTask(second), createTask(third), createTask(fourth))
}

/// Runs five functions as tasks and returns how each ended.
/// - Throws: a cancellation of the waiting task only.
@Firmware
public func gatherResults<A, B, C, D, E>(
  _ first: @escaping @Firmware () async throws -> A,
  _ second: @escaping @Firmware () async throws -> B,
  _ third: @escaping @Firmware () async throws -> C,
  _ fourth: @escaping @Firmware () async throws -> D,
  _ fifth: @escaping @Firmware () async throws -> E
) async throws -> (
  Result<A, any Error>, Result<B, any Error>, Result<C, any Error>, Result<D, any Error>, Result<E, any Error>
) {
  try await gatherResults(
    createTask(first), createTask(second), createTask(third), createTask(fourth), createTask(fifth))
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
  _ sixth: @escaping @Firmware () async throws -> F
) async throws -> (
  Result<A, any Error>, Result<B, any Error>, Result<C, any Error>, Result<D, any Error>,
  Result<E, any Error>, Result<F, any Error>
) {
  try await gatherResults(
    createTask(first), createTask(second), createTask(third), createTask(fourth), createTask(fifth),
    createTask(sixth))
}
