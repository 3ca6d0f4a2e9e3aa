import Diagnostics

/// Work that another thread wants to be run on a board.
protocol HostOrder: AnyObject, Sendable {
  /// Whether a thread waits for its end, so that the end of the run has to end it.
  var isAwaited: Bool { get }
  /// Called on the board's thread, between two steps.
  func begin(on scheduler: Scheduler)
  /// The board will not finish it.
  func abandon(_ error: any Error)
}

extension HostOrder {
  var isAwaited: Bool { false }
  func abandon(_ error: any Error) {}
}

/// A callback for a board.
final class HostCallback: HostOrder {
  private let line: SourceLine
  private let callback: @Sendable @Firmware () throws -> Void

  init(at line: SourceLine, _ callback: @escaping @Sendable @Firmware () throws -> Void) {
    self.line = line
    self.callback = callback
  }

  func begin(on scheduler: Scheduler) {
    let callback = self.callback
    let result = TaskResult<Void>()
    let body = FirmwareExecutor.shared.withGate {
      FirmwareTaskBody.make(on: scheduler, result: result, at: line) { try callback() }
    }
    scheduler.start(body)
  }
}

/// Something small to be done on the board's thread, between two steps.
final class HostCancellation: HostOrder {
  private let action: @Sendable () -> Void

  init(_ action: @escaping @Sendable () -> Void) { self.action = action }

  func begin(on scheduler: Scheduler) { action() }
}
