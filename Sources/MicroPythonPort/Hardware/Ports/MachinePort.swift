import Machine
import MicroPython

/// What one of MicroPython's ports does differently in `machine`: constants, texts, and how arguments are read. The classes
/// themselves are the same for every port, as `extmod` and `ports/*/machine_*.c` divide it on the board.
protocol MachinePort: Sendable {
  /// What `machine.unique_id()` gives.
  var uniqueIdentifier: String { get }

  /// What the compiler knows of the processor: inline assembler, constants of modules.
  var compilerTarget: CompilerTarget { get }

  /// What `machine.freq()` tells.
  func frequencies(of processor: BoardDescription.Processor) -> any PythonResult

  // MARK: machine.SoftI2C, machine.SoftSPI

  /// A pin as buses of firmware's own print it.
  func pinText(_ pin: Pin) -> String

  // MARK: machine.ADC

  /// How an `ADC` object prints.
  func analogText(channel: Int) -> String
  /// Channels that no pin has.
  var internalAnalogChannels: [InternalAnalogChannel] { get }
  /// The channel that gives the largest reading without measuring anything; nil where there is none.
  var fullScaleAnalogChannel: Int? { get }
  /// What a pin is set to when its channel is made of it.
  var analogPinMode: PinMode { get }
  /// The error for a pin that no channel belongs to.
  func noAnalogChannel(_ pin: Pin) -> PythonError
  /// The error for a number that is no channel's; nil where a number may be a pin's then.
  func noAnalogChannel(number: Int) -> PythonError?
}

struct InternalAnalogChannel {
  let name: String
  let channel: Int
  let input: AnalogInput
}

extension BoardDescription.Port {
  var machinePort: any MachinePort {
    switch self {
    case .stm32: STM32Port()
    case .rp2: RP2Port()
    }
  }
}
