import Machine
import MicroPython

/// Functions of `machine` and `pyb` that reset the board, or return the cause of its reset
/// (ports/stm32/modmachine.c, ports/rp2/modmachine.c).
extension Hardware {
  func addResetFunctions(to module: ModuleBuilder, of kind: HardwareModule) {
    module.function(kind == .machine ? "reset" : "hard_reset", 0...0) {
      [unowned self] (vm, _) throws(Raised) in
      // The RP2040 resets itself through its watchdog.
      resets.request(port is RP2Port ? .watchdog : .hard)
      throw vm.halt()
    }
    guard kind == .machine else { return }
    // The board's is `sys.exit`.
    module.function("soft_reset", 0...1) { [unowned self] (vm, args) throws(Raised) in
      resets.isSoftResetRaised = true
      throw vm.error(.systemExit, arguments: Array(args.positional))
    }
  }

  /// `machine.reset_cause()`, its values, and the watchdog.
  func addResetCauses(to module: ModuleBuilder) {
    module.function("reset_cause", 0...0) { [unowned self] _, _ in
      resets.isCauseAskedFor = true
      return Value(smallInt: resets.cause.rawValue)
    }
    var causes: [(String, ResetCause)] = [("PWRON_RESET", .powerOn), ("WDT_RESET", .watchdog)]
    if port is STM32Port {
      causes += [("HARD_RESET", .hard), ("DEEPSLEEP_RESET", .deepSleep), ("SOFT_RESET", .soft)]
    }
    let window = WindowWatchdog(watchdog: resets.windowWatchdog, clock: board.description.processor.apb1)
    module.attribute(
      "WDT",
      WatchdogType.make(
        module.vm, independent: resets.watchdog, window: port is STM32Port ? window : nil))
    for (name, cause) in causes { module.attribute(name, Value(smallInt: cause.rawValue)) }
  }

  /// `pyb.main(name, opt=0)`: the file that runs after `boot.py` instead of `main.py`, and how it is
  /// compiled. Anything but a str is ignored, as on the board.
  func addMainFunction(to module: ModuleBuilder) {
    module.function("main", 1...Int.max, keywords: true) { [unowned self] (vm, args) throws(Raised) in
      guard let name = StringHandle(vm.native(of: args[0])) else { return .none }
      resets.mainFile = name.text
      let level = try vm.parse(args.dropFirst(1), positional: ["opt"], required: 0)[0]
      vm.optimisationLevel = level.isUnbound ? 0 : try vm.int(level)
      return .none
    }
  }
}
