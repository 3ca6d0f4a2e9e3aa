import Timebase

/// A controller's end of an I2C bus of the host, in place of the lines to its pins.
final class HostI2CLink {
  private let bus: any HostI2CBus
  private let context: PartContext
  /// Messages written without a stop condition; the host can only send them together with the following ones.
  private var begun: [HostI2CMessage] = []

  init(_ bus: any HostI2CBus, context: PartContext) {
    self.bus = bus
    self.context = context
  }

  /// - Returns: whether the bus is there; the run or the language port reports the error.
  func open() -> Bool {
    do throws(HostPinError) {
      try bus.open()
      return true
    } catch {
      context.fail(error)
      return false
    }
  }

  func close() {
    begun = []
    bus.close()
  }

  /// Writes; the host's driver takes all bytes or none.
  func write(to address: Int, _ bytes: [UInt8], stop: Bool) throws(I2CError) -> Int {
    begun.append(HostI2CMessage(address: address & 0x7f, .write(bytes)))
    if stop { _ = try transfer() }
    return bytes.count
  }

  /// Reads, and ends the transfer.
  func read(from address: Int, count: Int) throws(I2CError) -> [UInt8] {
    begun.append(HostI2CMessage(address: address & 0x7f, .read(count: count)))
    return try transfer()?.last ?? [UInt8](repeating: 0, count: count)
  }

  /// - Returns: `nil` when the host has failed, which is reported.
  private func transfer() throws(I2CError) -> [[UInt8]]? {
    let messages = begun
    begun = []
    do throws(HostI2CError) { return try bus.transfer(messages) } catch {
      switch error {
      case .bus(let error): throw error
      case .host(let error):
        context.fail(error)
        return nil
      }
    }
  }
}
