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
  /// Reports a port that nobody hears or that hears nobody, once.
  /// - Parameter isLast: whether the run has ended.
  func reviewSilence(isLast: Bool = false) {
    guard silence.isSuspicious(at: context.clock.now, isLast: isLast) else { return }
    silence.settle()
    let names = [name] + txPin.names + rxPin.names
    guard intercepts == nil, sentBytes.isEmpty, !txPin.isHostPin, !rxPin.isHostPin,
      context.stimulatedParts.isDisjoint(with: names), let (fault, advice) = brokenLine
    else { return }
    context.reporter.report(
      .uartUnheard, at: startedAt,
      "UART \(number) sends on \(txPin.name) and waits for an answer on \(rxPin.name), and \(fault)",
      advice: advice)
  }

  /// Why no answer can come, and what to do; `nil` where both lines lead somewhere.
  private var brokenLine: (fault: String, advice: String)? {
    let (tx, rx) = (txPin.name, rxPin.name)
    let answered = "for an answer, --device serial@tx:\(rx),rx:\(tx),…"
    // An output of another device that rests or sends; a resistor is none.
    let speaker = rxPin.net.drivers.first { $0.settledLevel != nil || $0.waveform != nil }
    let rival = txPin.net.drivers.first { driver in
      (driver.settledLevel != nil || driver.waveform != nil) && driver.name != txPin.name
    }
    switch (txPin.net.isAlone, rxPin.net.isAlone) {
    case (true, true):
      if txPin.net.isListenedTo { return nil }
      return (
        "nothing is wired to either",
        "to let it hear itself wire them together: --wire \(tx)-\(rx); \(answered)"
      )
    case (true, false):
      return (
        "nothing is wired to \(tx): what it sends reaches nobody",
        "wire \(tx) to the other end's RX; \(answered)"
      )
    case (false, true):
      return (
        "nothing is wired to \(rx), where the answer would come",
        "wire \(rx) to the other end's TX; \(answered)"
      )
    case (false, false):
      guard speaker == nil else { return nil }
      if let rival {
        return (
          "\(rival.name), which sends too, is wired to \(tx): nobody sends to \(rx)",
          "TX goes to RX: change the two wires over"
        )
      }
      return ("nobody sends on the line at \(rx)", "TX goes to RX at both ends; \(answered)")
    }
  }
}
