/// How board time keeps to the host's clock, in paced and host mode.
final class Pacing {
  /// Board nanoseconds per host nanosecond.
  private let factor: Double
  /// Host time and board time that belong together.
  private var hostAnchor: Int64
  private var boardAnchor: Int64 = 0
  /// A clock that is further behind than this (the host slept, a debugger held it) does not race to catch up; nil in host mode,
  /// where it cannot be behind.
  private let forgivenLag: Int64?
  private let wakeSignal: WakeSignal

  /// - Parameter powerOn: the host's clock at power-on, nanoseconds.
  /// - Returns: nil in virtual mode.
  init?(_ mode: ClockMode, powerOn: Int64, _ wakeSignal: WakeSignal) {
    switch mode {
    case .virtual: return nil
    case .paced(let factor):
      self.factor = factor.isNaN ? 1 : min(max(factor, 1e-6), 1e6)
      forgivenLag = 250_000_000
    case .host:
      factor = 1
      forgivenLag = nil
    }
    hostAnchor = powerOn
    self.wakeSignal = wakeSignal
  }

  /// Waits until the host's clock shows what it has to for board time to be `instant`.
  /// - Returns: board time if `wake()` ended the wait before.
  func wait(until instant: Instant, from now: Instant) -> Instant? {
    forgiveLag(at: now)
    return wakeSignal.wait(untilHostTime: hostTime(for: instant)) ? self.instant(notAfter: instant) : nil
  }

  /// Waits until the host's clock has come as far as board time, which has gone on by computing.
  /// - Parameter woken: called at each `wake()` meanwhile.
  func holdBack(at now: Instant, woken: () -> Void) {
    forgiveLag(at: now)
    let target = hostTime(for: now)
    while hostNanoseconds() < target {
      if wakeSignal.wait(untilHostTime: target) { woken() }
    }
  }

  /// Board time if the clock kept its pace exactly.
  func instant(notAfter limit: Instant?) -> Instant {
    let passed = Double(hostNanoseconds() - hostAnchor) * factor
    let instant = Instant(nanoseconds: boardAnchor) + .nanoseconds(Int64(passed))
    return limit.map { min($0, instant) } ?? instant
  }

  /// When the host's clock shows what a board clock that keeps its pace shows at `instant`.
  private func hostTime(for instant: Instant) -> Int64 {
    let ahead = Double(instant.nanoseconds - boardAnchor) / factor
    return Int64(exactly: (Double(hostAnchor) + ahead).rounded()) ?? .max
  }

  private func forgiveLag(at now: Instant) {
    guard let forgivenLag, hostNanoseconds() - hostTime(for: now) > forgivenLag else { return }
    hostAnchor = hostNanoseconds()
    boardAnchor = now.nanoseconds
  }
}
