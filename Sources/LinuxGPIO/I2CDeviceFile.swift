import CGPIOD
import Glibc
import Machine

/// An I2C bus of this machine behind a controller: `/dev/i2c-1`, or another device file that the board file
/// names.
final class I2CDeviceFile: HostI2CBus {
  /// Longest message that the kernel takes, bytes.
  private static let longestMessage = 8192

  private let path: String
  /// -1 while it is closed.
  private var descriptor: Int32 = -1

  init(path: String) { self.path = path }

  deinit { close() }

  func open() throws(HostPinError) {
    close()
    descriptor = Glibc.open(path, O_RDWR | O_CLOEXEC)
    if descriptor < 0 { throw refusal(errno) }
  }

  func close() {
    if descriptor >= 0 { Glibc.close(descriptor) }
    descriptor = -1
  }

  func transfer(_ messages: [HostI2CMessage]) throws(HostI2CError) -> [[UInt8]] {
    let sizes = messages.map { message in
      switch message.content {
      case .write(let bytes): bytes.count
      case .read(let count): count
      }
    }
    guard messages.count <= cgpiod_i2c_limit, sizes.allSatisfy({ $0 <= Self.longestMessage }) else {
      throw .host(
        HostPinError(
          errorNumber: EINVAL,
          "\(path) takes at most \(Self.longestMessage) bytes in one transfer, and \(cgpiod_i2c_limit) parts")
      )
    }
    // One buffer for all messages, one behind the other.
    var bytes: [UInt8] = []
    for message in messages {
      switch message.content {
      case .write(let written): bytes += written
      case .read(let count): bytes += [UInt8](repeating: 0, count: count)
      }
    }
    let status = bytes.withUnsafeMutableBufferPointer { buffer in
      var start = 0
      let parts = messages.indices.map { index in
        defer { start += sizes[index] }
        var isRead = false
        if case .read = messages[index].content { isRead = true }
        return cgpiod_i2c_message(
          address: UInt8(messages[index].address), is_read: isRead, count: UInt16(sizes[index]),
          bytes: buffer.baseAddress.map { $0 + start })
      }
      // `parts` points into `buffer`, which lives as long as this closure.
      return cgpiod_i2c_transfer(descriptor, parts, Int32(parts.count))
    }
    if status != 0 { throw error(status, address: messages.last?.address ?? 0) }
    var start = 0
    return messages.indices.map { index in
      defer { start += sizes[index] }
      guard case .read = messages[index].content else { return [] }
      return Array(bytes[start..<start + sizes[index]])
    }
  }

  /// Returns the error of the kernel's drivers for a bus (Documentation/i2c/fault-codes.rst).
  private func error(_ number: Int32, address: Int) -> HostI2CError {
    switch number {
    case ENXIO, EREMOTEIO: .bus(.noAcknowledge(address: address))
    case ETIMEDOUT: .bus(.timeout)
    case EAGAIN: .bus(.arbitrationLost)
    case EBUSY: .bus(.busBusy)
    default: .host(HostPinError(errorNumber: number, "\(path): \(SystemError(number: number))"))
    }
  }

  private func refusal(_ number: Int32) -> HostPinError {
    DeviceRefusal(
      path: path, kind: "I2C bus", remedy: "switch it on in raspi-config (Interface Options, I2C)",
      key: "i2cs: device"
    ).error(number)
  }
}
