import Timebase

/// The sending end of a UART while it is set up: how long a write takes, and how much of it the board's driver takes.
final class UARTSender {
  private let transmitter: SerialTransmitter
  private let settings: UARTSettings
  private let model: UARTModel
  private let clock: Clock

  init(_ transmitter: SerialTransmitter, _ settings: UARTSettings, _ model: UARTModel, _ clock: Clock) {
    self.transmitter = transmitter
    self.settings = settings
    self.model = model
    self.clock = clock
  }

  /// Whether a character can be written at once. Without a transmit buffer that is whenever no write is going on.
  var hasRoom: Bool { roomTime.map { clock.now >= $0 } ?? true }

  /// Whether the last bit of everything written is out.
  var isIdle: Bool { clock.now >= transmitter.wireFree }

  /// Waits until the last bit of everything written is out.
  func flush() { _ = wait(until: transmitter.wireFree) }

  /// Holds the line low for one character. A request while there is one is the same request: SBK stays set until the
  /// break is out.
  func sendBreak() {
    if !transmitter.endsWithBreak { transmitter.send(0, isBreak: true) }
  }

  /// Puts a character behind the others.
  /// - Returns: when its first bit begins.
  func begin(_ value: UInt16) -> Instant { transmitter.send(value) }

  /// Sends characters; without a transmit buffer it waits until the last bit is out.
  /// - Parameter flow: holds characters back while the other end wants none; `nil` for no flow control.
  /// - Returns: how many were taken; fewer when one had to wait for longer than the time-out, when the wait was abandoned or
  ///   the power went.
  func send(_ characters: [UInt16], _ flow: UARTFlowControl?) -> Int {
    if model == .pl011 { return fill(characters) }
    for (index, value) in characters.enumerated() {
      if let flow {
        // The driver waits for the data register, for its own time before the first character.
        let patience = index == 0 ? settings.timeout : 2 * settings.timeoutBetweenBytes
        guard wait(milliseconds: patience, until: { !flow.isHolding }) else { return index }
        // A character begins only if the other end lets it when the one before is out.
        guard wait(until: transmitter.wireFree) else { return index }
        if !flow.isClearToSend {
          flow.hold(value)
          continue
        }
      }
      let start = transmitter.send(value)
      // The transmit register takes the next character when this one moves on to the shift register, so a handler
      // that runs for less than a character leaves no gap.
      guard wait(until: start) else { return index + 1 }
    }
    if let flow { _ = wait(milliseconds: 2 * settings.timeoutBetweenBytes) { !flow.isHolding } }
    _ = wait(until: transmitter.wireFree)
    return characters.count
  }

  /// Puts characters into the transmit buffer; waits for room as long as the settings say, first for `timeout`, then
  /// for `timeoutBetweenBytes` each.
  private func fill(_ characters: [UInt16]) -> Int {
    var hasWaited = false
    for (index, value) in characters.enumerated() {
      if let room = roomTime, room > clock.now {
        let patience = hasWaited ? settings.timeoutBetweenBytes : settings.timeout
        // The driver counts the system's milliseconds and gives up when more than these have passed.
        let deadline = Instant.powerOn + .milliseconds(clock.now.milliseconds + patience + 1)
        guard wait(until: min(room, deadline)), room <= deadline else { return index }
        hasWaited = true
      }
      transmitter.send(value)
    }
    return characters.count
  }

  /// When there will be room for one more character; `nil` when there has been all along.
  private var roomTime: Instant? {
    guard model == .pl011 else { return transmitter.wireFree }
    let waiting = transmitter.charactersWithoutGap - settings.transmitBufferSize - model.hardwareBuffer
    return waiting >= 0 ? transmitter.start(ofCharacter: waiting) : nil
  }

  private func wait(until instant: Instant) -> Bool {
    let left = instant - clock.now
    return left <= .zero || clock.busy(for: left)
  }

  /// - Returns: whether it has become true in time.
  private func wait(milliseconds: Int64, until condition: () -> Bool) -> Bool {
    let end = clock.now + .milliseconds(milliseconds)
    while !condition() {
      guard clock.now < end, clock.busy(for: .microseconds(10)) else { return condition() }
    }
    return true
  }
}
