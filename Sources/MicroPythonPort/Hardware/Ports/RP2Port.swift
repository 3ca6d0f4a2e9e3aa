import Machine
import MicroPython

/// `ports/rp2`.
struct RP2Port: MachinePort {
  var uniqueIdentifier: String { "VirtPico" }

  var compilerTarget: CompilerTarget { CompilerTarget(assembler: .armv6m) }

  func frequencies(of processor: BoardDescription.Processor) -> any PythonResult { processor.clock }

  var spiHighestBitFirst: Int { 1 }
  var spiLowestBitFirst: Int { 0 }

  func pinText(_ pin: Pin) -> String { "\(pin.number)" }

  // MARK: machine.ADC (ports/rp2/machine_adc.c)

  func analogText(channel: Int) -> String { "<ADC channel=\(channel)>" }

  var internalAnalogChannels: [InternalAnalogChannel] {
    // 0.706 V at 27 °C, 1.721 mV less for each degree (RP2040 data sheet, 4.9.5); the board has 25 °C.
    [
      InternalAnalogChannel(
        name: "CORE_TEMP", channel: 4, input: .temperature(voltage: 0.706 + 2 * 0.001721))
    ]
  }

  var fullScaleAnalogChannel: Int? { nil }
  var analogPinMode: PinMode { .input }
  func noAnalogChannel(_ pin: Pin) -> PythonError { .value("Pin doesn't have ADC capabilities") }
  func noAnalogChannel(number: Int) -> PythonError? { nil }
}
