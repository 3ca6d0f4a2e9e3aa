import Diagnostics
import Timebase

/// Faults at a UART's receiving end, each reported once: characters that nobody reads in time, and another end with
/// other settings.
final class UARTFaults {
  /// Characters lost because nobody read in time.
  private(set) var overrunCount = 0
  private let number: Int
  private let reporter: Reporter
  private var isOverrunReported = false
  private var isFramingReported = false

  init(_ number: Int, _ reporter: Reporter) {
    self.number = number
    self.reporter = reporter
  }

  /// The port was set up anew.
  func restart() {
    isOverrunReported = false
    isFramingReported = false
  }

  /// A loss after this is worth another report.
  func charactersWereRead() { isOverrunReported = false }

  /// A character has found the receive buffer full.
  func lost(at time: Instant, startedAt place: SourceLine?) {
    overrunCount += 1
    guard !isOverrunReported else { return }
    isOverrunReported = true
    let option = reporter.places.isEmpty ? "receiveBufferSize:" : "rxbuf="
    reporter.report(
      .uartOverrun, at: place, "UART \(number) lost a byte at \(time): its receive buffer was full",
      advice: "read more often, or make the buffer larger (\(option))")
  }

  /// - Parameter listening: what it does, as in "listens on X2 at 9600 baud".
  func hearsOtherSettings(
    _ listening: String, _ sender: String, _ baudRate: Int, at place: SourceLine?
  ) {
    isFramingReported = true
    reporter.reportOnce(
      .uartFraming, at: place,
      "UART \(number) \(listening) while \(sender) sends at \(baudRate) baud, or with other bits, parity or stop bits",
      advice: "give both ends the same settings")
  }

  func missesStopBit(_ listening: String, at place: SourceLine?) {
    // The sender's settings, where they are known, say more.
    if isFramingReported { return }
    reporter.reportOnce(
      .uartFraming, at: place, "UART \(number) \(listening) and hears a character without a stop bit",
      advice: "give both ends the same settings, and let nothing else drive the line")
  }
}
