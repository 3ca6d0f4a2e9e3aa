import Timebase

/// Notices a port whose two lines lead nowhere while the firmware sends and waits for an answer.
///
/// A port that only sends may be a log that nobody needs, and one that only waits may wait for somebody who never comes.
struct UARTSilence {
  private var firstSent: Instant?
  private var hasWaited = false
  /// It has been heard, or reported.
  private(set) var isSettled = false

  /// How long an answer may take.
  private static let patience = Interval.seconds(1)

  mutating func sends(at time: Instant) { if firstSent == nil { firstSent = time } }

  /// The firmware has asked for characters, and there were none.
  mutating func waits() { hasWaited = true }

  mutating func settle() { isSettled = true }

  /// - Parameter isLast: whether the run has ended, and nothing can come any more.
  func isSuspicious(at time: Instant, isLast: Bool) -> Bool {
    guard !isSettled, hasWaited, let firstSent else { return false }
    return isLast || time - firstSent >= Self.patience
  }
}

extension UART {
  /// Reports a port that nobody hears, once.
  /// - Parameter isLast: whether the run has ended.
  func reviewSilence(isLast: Bool = false) {
    guard silence.isSuspicious(at: context.clock.now, isLast: isLast) else { return }
    silence.settle()
    let names = [name] + txPin.names + rxPin.names
    guard intercepts == nil, sentBytes.isEmpty, !txPin.isHostPin, !rxPin.isHostPin, txPin.net.isAlone,
      !txPin.net.isListenedTo, rxPin.net.isAlone, context.stimulatedParts.isDisjoint(with: names)
    else { return }
    let (tx, rx) = (txPin.name, rxPin.name)
    context.reporter.report(
      .uartUnheard, at: startedAt,
      "UART \(number) sends on \(tx) and waits for an answer on \(rx), and nothing is wired to either",
      advice:
        "to let it hear itself wire them together: --wire \(tx)-\(rx); for an answer, --device serial@tx:\(rx),rx:\(tx),…"
    )
  }
}
