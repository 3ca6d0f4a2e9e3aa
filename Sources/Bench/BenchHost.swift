import Timebase

/// Keeps what the test of a bench waits for.
final class BenchHost: TriggerHost {
  let clock: Clock
  /// Called when a trigger is settled.
  var settled: () -> Void = {}
  private var pending: [ObjectIdentifier: Trigger] = [:]

  var hasPending: Bool { pending.values.contains { $0.isAwaited } }

  init(clock: Clock) { self.clock = clock }

  func made(_ trigger: Trigger) { pending[ObjectIdentifier(trigger)] = trigger }

  func isSettled(_ trigger: Trigger) {
    pending[ObjectIdentifier(trigger)] = nil
    settled()
  }

  func isOver(_ trigger: Trigger) {}

  /// None of them can happen any more.
  func missAll(_ reason: String) {
    for trigger in pending.values.sorted(by: { $0.name < $1.name }) {
      trigger.miss("\(trigger.name) \(reason)")
    }
  }

  func forgetAll() { for trigger in Array(pending.values) { trigger.cancel() } }
}
