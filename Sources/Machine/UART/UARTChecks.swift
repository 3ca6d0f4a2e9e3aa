/// What a UART can be set up as.
extension UART {
  func check(_ settings: UARTSettings) throws(UARTError) {
    let wordLength = settings.bits + (settings.parity == nil ? 0 : 1)
    guard model.dataBits.contains(settings.bits), model == .pl011 || wordLength == 8 || wordLength == 9 else {
      throw .unsupportedBitsAndParity
    }
    let rate = settings.baudRate
    let time = model.bitTime(baudRate: min(max(1, rate), busClock), clock: busClock)
    guard (1...busClock).contains(rate), 20 * abs(time.baudRate - rate) <= time.baudRate else {
      throw .baudRateOutOfReach(actual: time.baudRate)
    }
    guard settings.receiveBufferSize <= UARTError.largestReceiveBuffer else {
      throw .receiveBufferTooLarge(settings.receiveBufferSize)
    }
  }

  func check(_ pin: Pin, carries direction: String) throws(UARTError) {
    let names = signalNames(direction)
    guard pin.functions.contains(where: { names.contains($0.signal) }) else {
      throw .pinWithoutSignal(
        pin.name, signal: names[0],
        available: capablePins.filter { $0.functions.contains { names.contains($0.signal) } }.map(\.name))
    }
  }

  /// `UART4_TX`, `USART2_RX`: the pins' functions tell which of the two words it is.
  func signal(_ direction: String) -> String {
    let pin = direction == "TX" ? txPin : rxPin
    let names = signalNames(direction)
    return pin.functions.first { names.contains($0.signal) }?.signal ?? names[0]
  }

  private func signalNames(_ direction: String) -> [String] {
    ["UART\(number)_\(direction)", "USART\(number)_\(direction)"]
  }
}
