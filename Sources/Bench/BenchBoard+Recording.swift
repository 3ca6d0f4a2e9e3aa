import Machine

extension BenchBoard {
  /// Records a signal from now on; of a pin alone, its level.
  public func record(_ signal: String) throws(BenchError) -> SignalRecording {
    SignalRecording(try self.signal(signal), name: signal, clock: clock)
  }
}
