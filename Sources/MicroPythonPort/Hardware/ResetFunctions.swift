import Machine
import MicroPython

/// Functions of `machine` that reset the board, or return the cause of its reset, and its watchdog
/// (ports/stm32/modmachine.c, ports/rp2/modmachine.c).
enum MachineResetFunctions: HardwareFunctions {
  static let modules = [HardwareModule.machine]

  static func define(_ module: PythonModuleBuilder<Hardware>) {
    let resets = module.host.resets
    module.function("reset") { try $0.host.reset() }
    // The board's is `sys.exit`.
    module.function("soft_reset", .optional("value", .value)) { call, value in
      resets.isSoftResetRaised = true
      throw call.vm.error(.systemExit, arguments: value.map { [$0] } ?? [])
    }
    module.function("reset_cause") { _ in
      resets.isCauseAskedFor = true
      return resets.cause.rawValue
    }
    for (name, cause) in module.host.port.resetCauses { module.constant(name, cause.rawValue) }
  }
}

/// `pyb.hard_reset` and `pyb.main`
enum PybResetFunctions: HardwareFunctions {
  static let modules = [HardwareModule.pyb]

  static func define(_ module: PythonModuleBuilder<Hardware>) {
    module.function("hard_reset") { try $0.host.reset() }
    // The file that runs after `boot.py` instead of `main.py`, and how it is compiled. Anything but a str is ignored, as on
    // the board.
    let level = Signature({ $0 }, rules: .named, .optional("opt", .int, default: 0))
    module.function("main", .required("name", .value), .rest) { call, name, options in
      guard let name = StringHandle(call.vm.native(of: name)) else { return }
      call.host.resets.mainFile = name.text
      call.vm.optimisationLevel = try level.read(options, call.vm)
    }
  }
}

/// `pyb.mount`, which `vfs` and `os` have too.
enum MountFunction: HardwareFunctions {
  static let modules = [HardwareModule.pyb]

  static func exists(on hardware: Hardware) -> Bool { hardware.mounting != nil }

  static func define(_ module: PythonModuleBuilder<Hardware>) {
    guard let mounting = module.host.mounting else { return }
    module.function("mount", .rest) { call, arguments in try mounting.mount(call.vm, arguments) }
  }
}

extension Hardware {
  fileprivate func reset() throws(Raised) {
    resets.request(port.causeOfReset)
    throw vm.halt()
  }
}
