import Timebase

/// The shift register of an SPI peripheral that follows another controller's clock: one bit out and one in for each of its periods.
final class SPIShiftRegister {
  private(set) var received: [Bool] = []
  private let bits: [Bool]
  private let mosi: Net
  private let miso: PinOutput
  private let readsAt: Level
  private var sent = 0
  private var listening: NetListening?

  /// - Parameters:
  ///   - bits: the bits that go out; as many come in.
  ///   - readsAt: the level of the clock behind the edge at which bits are read.
  init(_ bits: [Bool], clock: Net, mosi: Net, miso: PinOutput, settings: SPISettings) {
    self.bits = bits
    self.mosi = mosi
    self.miso = miso
    readsAt = (settings.polarity == 0) == (settings.phase == 0) ? .high : .low
    // Read at the first edge, a bit has to be there before it.
    if settings.phase == 0 { putNext(at: nil) }
    listening = clock.listen { [unowned self] edge in follow(edge) }
  }

  var isDone: Bool { received.count >= bits.count }

  private func follow(_ edge: Net.Edge) {
    guard !isDone else { return }
    if edge.level == readsAt {
      received.append(mosi.level == .high)
    } else {
      putNext(at: edge.time)
    }
  }

  private func putNext(at time: Instant?) {
    guard sent < bits.count else { return }
    miso.drive(bits[sent] ? .high : .low, at: time)
    sent += 1
  }
}
