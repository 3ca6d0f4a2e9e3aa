import Machine
import MicroPython
import Timebase

/// Clocks, sleep and resets of the rp2 port (ports/rp2/modmachine.c).
extension RP2Port {
  func defineFrequencies(in module: PythonModuleBuilder<Hardware>) {
    module.function("freq", .optional("cpu", .int), .optional("peripherals", .int)) {
      call, processor, peripherals in try SystemFunctions.frequencies(call, [processor, peripherals])
    }
  }

  var frequencyChangeTime: Interval { .zero }

  var lightSleepNames: [String] { ["lightsleep"] }

  func sleepLightly(_ milliseconds: Value?, _ hardware: Hardware) throws {
    try sleepUntilAlarm(milliseconds, hardware)
  }

  func sleepDeeply(_ milliseconds: Value?, _ hardware: Hardware) throws {
    try sleepUntilAlarm(milliseconds, hardware)
    hardware.resets.request(.watchdog)
    throw hardware.vm.halt()
  }

  /// The timer wakes it: nothing stays set.
  private func sleepUntilAlarm(_ milliseconds: Value?, _ hardware: Hardware) throws(Raised) {
    let (vm, clock) = (hardware.vm, hardware.board.clock)
    guard let milliseconds else { return try hardware.stop(until: nil) }
    let duration = try vm.int(milliseconds)
    guard duration > 1 else {
      _ = try vm.sleep(for: .milliseconds(Int64(max(0, duration))), clock)
      return
    }
    guard duration < (1 << 32) / 1000 else { throw vm.error(.valueError, "sleep too long") }
    try hardware.stop(until: clock.now + .milliseconds(Int64(duration)))
  }

  var resetCauses: KeyValuePairs<String, ResetCause> { ["PWRON_RESET": .powerOn, "WDT_RESET": .watchdog] }
  /// It resets itself through its watchdog.
  var causeOfReset: ResetCause { .watchdog }
}

/// `machine.WDT` (ports/rp2/machine_wdt.c).
extension RP2Port {
  func startWatchdog(_ id: Value, timeout: Int, _ hardware: Hardware) throws -> Watchdog {
    try WatchdogClass.checkNumber(id, hardware.vm)
    // 24 bits, counted down twice a microsecond.
    guard (0...8388).contains(timeout) else { throw PythonError.value("timeout exceeds 8388") }
    let watchdog = hardware.resets.watchdog
    watchdog.start(timeout: .milliseconds(timeout))
    return watchdog
  }
}
