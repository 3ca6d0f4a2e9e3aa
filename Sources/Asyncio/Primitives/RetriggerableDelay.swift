import Diagnostics
import Synchronization
import Timebase

/// A `RetriggerableDelay` was triggered after its end (a `RuntimeError` in Python).
public struct DelayEndedError: Error, Equatable, CustomStringConvertible {
  public init() {}

  public var description: String { "RetriggerableDelay.end() has run" }
}

/// A time-out that every trigger puts off (`Delay_ms` of micropython-async). When it is over, it sets an event and calls
/// the callback.
///
/// Its task runs until `end()`.
@Firmware
public final class RetriggerableDelay<Result> {
  /// State that an interrupt handler changes.
  private struct Running: Sendable {
    /// When the time is over, in the board's milliseconds.
    var end: Int64 = 0
    var isRunning = false
    /// Whether it was triggered since the callback was launched.
    var isRetriggered = false
  }

  private nonisolated let running = Mutex(Running())
  private nonisolated let triggered = ThreadSafeFlag()
  private nonisolated let milliseconds: Int
  let timedOut = Event()
  private var callback: Callback<Result>?
  private var launched: Launched<Result>?
  private var timer: FirmwareTask<Void>?
  private var keeper: FirmwareTask<Void>?

  /// - Parameters:
  ///   - milliseconds: the time that a trigger without one means.
  ///   - callback: called when the time is over.
  public init(
    milliseconds: Int = 1000, file: StaticString = #fileID, line: UInt = #line,
    callback: @escaping @Firmware () throws -> Result
  ) {
    self.milliseconds = milliseconds
    self.callback = Callback(function: callback)
    start(at: SourceLine(file, line))
  }

  /// - Parameters:
  ///   - milliseconds: the time that a trigger without one means.
  ///   - callback: run as a task when the time is over.
  public init(
    milliseconds: Int = 1000, file: StaticString = #fileID, line: UInt = #line,
    callback: @escaping @Firmware () async throws -> Result
  ) {
    self.milliseconds = milliseconds
    self.callback = Callback(coroutine: callback)
    start(at: SourceLine(file, line))
  }

  private init(duration milliseconds: Int, at line: SourceLine) {
    self.milliseconds = milliseconds
    start(at: line)
  }

  private func start(at line: SourceLine) {
    keeper = createService(name: "RetriggerableDelay", at: line) { try await self.keepTime(madeAt: line) }
  }

  private func keepTime(madeAt line: SourceLine) async throws {
    while true {
      try await triggered.wait()
      try timer?.cancel()
      try await sleepMs(0)
      let end = running.withLock { $0.end }
      let rest = max(0, end - (try boardTime()).milliseconds)
      timer = createService(name: "RetriggerableDelay timer", at: line) {
        try await self.timeOut(after: Int(rest))
      }
    }
  }

  private func timeOut(after milliseconds: Int) async throws {
    try await sleepMs(milliseconds)
    timedOut.set()
    running.withLock { $0.isRunning = false }
    guard let callback else { return }
    let launched = try callback.launch()
    self.launched = launched
    running.withLock { $0.isRetriggered = false }
  }

  // MARK: Triggering

  /// Starts the time, or starts it anew.
  /// - Parameter milliseconds: 0 or less for the time that it was made with.
  /// - Throws: `DelayEndedError`.
  public func trigger(milliseconds: Int = 0) throws(DelayEndedError) {
    guard keeper != nil, let now = try? boardTime() else { throw DelayEndedError() }
    trigger(at: now, milliseconds: milliseconds)
  }

  /// Starts the time, or starts it anew; callable from interrupt handlers and other threads.
  /// - Parameters:
  ///   - instant: from when the time counts: `Interrupt.time` in a handler.
  ///   - milliseconds: 0 or less for the time that it was made with.
  public nonisolated func trigger(at instant: Instant, milliseconds: Int = 0) {
    let duration = Int64(milliseconds > 0 ? milliseconds : self.milliseconds)
    running.withLock {
      $0 = Running(end: instant.milliseconds + duration, isRunning: true, isRetriggered: true)
    }
    triggered.raise()
  }

  /// Stops the time and clears the event; `trigger` starts it again.
  /// - Throws: `SchedulerError.cannotCancelSelf` in the callback itself.
  public func stop() throws(SchedulerError) {
    try timer?.cancel()
    timer = nil
    running.withLock { $0.isRunning = false }
    timedOut.clear()
  }

  /// Stops it for good and ends its task (`deinit()`).
  /// - Throws: `SchedulerError.cannotCancelSelf` in the callback itself.
  public func end() throws(SchedulerError) {
    guard let keeper else { return }
    try stop()
    try keeper.cancel()
    self.keeper = nil
  }

  // MARK: State

  /// Whether the time runs (`running()`).
  public var isRunning: Bool { running.withLock { $0.isRunning } }

  /// The outcome of the callback after the last trigger (`rvalue()`); nil before it was called.
  public var result: Launched<Result>? { running.withLock { $0.isRetriggered } ? nil : launched }

  /// Calls `callback` from now on (`callback(func, args)`).
  public func setCallback(_ callback: @escaping @Firmware () throws -> Result) {
    self.callback = Callback(function: callback)
  }

  /// Runs `callback` as a task from now on.
  public func setCallback(_ callback: @escaping @Firmware () async throws -> Result) {
    self.callback = Callback(coroutine: callback)
  }

  /// Calls nothing any more.
  public func removeCallback() { callback = nil }

  // MARK: Its event

  /// Waits until the time is over; returns at once if it is and the event was not cleared.
  /// - Throws: `CancelledError`.
  public func wait(file: StaticString = #fileID, line: UInt = #line) async throws {
    try await timedOut.wait(at: SourceLine(file, line))
  }

  /// Clears the event.
  public func clear() { timedOut.clear() }

  /// Sets the event as if the time were over.
  public func set() { timedOut.set() }
}

extension RetriggerableDelay where Result == Void {
  /// - Parameter milliseconds: the time that a trigger without one means.
  public convenience init(
    milliseconds: Int = 1000, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(duration: milliseconds, at: SourceLine(file, line))
  }
}
