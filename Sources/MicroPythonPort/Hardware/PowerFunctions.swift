import Machine
import MicroPython
import Timebase

/// Functions of `machine` that let the processor sleep (ports/stm32/modmachine.c and powerctrl.c, ports/rp2/modmachine.c).
enum MachinePowerFunctions: HardwareFunctions {
  static let modules = [HardwareModule.machine]

  static func define(_ module: PythonModuleBuilder<Hardware>) {
    for name in module.host.port.lightSleepNames {
      module.function(name, .optional("time_ms", .value)) { call, time in
        try call.host.port.sleepLightly(time, call.host)
      }
    }
    module.function("deepsleep", .optional("time_ms", .value)) { call, time in
      try call.host.port.sleepDeeply(time, call.host)
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
    module.function("stop", .optional("time_ms", .value)) { call, time in
      try call.host.port.sleepLightly(time, call.host)
    }
    module.function("standby", .optional("time_ms", .value)) { call, time in
      try call.host.port.sleepDeeply(time, call.host)
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

  /// Stop mode: the processor stands until an interrupt wakes it that is not a peripheral's, whose clocks stand too.
  /// - Parameter limit: when it is woken at the latest; nil for never.
  func stop(until limit: Instant?) throws(Raised) {
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
