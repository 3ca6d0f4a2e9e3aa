import Machine
import MicroPython

/// `machine.I2C` on the boards of the rp2 port (ports/rp2/machine_i2c.c).
extension RP2Port {
  func pinText(_ pin: Pin) -> String { "\(pin.number)" }
  var makesSoftBusesByNumber: Bool { false }

  func defineMaking(of type: PythonClassBuilder<Hardware, HardwareI2C>) {
    let objects = type.objects
    type.make(
      .optional("id", .int, default: 0), .optional("freq", .int), .keyword("scl", .value),
      .keyword("sda", .value), .keyword("timeout", .int)
    ) { call, id, frequency, scl, sda, timeout -> Value in
      let bus = try call.host.i2c(call.host.i2c(number: id), objects)
      let controller = bus.receiver.controller
      if let scl, !scl.isNone { try choose(scl, "SCL", controller, call.host) }
      if let sda, !sda.isNone { try choose(sda, "SDA", controller, call.host) }
      let isNew = frequency != nil || scl != nil || sda != nil || timeout != nil
      if isNew || controller.frequency == nil {
        bus.receiver.start(frequency: frequency ?? 400_000, timeout: timeout ?? 50_000)
      }
      return bus.value
    }
  }

  private func choose(
    _ value: Value, _ line: String, _ controller: I2CController, _ hardware: Hardware
  ) throws {
    let pin = try hardware.findPin(value)
    do { try controller.choose(pin, for: line) } catch { throw PythonError.value("bad \(line) pin") }
  }

  var i2cReadsUntilStop: Bool { false }

  /// The driver has one number for whatever is not acknowledged, but bit-bangs empty transfers.
  func errorNumber(of error: I2CError, isEmpty: Bool) -> OSErrorNumber {
    if case .noAcknowledge = error, !isEmpty { return .ioError }
    return error.errorNumber
  }

  func text(of bus: HardwareI2C) -> String {
    let controller = bus.controller
    return "I2C(\(controller.number), freq=\(controller.frequency ?? 0), scl=\(controller.sclPin.number), "
      + "sda=\(controller.sdaPin.number), timeout=\(bus.timeout))"
  }
}

/// `machine.SPI` (ports/rp2/machine_spi.c).
extension RP2Port {
  var spiHighestBitFirst: Int { 1 }
  var spiLowestBitFirst: Int { 0 }
  var spiRate: Int { 1_000_000 }
  var spiAlwaysStarts: Bool { false }

  func choosePins(of controller: SPIController, _ setup: SPISetup, _ hardware: Hardware) throws {
    for (line, value) in [("SCK", setup.sck), ("MOSI", setup.mosi), ("MISO", setup.miso)] {
      guard let value, !value.isNone else { continue }
      guard controller.choose(try hardware.findPin(value), for: line) else {
        throw PythonError.value("bad \(line) pin")
      }
    }
  }

  /// 4 to 16 (RP2040 data sheet, 4.4.4), of which the highest always goes first.
  func spiBits(_ wanted: Int, isLowestBitFirst: Bool) throws(PythonError) -> Int {
    if isLowestBitFirst { throw PythonError(.notImplementedError, "LSB") }
    return min(max(wanted, 4), 16)
  }

  func pinsText(of controller: SPIController) -> String {
    let pins = [controller.sckPin, controller.mosiPin, controller.misoPin].map(\.number)
    return ", sck=\(pins[0]), mosi=\(pins[1]), miso=\(pins[2])"
  }
}
