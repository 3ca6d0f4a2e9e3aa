import Diagnostics

/// More tasks came to a `Barrier` than it has participants (a `ValueError` in Python).
public struct TooManyAtBarrierError: Error, Equatable, CustomStringConvertible {
  public init() {}

  public var description: String { "Too many tasks accessing Barrier" }
}

/// A place where a number of tasks wait for each other (`Barrier` of micropython-async). The last one to come calls the
/// callback, and all go on.
@Firmware
public final class Barrier<Result> {
  /// The result of the callback's last launch (`result()`); nil before.
  public private(set) var result: Launched<Result>?
  private let participants: Int
  private var missing: Int
  private let callback: Callback<Result>?
  private let waiting = WaitQueue(for: .barrier)

  /// - Parameters:
  ///   - participants: how many tasks meet.
  ///   - callback: called by the last one before anyone goes on.
  public init(_ participants: Int, callback: @escaping @Firmware () throws -> Result) {
    self.participants = participants
    missing = participants
    self.callback = Callback(function: callback)
  }

  /// - Parameters:
  ///   - participants: how many tasks meet.
  ///   - callback: run as a task when the last one has come.
  public init(_ participants: Int, callback: @escaping @Firmware () async throws -> Result) {
    self.participants = participants
    missing = participants
    self.callback = Callback(coroutine: callback)
  }

  private init(participants: Int) {
    self.participants = participants
    missing = participants
    callback = nil
  }

  /// Whether some participants wait (`busy()`).
  public var isBusy: Bool { missing < participants }

  /// Waits for the other participants (`await barrier`).
  /// - Throws: `TooManyAtBarrierError`; errors of the callback; `CancelledError`.
  public func wait(file: StaticString = #fileID, line: UInt = #line) async throws {
    if try !trigger() { try await suspend(on: waiting, at: SourceLine(file, line)) }
  }

  /// Counts as a participant without waiting.
  /// - Returns: whether it was the last one.
  /// - Throws: `TooManyAtBarrierError`; errors of the callback.
  @discardableResult
  public func trigger() throws -> Bool {
    missing -= 1
    if missing < 0 { throw TooManyAtBarrierError() }
    if missing > 0 { return false }
    if let callback { result = try callback.launch() }
    missing = participants
    waiting.wakeAll()
    return true
  }
}

extension Barrier where Result == Void {
  /// - Parameter participants: how many tasks meet.
  public convenience init(_ participants: Int) { self.init(participants: participants) }
}
