import Timebase

/// What every part of a board shares: its time, its interrupt controller, its trace and where it reports.
///
/// Not thread safe, as the clock: it belongs to the firmware thread and to whoever holds the baton.
final class PartContext {
  let clock: Clock
  let reporter: Reporter
  let trace: Trace
  let interrupts: InterruptController
  let costs: [String: Int]
  /// See `Board.hostPinFailed`.
  var hostPinFailed: ((HostPinError) -> Void)?
  /// See `Board.whileWaiting`.
  var whileWaiting: (() throws -> Void)?

  init(clock: Clock, reporter: Reporter, trace: Trace, costs: [String: Int]) {
    self.clock = clock
    self.reporter = reporter
    self.trace = trace
    self.costs = costs
    interrupts = InterruptController(clock: clock, reporter: reporter, trace: trace, costs: costs)
  }

  /// The board file's cost of this name, zero when it gives none.
  func cost(_ name: String) -> Interval { .nanoseconds(costs[name] ?? 0) }
}
