import Machine
import MicroPython
import Timebase

/// Functions of `machine` and `pyb` that concern the processor.
extension Hardware {
  func addSystemFunctions(to module: ModuleBuilder, of kind: HardwareModule) {
    module.function("disable_irq", 0...0) { [unowned self] _, _ in Value(board.interrupts.disable()) }
    module.function("enable_irq", 0...1) { [unowned self] (vm, args) throws(Raised) in
      board.interrupts.enable(args.count > 0 ? try vm.isTrue(args[0]) : true)
      return .none
    }
    module.function("freq", 0...(port is STM32Port ? 4 : 2)) { [unowned self] (vm, args) throws(Raised) in
      let clocks = board.context.clocks
      guard args.count > 0 else { return port.frequencies(clocks.frequencies).value(in: vm) }
      var wanted: [Int] = []
      for index in 0..<args.count { wanted.append(try vm.int(args[index])) }
      do { clocks.set(try port.frequencies(setting: wanted, clocks.frequencies)) } catch {
        throw vm.raised(error)
      }
      // The driver lets the USB finish first.
      if port is STM32Port { _ = board.clock.busy(for: .milliseconds(5)) }
      return .none
    }
    let identifier = Array(port.uniqueIdentifier.utf8)
    module.function("unique_id", 0...0) { vm, _ in vm.heap.bytes(identifier) }
    addResetFunctions(to: module, of: kind)
    addPowerFunctions(to: module, of: kind)
  }

  /// `pyb.rng` and the stm32 port's `machine.rng`
  func addRandomFunction(to module: ModuleBuilder) {
    module.function("rng", 0...0) { [unowned self] vm, _ in vm.heap.int(Int(board.random.next() >> 2)) }
  }

  func addTimeFunctions(to module: ModuleBuilder) {
    module.function("millis", 0...0) { [unowned self] vm, _ in
      vm.heap.int(Int(board.clock.now.milliseconds & 0x3fff_ffff))
    }
    module.function("micros", 0...0) { [unowned self] vm, _ in
      vm.heap.int(Int(board.clock.now.microseconds & 0x3fff_ffff))
    }
    module.function("elapsed_millis", 1...1) { [unowned self] (vm, args) throws(Raised) in
      vm.heap.int((Int(board.clock.now.milliseconds) &- (try vm.int(args[0]))) & 0x3fff_ffff)
    }
    module.function("elapsed_micros", 1...1) { [unowned self] (vm, args) throws(Raised) in
      vm.heap.int((Int(board.clock.now.microseconds) &- (try vm.int(args[0]))) & 0x3fff_ffff)
    }
    module.function("delay", 1...1) { [unowned self] (vm, args) throws(Raised) in
      try wait(until: board.clock.now + .milliseconds(max(0, try vm.int(args[0]))))
      return .none
    }
    module.function("udelay", 1...1) { [unowned self] (vm, args) throws(Raised) in
      _ = board.clock.busy(for: .microseconds(max(0, try vm.int(args[0]))))
      try vm.safePoint()
      return .none
    }
  }

  /// Lets board time pass; handlers and scheduled callbacks run meanwhile.
  private func wait(until instant: Instant) throws(Raised) {
    while board.clock.now < instant && !board.clock.isPoweredOff {
      _ = board.clock.idle(until: instant, carriesInterrupts: true)
      try vm.safePoint()
    }
  }
}
