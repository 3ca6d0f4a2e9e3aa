import Machine
import MicroPython

/// `ports/stm32`.
struct STM32Port: MachinePort {
  /// Of the sensor in the STM32F405 at 25 °C, volts (data sheet DS8626, table "Temperature sensor characteristics").
  static let temperatureVoltage = 0.76
  /// Volts of the internal reference and of the supply.
  static let referenceVoltage = 1.21
  static let supply = 3.3

  var uniqueIdentifier: String { String(decoding: IdentityRegisters.uniqueIdentifier, as: UTF8.self) }

  var compilerTarget: CompilerTarget {
    CompilerTarget(assembler: .armv7em, constants: { $0 == "stm" ? STMConstants.all : nil })
  }

  func frequencies(of processor: BoardDescription.Processor) -> any PythonResult {
    PythonTuple(processor.clock, processor.clock, processor.apb1, processor.apb2)
  }

  var spiHighestBitFirst: Int { 0 }
  var spiLowestBitFirst: Int { 128 }

  func pinText(_ pin: Pin) -> String { pin.cpuName }

  // MARK: machine.ADC (ports/stm32/machine_adc.c)

  func analogText(channel: Int) -> String { "<ADC1 channel=\(channel)>" }

  var internalAnalogChannels: [InternalAnalogChannel] {
    [
      InternalAnalogChannel(name: "CORE_VREF", channel: 256, input: .reference),
      InternalAnalogChannel(
        name: "CORE_TEMP", channel: 257, input: .temperature(voltage: Self.temperatureVoltage)),
      InternalAnalogChannel(name: "CORE_VBAT", channel: 258, input: .battery),
    ]
  }

  var fullScaleAnalogChannel: Int? { 0xffff }
  var analogPinMode: PinMode { .analog }

  func noAnalogChannel(_ pin: Pin) -> PythonError {
    .value("Pin(\(pin.cpuName)) does not have ADC capabilities")
  }

  func noAnalogChannel(number: Int) -> PythonError? { .value("not a valid ADC Channel: \(number)") }
}
