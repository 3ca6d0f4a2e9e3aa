extension HardwareTimer {
  /// Every channel that the timer has, by number.
  var allChannels: [TimerChannel] {
    (1...4).compactMap { number in
      do throws(TimerError) { return try channel(number) } catch { return nil }
    }
  }

  /// The channel that a pin can show.
  public func channel(of pin: Pin) throws(TimerError) -> TimerChannel {
    let prefix = "TIM\(number)_CH"
    let numbers = pin.functions.filter { $0.signal.hasPrefix(prefix) }
      .compactMap { Int($0.signal.dropFirst(prefix.count)) }
    guard let number = numbers.first else { throw .noTimerPin(pin.cpuName, timer: self.number) }
    return try channel(number)
  }

  /// Connects a pin to the timer, by the first of the pin's alternate functions that is one of the timer's. That decides
  /// which channel the pin is on.
  public func connect(_ pin: Pin) throws(TimerError) {
    let function = pin.functions.first { $0.number != nil && $0.signal.hasPrefix("TIM\(number)_") }
    guard let function else { throw .noTimerPin(pin.cpuName, timer: number) }
    pin.configure(.alternatePushPull, alternateFunction: function.number)
  }

  /// The compare value that is active all the time: the period and one, or the period of a counter that counts both ways.
  public var fullCompare: Int {
    let period = division.period
    return mode == .center || period == Int(UInt32.max) ? period : period + 1
  }
}
