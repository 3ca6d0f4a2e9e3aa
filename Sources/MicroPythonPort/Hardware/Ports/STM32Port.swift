import Machine
import MicroPython

/// `ports/stm32`.
struct STM32Port: MachinePort {
  /// The voltage of the sensor in the STM32F405 at 25 °C, volts (data sheet DS8626, table "Temperature sensor
  /// characteristics").
  static let temperatureVoltage = 0.76
  /// Volts of the internal reference and of the supply.
  static let referenceVoltage = 1.21
  static let supply = 3.3

  var modules: [HardwareModule] { [.machine, .pyb] }
  var missing: [Any.Type] { [] }

  var uniqueIdentifier: String { String(decoding: IdentityRegisters.uniqueIdentifier, as: UTF8.self) }

  var compilerTarget: CompilerTarget {
    CompilerTarget(assembler: .armv7em, constants: { $0 == "stm" ? STMConstants.all : nil })
  }

  // MARK: Booting, files (ports/stm32/main.c)

  var standardBootFile: String? { FactoryFiles.boot }
  /// Those of the factory's `boot.py`.
  var bootModules: [String] { ["machine", "pyb"] }
  var flashPath: String { "/flash" }
  var searchPath: [String] { ["/flash", "/flash/lib"] }
  var hasFactoryFiles: Bool { true }

  // MARK: The processor

  var hasRegisters: Bool { true }
  /// 4 KiB of backup SRAM, and the twenty backup registers of the real-time clock (RM0090, 2.3.1 and 26.6.20).
  var backupRegions: [BackupRegion] {
    [BackupRegion(wordCount: 1024, isOfWords: false), BackupRegion(wordCount: 20, isOfWords: true)]
  }
  var terminalSlotCount: Int { 3 }
  func missingName(in text: String) -> String? { MissingNames.name(in: text) }

  func frequencies(_ frequencies: ClockTree.Frequencies) -> any PythonResult {
    PythonTuple(frequencies.system, frequencies.processor, frequencies.apb1, frequencies.apb2)
  }

  /// MHz: the frequencies that the phase-locked loop makes of the crystal's 12 MHz with 48 MHz left for USB,
  /// and the crystal itself (ports/stm32, boards/pllvalues.py).
  private static let systemClocks = [
    12, 24, 30, 32, 36, 40, 42, 48, 54, 56, 60, 64, 72, 84, 96, 108, 120, 144, 168, 192, 216,
  ]

  /// `freq(sysclk, hclk, pclk1, pclk2)` (ports/stm32/powerctrl.c): the system clock is the next possible one
  /// below, the others are divided from it.
  func frequencies(setting wanted: [Int], _ now: ClockTree.Frequencies) throws -> ClockTree.Frequencies {
    let asked = wanted[0]
    let processor = wanted.count > 1 ? wanted[1] : asked
    let apb1 = wanted.count > 2 ? wanted[2] : asked / 4
    let apb2 = wanted.count > 3 ? wanted[3] : asked / 2
    let present = [now.system, now.processor, now.apb1, now.apb2]
    if [asked, processor, apb1, apb2] == present { return now }
    guard asked > 0, asked <= UInt32.max,
      let megahertz = Self.systemClocks.last(where: { $0 <= asked / 1_000_000 })
    else {
      throw PythonError.value("invalid freq")
    }
    let system = megahertz * 1_000_000
    let main = system / Self.divider([1, 2, 4, 8, 16, 64, 128, 256, 512], for: asked, processor)
    // The dividers follow from the requested clock, divided so.
    let divided = asked * main / system
    let busDividers = [1, 2, 4, 8, 16]
    return ClockTree.Frequencies(
      system: system, processor: main, apb1: main / Self.divider(busDividers, for: divided, apb1),
      apb2: main / Self.divider(busDividers, for: divided, apb2))
  }

  /// The smallest divider that is not below the one that is needed.
  private static func divider(_ dividers: [Int], for clock: Int, _ wanted: Int) -> Int {
    let needed = wanted > 0 ? clock / wanted : 0
    return dividers.first { needed <= $0 } ?? dividers[dividers.count - 1]
  }

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
