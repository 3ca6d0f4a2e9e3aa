import Machine
import MicroPython
import Timebase

/// Clocks, sleep and resets of the stm32 port (ports/stm32/modmachine.c, ports/stm32/powerctrl.c).
extension STM32Port {
  func defineFrequencies(in module: PythonModuleBuilder<Hardware>) {
    module.function(
      "freq", .optional("sysclk", .int), .optional("hclk", .int), .optional("pclk1", .int),
      .optional("pclk2", .int)
    ) { call, system, processor, apb1, apb2 in
      try SystemFunctions.frequencies(call, [system, processor, apb1, apb2])
    }
  }

  /// The driver lets the USB finish first.
  var frequencyChangeTime: Interval { .milliseconds(5) }

  var lightSleepNames: [String] { ["lightsleep", "sleep"] }

  func sleepLightly(_ milliseconds: Value?, _ hardware: Hardware) throws {
    if let milliseconds { try RTCClass.wakeUp(in: hardware, milliseconds) }
    try hardware.stop(until: nil)
  }

  func sleepDeeply(_ milliseconds: Value?, _ hardware: Hardware) throws {
    if let milliseconds { try RTCClass.wakeUp(in: hardware, milliseconds) }
    hardware.resets.request(.deepSleep)
    throw hardware.vm.halt()
  }

  var resetCauses: KeyValuePairs<String, ResetCause> {
    [
      "PWRON_RESET": .powerOn, "WDT_RESET": .watchdog, "HARD_RESET": .hard, "DEEPSLEEP_RESET": .deepSleep,
      "SOFT_RESET": .soft,
    ]
  }
  var causeOfReset: ResetCause { .hard }
}

/// `machine.WDT` (ports/stm32/machine_wdt.c): the independent watchdog, and by name the window watchdog, whose time-outs are short.
extension STM32Port {
  func startWatchdog(_ id: Value, timeout: Int, _ hardware: Hardware) throws -> Watchdog {
    let resets = hardware.resets
    switch StringHandle(id)?.text {
    case "WWDG":
      let clock = hardware.board.description.processor.apb1
      resets.windowWatchdog.start(timeout: try Self.windowTimeout(timeout, clock: clock))
      return resets.windowWatchdog
    case "IWDG": break
    case let name?: throw PythonError.value("WDT(\(name)) doesn't exist")
    case nil: try WatchdogClass.checkNumber(id, hardware.vm)
    }
    resets.watchdog.start(timeout: try Self.independentTimeout(timeout))
    return resets.watchdog
  }

  /// 12 bits of a clock of 32 kHz, divided by 4 to 256.
  private static func independentTimeout(_ milliseconds: Int) throws(PythonError) -> Interval {
    var ticks = milliseconds
    var prescaler = 0
    while prescaler < 6, ticks >= 512 {
      prescaler += 1
      ticks /= 2
    }
    ticks *= 8
    guard ticks > 0 else { throw .value("WDT timeout too short") }
    guard ticks <= 0xfff else { throw .value("WDT timeout too long") }
    return .microseconds((ticks * 125) << prescaler)
  }

  /// The window watchdog (RM0090, section 22), without its window, which MicroPython does not use.
  /// - Parameter clock: of the bus that it is on, Hz.
  private static func windowTimeout(_ milliseconds: Int, clock: Int) throws(PythonError) -> Interval {
    let clock = clock / 1000
    var ticks = milliseconds * clock / 4096
    var prescaler = 0
    while prescaler < 3, ticks > 64 {
      prescaler += 1
      ticks = (ticks + 1) / 2
    }
    guard ticks > 0 else { throw .value("WDT timeout too short") }
    guard ticks <= 64 else { throw .value("WDT timeout too long, max \(64 * 4096 * 8 / clock)ms") }
    return .microseconds((ticks * 4096 * 1000 << prescaler) / clock)
  }
}
