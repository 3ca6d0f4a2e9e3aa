import CGPIOD
import Glibc
import Machine

/// An SPI bus of this machine behind a controller: `/dev/spidev0.0`, or another device file that the board
/// file names.
final class SPIDeviceFile: HostSPIBus {
  private let path: String
  /// -1 while it is closed.
  private var descriptor: Int32 = -1
  private var hasLongWords = false

  init(path: String) { self.path = path }

  deinit { close() }

  func open(_ settings: SPISettings) throws(HostPinError) {
    close()
    let descriptor = Glibc.open(path, O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else { throw refusal(errno) }
    var wanted = cgpiod_spi_settings(
      baud_rate: UInt32(clamping: settings.baudRate), idles_high: settings.polarity != 0,
      reads_at_second_edge: settings.phase != 0, lowest_bit_first: settings.isLowestBitFirst)
    let status = cgpiod_spi_configure(descriptor, &wanted)
    guard status == 0 else {
      Glibc.close(descriptor)
      throw refusal(status)
    }
    // Drivers have words of eight bits: the halves of longer ones change places, unless the lowest bit goes first.
    hasLongWords = settings.bits > 8 && !settings.isLowestBitFirst
    self.descriptor = descriptor
  }

  func transfer(_ bytes: [UInt8]) throws(HostPinError) -> [UInt8] {
    var bytes = inWireOrder(bytes)
    var start = 0
    while start < bytes.count {
      let count = min(Int(cgpiod_spi_longest), bytes.count - start)
      let status = bytes.withUnsafeMutableBufferPointer { buffer in
        // Inside of the buffer, and not empty.
        cgpiod_spi_transfer(descriptor, buffer.baseAddress! + start, UInt32(count))
      }
      guard status == 0 else {
        throw HostPinError(errorNumber: status, "\(path): \(SystemError(number: status))")
      }
      start += count
    }
    return inWireOrder(bytes)
  }

  private func inWireOrder(_ bytes: [UInt8]) -> [UInt8] {
    guard hasLongWords else { return bytes }
    var swapped = bytes
    for index in stride(from: 0, to: bytes.count - 1, by: 2) { swapped.swapAt(index, index + 1) }
    return swapped
  }

  func close() {
    if descriptor >= 0 { Glibc.close(descriptor) }
    descriptor = -1
  }

  private func refusal(_ number: Int32) -> HostPinError {
    DeviceRefusal(
      path: path, kind: "SPI bus", remedy: "switch it on in raspi-config (Interface Options, SPI)",
      key: "spis: device", whenUnfit: "that polarity, phase or order of bits", whenOther: "an SPI bus"
    ).error(number)
  }
}
