/// A pulse-width output of the host at one of a board's pins, whose times the host's hardware keeps.
///
/// It belongs to the board's thread.
public protocol HostPulseOutput: AnyObject {
  /// Puts out pulses, from now on or instead of the ones before.
  /// - Parameters:
  ///   - period: nanoseconds.
  ///   - pulse: nanoseconds that the pin is high, or low when inverted; at most the period.
  func set(period: Int, pulse: Int, isInverted: Bool) throws(HostPinError)
  /// No more pulses.
  func stop()
}

/// A pin's end of a pulse-width output of the host.
public final class HostPulses {
  private let output: any HostPulseOutput
  private let context: PartContext

  init(_ output: any HostPulseOutput, context: PartContext) {
    self.output = output
    self.context = context
  }

  /// As the output's; the run or the language port reports its refusal.
  public func set(period: Int, pulse: Int, isInverted: Bool) {
    do throws(HostPinError) {
      try output.set(period: period, pulse: min(pulse, period), isInverted: isInverted)
    } catch { context.fail(error) }
  }

  public func stop() { output.stop() }
}
