import Machine
import MicroPython

/// `ports/rp2`.
struct RP2Port: MachinePort {
  var modules: [HardwareModule] { [.machine] }
  var missing: [Any.Type] {
    [
      PybModule.self, StmModule.self, NetworkModule.self, PinBaseClass.self, PinAFClass.self,
      I2CTargetClass.self, TimerChannelClass.self, RandomFunction.self, MachineInformation.self,
    ]
  }

  var uniqueIdentifier: String { "VirtPico" }

  var compilerTarget: CompilerTarget { CompilerTarget(assembler: .armv6m) }

  // MARK: Booting, files (ports/rp2/main.c)

  var standardBootFile: String? { nil }
  /// Those of the frozen `_boot.py`.
  var bootModules: [String] { ["machine"] }
  var flashPath: String { "/" }
  var searchPath: [String] { ["/lib"] }
  var hasFactoryFiles: Bool { false }

  // MARK: The processor

  var hasRegisters: Bool { false }
  /// The scratch registers of the watchdog but the one that the boot loader uses (RP2040 data sheet, 4.7.6).
  var backupRegions: [BackupRegion] {
    [BackupRegion(wordCount: 4, isOfWords: true), BackupRegion(wordCount: 3, isOfWords: true)]
  }
  var terminalSlotCount: Int { 1 }
  func missingName(in text: String) -> String? { nil }

  func frequencies(_ frequencies: ClockTree.Frequencies) -> any PythonResult { frequencies.processor }

  /// Accepts the frequencies that the phase-locked loop can make of the crystal's 12 MHz (pico-sdk,
  /// `check_sys_clock_khz`); peripherals keep their 48 MHz.
  func frequencies(setting wanted: [Int], _ now: ClockTree.Frequencies) throws -> ClockTree.Frequencies {
    let kilohertz = wanted[0] / 1000
    let isPossible = (63...133).contains { factor in
      let oscillator = 12_000 * factor
      return (1...7).contains { first in
        (1...first).contains { second in
          oscillator % (first * second) == 0 && oscillator / (first * second) == kilohertz
        }
      }
    }
    guard wanted[0] > 0, isPossible else { throw PythonError.value("cannot change frequency") }
    if wanted.count > 1, wanted[1] != 48_000_000 {
      throw wanted[1] == wanted[0]
        ? PythonError.notEmulated("another clock of the peripherals than 48 MHz is")
        : PythonError.value("peripheral freq must be 48_000_000 or the same as the MCU freq")
    }
    return ClockTree.Frequencies(
      system: kilohertz * 1000, processor: kilohertz * 1000, apb1: now.apb1, apb2: now.apb2)
  }

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
