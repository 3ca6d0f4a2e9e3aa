import Machine
import MicroPython
import Timebase

/// Functions of `machine` and `pyb` that concern the processor.
enum SystemFunctions: HardwareFunctions {
  static let modules = [HardwareModule.machine, .pyb]

  static func define(_ module: PythonModuleBuilder<Hardware>) {
    let interrupts = module.host.board.interrupts
    module.fastFunction("disable_irq") { _, _ in Value(interrupts.disable()) }
    module.fastFunction("enable_irq", optional: ["state"]) { (vm, args) throws(Raised) in
      interrupts.enable(args.count > 0 ? try vm.isTrue(args[0]) : true)
      return .none
    }
    module.host.port.defineFrequencies(in: module)
    let identifier = Array(module.host.port.uniqueIdentifier.utf8)
    module.function("unique_id") { _ in identifier }
  }

  /// `freq`: the frequencies where none are given, else sets them.
  static func frequencies(_ call: Call<Hardware>, _ given: [Int?]) throws -> Value {
    let wanted = given.compactMap { $0 }
    let (port, board) = (call.host.port, call.host.board)
    let clocks = board.context.clocks
    guard !wanted.isEmpty else { return port.frequencies(clocks.frequencies).value(in: call.vm) }
    clocks.set(try port.frequencies(setting: wanted, clocks.frequencies))
    if port.frequencyChangeTime > .zero { board.clock.busy(for: port.frequencyChangeTime) }
    return .none
  }
}

/// `pyb.rng` and the stm32 port's `machine.rng`
enum RandomFunction: HardwareFunctions {
  static let modules = [HardwareModule.machine, .pyb]

  static func define(_ module: PythonModuleBuilder<Hardware>) {
    let board = module.host.board
    module.function("rng") { _ in Int(board.random.next() >> 2) }
  }
}

/// Times of `pyb`, from before there was `time`.
enum PybTimeFunctions: HardwareFunctions {
  static let modules = [HardwareModule.pyb]

  private static let mask = 0x3fff_ffff

  static func define(_ module: PythonModuleBuilder<Hardware>) {
    let clock = module.host.board.clock
    module.fastFunction("millis") { vm, _ in vm.heap.int(Int(clock.now.milliseconds) & mask) }
    module.fastFunction("micros") { vm, _ in vm.heap.int(Int(clock.now.microseconds) & mask) }
    module.fastFunction("elapsed_millis", "start") { (vm, args) throws(Raised) in
      vm.heap.int((Int(clock.now.milliseconds) &- (try vm.int(args[0]))) & mask)
    }
    module.fastFunction("elapsed_micros", "start") { (vm, args) throws(Raised) in
      vm.heap.int((Int(clock.now.microseconds) &- (try vm.int(args[0]))) & mask)
    }
    module.fastFunction("delay", "ms") { (vm, args) throws(Raised) in
      let end = clock.now + .milliseconds(max(0, try vm.int(args[0])))
      // Handlers and scheduled callbacks run meanwhile.
      while clock.now < end && !clock.isPoweredOff {
        _ = clock.idle(until: end, carriesInterrupts: true)
        try vm.safePoint()
      }
      return .none
    }
    module.fastFunction("udelay", "us") { (vm, args) throws(Raised) in
      _ = clock.busy(for: .microseconds(max(0, try vm.int(args[0]))))
      try vm.safePoint()
      return .none
    }
  }
}
