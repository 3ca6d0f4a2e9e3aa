import Machine
import Timebase

/// A serial EEPROM on I2C, 1 to 512 kbit.
///
/// Addressing, pages and the write cycle of 5 ms as in Atmel's data sheets 0180 (AT24C01 to 16) and 0336 (AT24C32 and 64): up to 16 kbit a byte of
/// address and the rest of it in the device's address, above that two bytes.
public final class AT24: I2CDevice, I2CBehaviour {
  public static let kind = DeviceKind(
    "at24", title: "EEPROM on I2C, 1 to 512 kbit", source: "Atmel 0180 and 0336, AT24C data sheets",
    pins: [
      DeviceKind.Pin("scl"), DeviceKind.Pin("sda"), DeviceKind.Pin("wp", standard: "GND"), .power(),
      .ground(),
    ],
    keys: [
      .address(0x50, in: 0x50...0x57), .pullups,
      DeviceKind.Key(
        "kbit", choices: ["32", "1", "2", "4", "8", "16", "64", "128", "256", "512"], title: "its size"),
    ])

  public let site: DeviceSite
  public let bus: I2CBusPort

  private var memory: [UInt8]
  private let addressBytes: Int
  private let page: Int
  private var address = 0
  /// Bytes of the address that have come in this transfer.
  private var addressCount = 0
  private var written: [(Int, UInt8)] = []
  private var busyUntil = Instant.powerOn

  private static let writeCycle = Interval.milliseconds(5)

  public init(_ site: DeviceSite) throws(DeviceError) {
    self.site = site
    let kbit = Int(site.text("kbit")) ?? 32
    memory = [UInt8](repeating: 0xFF, count: kbit * 128)
    addressBytes = kbit > 16 ? 2 : 1
    page = kbit <= 2 ? 8 : kbit <= 16 ? 16 : kbit <= 64 ? 32 : kbit <= 256 ? 64 : 128
    // Small ones answer to an address for each 256 bytes.
    let blocks = addressBytes == 1 ? max(1, kbit * 128 / 256) : 1
    let first = site.integer("address")
    guard first & (blocks - 1) == 0 else {
      throw DeviceError(
        "address cannot be 0x\(String(first, radix: 16)): \(kbit) kbit take \(blocks) addresses from 0x50 on")
    }
    bus = I2CBusPort(Array(first..<first + blocks), site: site)
    bus.serve(self)
  }

  public var controls: [Control] { busControls }

  /// While it writes it does not acknowledge.
  public func begin(isRead: Bool) -> Bool {
    guard site.now >= busyUntil else { return false }
    if !isRead { addressCount = 0 }
    if addressBytes == 1, let block = bus.selected {
      address = address & 0xFF | (Int(block) - Int(bus.addresses[0])) << 8
    }
    written = []
    return true
  }

  public func write(_ byte: UInt8) -> Bool {
    guard addressCount == addressBytes else {
      addressCount += 1
      let kept = addressBytes == 1 ? address & ~0xFF : addressCount == 1 ? 0 : address << 8
      address = (kept | Int(byte)) % memory.count
      return true
    }
    // A protected one acknowledges, and keeps its contents.
    guard site.pin("wp").level == .low else { return true }
    written.append((address, byte))
    // Behind the end of a page comes its beginning.
    address = address / page * page + (address + 1) % page
    return true
  }

  public func read() -> UInt8 {
    defer { address = (address + 1) % memory.count }
    return memory[address]
  }

  public func end() {
    guard !written.isEmpty else { return }
    for (address, byte) in written { memory[address] = byte }
    written = []
    busyUntil = site.now + Self.writeCycle
  }
}
