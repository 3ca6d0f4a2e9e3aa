import Timebase

/// Puts characters on the line to a UART's receiver from outside, as a device there with the port's own settings sends them.
final class UARTOutsideSender {
  private let name: String
  private let context: PartContext
  /// Made for the first character with present settings.
  private var transmitter: SerialTransmitter?
  private var driver: NetDriver?

  /// - Parameter name: of what drives the line.
  init(name: String, _ context: PartContext) {
    self.name = name
    self.context = context
  }

  /// The port was set up anew.
  func settingsChanged() { transmitter = nil }

  /// Sends bytes behind what is still being sent; those that find too much waiting are lost, and that is reported.
  func send(_ bytes: [UInt8], to net: Net, _ settings: UARTSettings?, _ bitTime: BitTime) {
    let transmitter = transmitter ?? makeTransmitter(on: net, settings, bitTime)
    for byte in bytes {
      guard !transmitter.isFull else {
        context.reportFullLine(of: name)
        break
      }
      transmitter.send(UInt16(byte))
    }
  }

  private func makeTransmitter(
    on net: Net, _ settings: UARTSettings?, _ bitTime: BitTime
  ) -> SerialTransmitter {
    let driver = driver ?? NetDriver(name: name)
    if driver.net !== net { net.attach(driver) }
    let isInverted = settings?.isRXInverted ?? false
    driver.drive(isInverted ? .low : .high)
    let transmitter = SerialTransmitter(
      clock: context.clock, output: driver, format: settings?.frameFormat ?? SerialFormat(), bitTime: bitTime,
      isInverted: isInverted)
    self.driver = driver
    self.transmitter = transmitter
    return transmitter
  }
}
