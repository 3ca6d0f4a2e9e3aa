import Timebase

/// A UART that is a serial port of the host.
extension UART {
  /// As the host's driver, returns when its buffer has taken the characters.
  func send(_ characters: [UInt16], through host: HostSerialLink) throws(UARTError) -> Int {
    guard let settings else { throw .notStarted(number) }
    let bytes = characters.map { UInt8(truncatingIfNeeded: $0) }
    let count = host.send(bytes, settings)
    let now = context.clock.now
    for byte in bytes.prefix(count) { context.trace.record(.uartSent(number, UInt16(byte)), at: now) }
    if count > 0 {
      sentBytes.tell(.bytes(Array(bytes.prefix(count))), at: now)
      let end = now + bitTime.interval(bits: count * settings.frameFormat.bitCount)
      context.clock.schedule(at: end) { [weak interrupts] in interrupts?.raise(.sent, at: end) }
    }
    return count
  }

  func hostReceived(_ bytes: [UInt8], through input: HostSerialInput, at time: Instant) {
    guard let settings, host?.isOpen(input) == true else { return }
    for byte in bytes where intercepts?(UInt16(byte)) != true { keep(UInt16(byte), settings, at: time) }
  }

  func hostFailed(_ error: HostPinError, through input: HostSerialInput) {
    if host?.isOpen(input) == true { context.fail(error) }
  }
}
