import Machine
import MicroPython
import Timebase

/// The differences of one of MicroPython's ports in `machine`: constants, texts, and how arguments are read.
/// The classes themselves are the same for every port, as `extmod` and `ports/*/machine_*.c` divide it on the
/// board.
protocol MachinePort: Sendable {
  // MARK: Modules and classes

  /// The modules of the hardware.
  var modules: [HardwareModule] { get }
  /// Modules, classes and groups of functions of the registries that the port has not.
  var missing: [Any.Type] { get }

  // MARK: The board

  /// The value of `machine.unique_id()`.
  var uniqueIdentifier: String { get }

  /// The processor as the compiler sees it: inline assembler, constants of modules.
  var compilerTarget: CompilerTarget { get }

  /// Returns the value of `machine.freq()`.
  func frequencies(_ frequencies: ClockTree.Frequencies) -> any PythonResult
  /// Returns the frequencies that `machine.freq(…)` sets.
  /// - Throws: `PythonError` for frequencies that the processor's clocks cannot have.
  func frequencies(setting wanted: [Int], _ now: ClockTree.Frequencies) throws -> ClockTree.Frequencies

  // MARK: Booting, files

  /// What runs first where the flash holds no `boot.py`; nil for nothing.
  var standardBootFile: String? { get }
  /// The modules that booting leaves in `__main__`.
  var bootModules: [String] { get }
  /// The path at which the board mounts its flash.
  var flashPath: String { get }
  /// The board's entries in `sys.path` besides the current directory and the frozen modules.
  var searchPath: [String] { get }
  /// Whether a new file system gets files from the factory.
  var hasFactoryFiles: Bool { get }

  // MARK: The processor

  /// Whether the processor's registers are emulated (`machine.mem32`).
  var hasRegisters: Bool { get }
  /// What the text of an error names that the board has and the emulator has not; nil for nothing.
  func missingName(in text: String) -> String?

  /// Defines `freq` of `machine` and `pyb`.
  func defineFrequencies(in module: PythonModuleBuilder<Hardware>)
  /// How long the driver takes to change frequencies.
  var frequencyChangeTime: Interval { get }
  /// Starts what `WDT(id, timeout)` names.
  /// - Parameter timeout: milliseconds.
  func startWatchdog(_ id: Value, timeout: Int, _ hardware: Hardware) throws -> Watchdog
  /// The names of `lightsleep`.
  var lightSleepNames: [String] { get }
  /// Sleeps with memory and pins as they are.
  /// - Parameter milliseconds: as firmware gives them; nil where it gives none.
  func sleepLightly(_ milliseconds: Value?, _ hardware: Hardware) throws
  /// Sleeps until a reset.
  func sleepDeeply(_ milliseconds: Value?, _ hardware: Hardware) throws
  /// The constants for `reset_cause()`.
  var resetCauses: KeyValuePairs<String, ResetCause> { get }
  /// The cause of the reset that `reset()` makes.
  var causeOfReset: ResetCause { get }
  /// The memory that resets leave alone, in the order of `machine.mem_backup`.
  var backupRegions: [BackupRegion] { get }
  /// How many streams `os.dupterm` attaches at most.
  var terminalSlotCount: Int { get }

  // MARK: machine.I2C, machine.SoftI2C

  /// A pin as buses of firmware's own print it.
  func pinText(_ pin: Pin) -> String
  /// Whether `I2C` and `SPI` without a number, or with -1, are made of any pins.
  var makesSoftBusesByNumber: Bool { get }
  /// Defines what `I2C(…)` does.
  func defineMaking(of type: PythonClassBuilder<Hardware, HardwareI2C>)
  /// Whether the driver ends each read with a stop condition, and reads at least one byte.
  var i2cReadsUntilStop: Bool { get }
  /// The number with which a transfer fails.
  /// - Parameter isEmpty: whether it had no bytes besides the address.
  func errorNumber(of error: I2CError, isEmpty: Bool) -> OSErrorNumber
  /// How an `I2C` prints.
  func text(of bus: HardwareI2C) -> String

  // MARK: machine.Pin

