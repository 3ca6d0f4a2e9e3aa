import Machine
import Timebase

/// A device's behaviour on an SPI bus, byte by byte.
protocol SPIBehaviour: AnyObject {
  /// Its select pin went low.
  func selected()
  /// The byte that goes out while the next one comes in.
  func nextByte() -> UInt8
  /// A byte has come.
  func take(_ byte: UInt8)
  func deselected()
}

extension SPIBehaviour {
  func selected() {}
  func nextByte() -> UInt8 { 0xFF }
  func deselected() {}
}

/// Ties a device to an SPI bus in modes 0 and 3: bits are read at rising edges of the clock and put out at falling ones, the highest first.
final class SPIPort {
  /// The bits of an incomplete byte that have come in.
  private(set) var bitCount = 0

  private let sck: Terminal
  private let mosi: Terminal
  private let miso: Terminal?
  private let select: Terminal
  private weak var behaviour: (any SPIBehaviour)?
  private var listening: [NetListening] = []
  private var incoming: UInt8 = 0
  private var outgoing: UInt8 = 0xFF

  /// - Parameter site: of a kind with pins `sck`, `mosi` and `cs`, perhaps `miso`.
  init(_ site: DeviceSite) {
    sck = site.pin("sck")
    mosi = site.pin("mosi")
    select = site.pin("cs")
    miso = site.terminals.first { $0.name == "miso" }
  }

  func serve(_ behaviour: any SPIBehaviour) {
    self.behaviour = behaviour
    listening = [
      sck.net.listen { [unowned self] edge in clockChanged(to: edge.level) },
      select.net.listen { [unowned self] edge in selectChanged(to: edge.level) },
    ]
  }

  private var isSelected: Bool { select.level == .low }

  private func selectChanged(to level: Level) {
    bitCount = 0
    if level == .low {
      behaviour?.selected()
      outgoing = behaviour?.nextByte() ?? 0xFF
      putOut()
    } else {
      miso?.release()
      behaviour?.deselected()
    }
  }

  private func clockChanged(to level: Level) {
    guard isSelected else { return }
    guard level == .high else { return putOut() }
    incoming = incoming << 1 | (mosi.level == .high ? 1 : 0)
    bitCount += 1
    guard bitCount == 8 else { return }
    bitCount = 0
    behaviour?.take(incoming)
    outgoing = behaviour?.nextByte() ?? 0xFF
  }

  private func putOut() { miso?.drive(outgoing >> UInt8(7 - bitCount) & 1 == 1 ? .high : .low) }
}
