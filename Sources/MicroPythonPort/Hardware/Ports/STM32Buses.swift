import Machine
import MicroPython

/// `machine.I2C` on the boards of the stm32 port (ports/stm32/machine_i2c.c, ports/stm32/i2c.c).
extension STM32Port {
  private struct I2CSetup {
    var id: Value
    var scl: Value?
    var sda: Value?
    var frequency: Int
    var timeout: Int
  }

  func pinText(_ pin: Pin) -> String { pin.cpuName }
  /// With a warning (extmod/modmachine.h).
  var makesSoftBusesByNumber: Bool { true }

  func defineMaking(of type: PythonClassBuilder<Hardware, HardwareI2C>) {
    let objects = type.objects
    let setup = Signature(
      I2CSetup.init, .required("id", .value), .keyword("scl", .value), .keyword("sda", .value),
      .keyword("freq", .int, default: 400_000), .keyword("timeout", .int, default: 50_000))
    type.make(.rest) { call, arguments -> Value in
      if let soft = call.host.softBusArguments(arguments, "I2C") {
        return try SoftI2CClass.make(soft, call.host)
      }
      let setup = try setup.read(arguments, call.vm)
      let controller = try call.host.i2c(identifier: setup.id)
      guard setup.scl == nil, setup.sda == nil else {
        throw PythonError.value("explicit choice of scl/sda is not implemented")
      }
      let bus = try call.host.i2c(controller, objects)
      bus.receiver.start(frequency: setup.frequency, timeout: setup.timeout)
      return bus.value
    }
  }

  var i2cReadsUntilStop: Bool { true }
  func errorNumber(of error: I2CError, isEmpty: Bool) -> OSErrorNumber { error.errorNumber }

  func text(of bus: HardwareI2C) -> String {
    let controller = bus.controller
    return "I2C(\(controller.number), scl=\(controller.sclPin.cpuName), sda=\(controller.sdaPin.cpuName), "
      + "freq=\(controller.frequency ?? 0))"
  }
}

/// `machine.SPI` (ports/stm32/machine_spi.c, ports/stm32/spi.c).
extension STM32Port {
  var spiHighestBitFirst: Int { 0 }
  var spiLowestBitFirst: Int { 128 }
  var spiRate: Int { 500_000 }
  var spiAlwaysStarts: Bool { true }

  func choosePins(of controller: SPIController, _ setup: SPISetup, _ hardware: Hardware) throws {
    guard setup.sck == nil, setup.mosi == nil, setup.miso == nil else {
      throw PythonError.value("explicit choice of sck/mosi/miso is not implemented")
    }
  }

  func spiBits(_ wanted: Int, isLowestBitFirst: Bool) -> Int { wanted == 16 ? 16 : 8 }
  func pinsText(of controller: SPIController) -> String { "" }
}
