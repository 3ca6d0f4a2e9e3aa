import Timebase

/// The two lines with which UARTs hold each other back (RM0090, 30.3.13): nRTS, low while this one has room, and nCTS, on which it sends
/// while that is low.
final class UARTFlowControl {
  /// A pin, and the alternate function that it has for the line.
  typealias Line = (pin: Pin, signal: String)

  private let rtsLine: Line?
  private let ctsLine: Line?
  private let rts: PinOutput?
  private var listening: NetListening?
  /// The character in the data register, which waits for the other end.
  private var held: UInt16?

  /// Takes the pins.
  /// - Parameter release: sends the character that was held.
  init(rts: Line?, cts: Line?, release: @escaping (UInt16) -> Void) {
    rtsLine = rts
    ctsLine = cts
    self.rts = rts.map { $0.pin.connectPeripheral($0.signal, output: .low) }
    if let cts { cts.pin.connectPeripheral(cts.signal, output: nil, pull: .up) }
    listening = cts?.pin.net.listen { [unowned self] edge in
      guard edge.level == .low, let character = held else { return }
      held = nil
      release(character)
    }
  }

  /// Gives the pins back.
  func stop() {
    listening = nil
    if let rtsLine { rtsLine.pin.disconnectPeripheral(rtsLine.signal) }
    if let ctsLine { ctsLine.pin.disconnectPeripheral(ctsLine.signal) }
  }

  /// Whether the other end lets characters go.
  var isClearToSend: Bool { ctsLine.map { $0.pin.net.level == .low } ?? true }

  /// Whether the data register is full.
  var isHolding: Bool { held != nil }

  func hold(_ character: UInt16) { held = character }

  func tell(hasRoom: Bool) { rts?.drive(hasRoom ? .low : .high, at: nil) }
}