  var pinConstants: PinConstants { get }
  /// Handles the arguments of `Pin(…)` and `Pin.init` after the pin.
  func configure(_ pin: Pin, _ arguments: Arguments, _ hardware: Hardware) throws
  /// How a `Pin` prints.
  func text(of pin: Pin) -> String
  /// - Parameter isText: whether it was a str that names no pin.
  func noSuchPin(named name: String, isText: Bool) -> PythonError
  /// Whether what names no pin has to be a str all the same, for the text of the error.
  var pinNamesAreText: Bool { get }
  /// The edges that a number of `Pin.irq` stands for; nil for none, where a port allows that.
  func edgeTrigger(_ number: Int) throws(PythonError) -> EdgeTrigger?
  /// Whether `Pin.irq` returns an object.
  var hasPinIRQObject: Bool { get }
  /// Returns the text before the traceback of a pin's handler that raised.
  func pinComplaint(_ pin: Pin) -> String
  /// Methods that `Pin` has on this port only.
  func addPinMembers(to type: PythonClassBuilder<Hardware, Pin>)

  // MARK: machine.UART

  var uartConstants: UARTConstants { get }
  /// Handles the arguments of `UART(id, …)` after the number.
  func construct(_ uart: UART, _ arguments: Arguments, _ hardware: Hardware) throws
  /// Handles `UART.init`.
  func start(_ uart: UART, _ arguments: Arguments, _ hardware: Hardware) throws
  /// How a `UART` prints.
  func text(of uart: UART) -> String
  /// The error for a trigger of `UART.irq` that does not exist.
  func unsupportedTrigger(_ number: Int) -> PythonError
  /// Methods that `UART` has on this port only.
  func addUARTMembers(to type: PythonClassBuilder<Hardware, UARTObject>)

  // MARK: machine.SPI, machine.SoftSPI

  /// The values of `SPI.MSB` and `SPI.LSB`.
  var spiHighestBitFirst: Int { get }
  var spiLowestBitFirst: Int { get }
  /// The clock of an `SPI(id)`, Hz.
  var spiRate: Int { get }
  /// Whether `SPI(id)` sets a bus up anew that is set up already.
  var spiAlwaysStarts: Bool { get }
  /// Handles the pins among the arguments of `SPI(…)`.
  func choosePins(of controller: SPIController, _ setup: SPISetup, _ hardware: Hardware) throws
  /// Returns how many bits the driver sends at a time where firmware asks for some number.
  /// - Throws: `PythonError` for an order of bits that the driver has not.
  func spiBits(_ wanted: Int, isLowestBitFirst: Bool) throws(PythonError) -> Int
  /// What an `SPI` prints of its pins.
  func pinsText(of controller: SPIController) -> String

  // MARK: machine.PWM

  /// The output that a pin's pulses come from.
  /// - Parameter outputs: those that firmware has used.
  func pwmOutput(_ pin: Pin, _ outputs: PWMOutputs, _ board: Board) throws -> any PWMOutput

  // MARK: machine.ADC

  /// How an `ADC` object prints.
  func analogText(channel: Int) -> String
  /// Channels that no pin has.
  var internalAnalogChannels: [InternalAnalogChannel] { get }
  /// The channel that gives the largest reading without measuring anything; nil where there is none.
  var fullScaleAnalogChannel: Int? { get }
  /// The mode that a pin is set to when its channel is made.
  var analogPinMode: PinMode { get }
  /// The error for a pin that no channel belongs to.
  func noAnalogChannel(_ pin: Pin) -> PythonError
  /// The error for a number that is no channel's; nil where a number may be a pin's then.
  func noAnalogChannel(number: Int) -> PythonError?
}

extension BoardDescription.Identity {
  var machinePort: any MachinePort { port.machinePort }
}

extension MachinePort {
  func edgeTrigger(_ number: Int) throws(PythonError) -> EdgeTrigger? { try pinConstants.edgeTrigger(number) }

  /// Whether the port has a module or a group of functions.
  func has(_ kind: Any.Type) -> Bool { !missing.contains { $0 == kind } }

  /// Whether the port has a class, which may be in no module but returned by others.
  func has(class kind: any HardwareClass.Type) -> Bool {
    has(kind) && (kind.modules.isEmpty || kind.modules.contains { modules.contains($0) })
  }
}

extension PythonModule where Host == Hardware {
  static func exists(on host: Hardware) -> Bool { host.port.has(Self.self) }
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
