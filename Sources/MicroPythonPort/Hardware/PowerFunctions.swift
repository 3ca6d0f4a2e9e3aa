import Machine
import MicroPython
import Timebase

/// Functions of `machine` that let the processor sleep (ports/stm32/modmachine.c and powerctrl.c, ports/rp2/modmachine.c).
enum MachinePowerFunctions: HardwareFunctions {
  static let modules = [HardwareModule.machine]

  static func define(_ module: PythonModuleBuilder<Hardware>) {
    for name in module.host.port is STM32Port ? ["lightsleep", "sleep"] : ["lightsleep"] {
      module.function(name, .optional("time_ms", .value)) { call, time in
        try call.host.sleepLightly(time)
      }
    }
    module.function("deepsleep", .optional("time_ms", .value)) { call, time in
      try call.host.sleepDeeply(time)
    }
    module.function("idle") { try $0.host.waitForInterrupt() }
    module.function("bootloader", .optional("timeout_ms", .value)) { call, _ in
      try call.host.startBootLoader()
    }
  }
}

/// The same functions of `pyb`.
enum PybPowerFunctions: HardwareFunctions {
  static let modules = [HardwareModule.pyb]

  static func define(_ module: PythonModuleBuilder<Hardware>) {
    module.function("stop", .optional("time_ms", .value)) { call, time in try call.host.sleepLightly(time) }
    module.function("standby", .optional("time_ms", .value)) { call, time in
      try call.host.sleepDeeply(time)
    }
    module.function("wfi") { try $0.host.waitForInterrupt() }
    module.function("bootloader", .optional("timeout_ms", .value)) { call, _ in
      try call.host.startBootLoader()
    }
  }
}

extension Hardware {
  fileprivate func waitForInterrupt() throws(Raised) {
    // The system tick interrupts each millisecond.
    _ = board.clock.idle(until: Instant(nanoseconds: (board.clock.now.milliseconds + 1) * 1_000_000))
    try vm.safePoint()
  }

  fileprivate func startBootLoader() throws(Raised) {
    resets.rest(.bootloader)
    throw vm.halt()
  }

  /// - Parameter milliseconds: as firmware gives them; nil where it gives none.
  fileprivate func sleepLightly(_ milliseconds: Value?) throws(Raised) {
    guard port is STM32Port else { return try sleepUntilAlarm(milliseconds) }
    if let milliseconds { try setWakeUp(milliseconds) }
    try stop(until: nil)
  }

  /// The RP2040's timer wakes it: nothing stays set.
  private func sleepUntilAlarm(_ milliseconds: Value?) throws(Raised) {
    guard let milliseconds else { return try stop(until: nil) }
    let duration = try vm.int(milliseconds)
    guard duration > 1 else {
      _ = try vm.sleep(for: .milliseconds(Int64(max(0, duration))), board.clock)
      return
    }
    guard duration < (1 << 32) / 1000 else { throw vm.error(.valueError, "sleep too long") }
    try stop(until: board.clock.now + .milliseconds(Int64(duration)))
  }

  fileprivate func sleepDeeply(_ milliseconds: Value?) throws(Raised) {
    if port is STM32Port {
      if let milliseconds { try setWakeUp(milliseconds) }
      resets.request(.deepSleep)
    } else {
      try sleepUntilAlarm(milliseconds)
      resets.request(.watchdog)
    }
    throw vm.halt()
  }

  private func setWakeUp(_ milliseconds: Value) throws(Raised) {
    do { try RTCClass.wakeUp(in: self, milliseconds) } catch { throw vm.raised(error) }
  }

  /// Stop mode: the processor stands until an interrupt wakes it that is not a peripheral's, whose clocks stand too.
  private func stop(until limit: Instant?) throws(Raised) {
    let (clock, interrupts) = (board.clock, board.interrupts)
    try interrupts.inStopMode { () throws(Raised) in
      while !interrupts.hasWakeUp {
        if let limit, clock.now >= limit { break }
        guard limit != nil || canBeWoken, clock.idleAlone(until: limit) != .nothingToWaitFor else {
          resets.rest(.sleepsForEver)
          throw vm.halt()
        }
        try vm.safePoint()
        if clock.isPoweredOff { throw vm.halt() }
      }
    }
    try vm.safePoint()
  }

  private var canBeWoken: Bool {
    board.externalInterrupts.hasListener || board.realTimeClock.wakeUpTimer.setting != nil
      || resets.hasWatchdog
  }
}
