import Timebase

/// The two lines with which UARTs hold each other back (RM0090, 30.3.13): nRTS, low while this one has room, and nCTS, on which it sends
/// while that is low.
final class UARTFlowControl {
  private let rts: PinOutput?
  private let cts: Pin?
  private var listening: NetListening?
  /// The character in the data register, which waits for the other end.
  private var held: UInt16?
  /// Sends the character that was held.
  var release: ((UInt16) -> Void)?

  init(rts: PinOutput?, cts: Pin?) {
    self.rts = rts
    self.cts = cts
    listening = cts?.net.listen { [unowned self] edge in
      guard edge.level == .low, let character = held else { return }
      held = nil
      release?(character)
    }
  }

  /// Whether the other end lets characters go.
  var isClearToSend: Bool { cts.map { $0.net.level == .low } ?? true }

  /// Whether the data register is full.
  var isHolding: Bool { held != nil }

  func hold(_ character: UInt16) { held = character }

  func tell(hasRoom: Bool) { rts?.drive(hasRoom ? .low : .high, at: nil) }
}
