import Machine
import MicroPython

/// `pyb.Timer` (ports/stm32/timer.c).
extension Hardware {
  func raised(_ error: TimerError) -> Raised { vm.error(.valueError, error.description) }

  // MARK: pyb.Timer

  private func timer(_ value: Value) throws(Raised) -> HardwareTimer { try part(value, types.timer) }

  private func timerObject(_ timer: HardwareTimer) -> Value {
    singleton(for: timer) { vm.heap.native(types.timer, timer, boardBytes: 96) }
  }

  func defineHardwareTimer() {
    types.timer.info.make = { [unowned self] (vm, _, arguments) throws(Raised) in
      guard arguments.count > 0 else {
        throw vm.error(.typeError, "function missing 1 required positional arguments")
      }
      let number = try vm.int(arguments[0])
      guard let timer = board.timers[number] else {
        throw vm.error(.valueError, "Timer(\(number)) doesn't exist")
      }
      if arguments.count > 1 || arguments.keywordCount > 0 { try start(timer, arguments.dropFirst()) }
      return timerObject(timer)
    }
    types.timer.info.call = { [unowned self] (_, value, arguments) throws(Raised) in
      let timer = try timer(value)
      guard arguments.count > 0 else { return Value(smallInt: timer.counter) }
      timer.counter = try vm.int(arguments[0])
      return .none
    }
    types.timer.info.print = { [unowned self] (_, value, _, output) throws(Raised) in
      output.write(Hardware.text(of: try timer(value)))
    }
    vm.define(types.timer) { type in
      for (name, value) in [("UP", 0), ("DOWN", 0x10), ("CENTER", 0x20)] {
        type.attribute(name, Value(smallInt: value))
      }
      defineTimerMethods(type)
    }
  }

  private func defineTimerMethods(_ type: TypeBuilder) {
    type.method("init", 0...0, keywords: true) { [unowned self] (_, args) throws(Raised) in
      try start(timer(args[0]), args.dropFirst())
      return .none
    }
    type.method("deinit", 0...0) { [unowned self] (_, args) throws(Raised) in
      try timer(args[0]).stop()
      return .none
    }
    type.method("callback", 1...1) { [unowned self] (_, args) throws(Raised) in
      try setCallback(timer(args[0]), args[1])
      return .none
    }
    type.method("counter", 0...1) { [unowned self] (vm, args) throws(Raised) in
      let timer = try timer(args[0])
      guard args.count > 1 else { return Value(smallInt: timer.counter) }
      timer.counter = try vm.int(args[1])
      return .none
    }
    type.method("source_freq", 0...0) { [unowned self] (vm, args) throws(Raised) in
      vm.heap.int(try timer(args[0]).sourceClock)
    }
    type.method("freq", 0...1) { [unowned self] (vm, args) throws(Raised) in
      let timer = try timer(args[0])
      guard args.count > 1 else {
        let frequency = timer.frequency
        return frequency == frequency.rounded() ? vm.heap.int(Int(frequency)) : vm.heap.float(frequency)
      }
      try change(timer, try division(frequency: args[1], timer))
      return .none
    }
    type.method("prescaler", 0...1) { [unowned self] (vm, args) throws(Raised) in
      let timer = try timer(args[0])
      guard args.count > 1 else { return Value(smallInt: timer.division.prescaler) }
      try change(timer, TimerDivision(prescaler: vm.int(args[1]), period: timer.division.period))
      return .none
    }
    type.method("period", 0...1) { [unowned self] (vm, args) throws(Raised) in
      let timer = try timer(args[0])
      guard args.count > 1 else { return vm.heap.int(timer.division.period) }
      try change(timer, TimerDivision(prescaler: timer.division.prescaler, period: vm.int(args[1])))
      return .none
    }
    type.method("channel", 1...Int.max, keywords: true) { (vm, _) throws(Raised) in
      throw vm.error(
        .notImplementedError,
        "timer channels (PWM, capture, encoder) are not emulated; see `vpyboard docs compatibility`")
    }
  }

  private func start(_ timer: HardwareTimer, _ arguments: Arguments) throws(Raised) {
    let options = try vm.parse(
      arguments, positional: [], required: 0,
      keywordOnly: [
        "freq", "prescaler", "period", "tick_hz", "mode", "div", "callback", "deadtime", "brk", "hard",
      ])
    let modes: [Int: HardwareTimer.CountingMode] = [0: .up, 0x10: .down, 0x20: .center]
    let modeNumber = options[4].isUnbound ? 0 : try vm.int(options[4])
    guard let mode = modes[modeNumber] else { throw vm.error(.valueError, "invalid mode (\(modeNumber))") }
    let isHard = options[9].isUnbound ? true : try vm.isTrue(options[9])
    let division: TimerDivision
    if !options[0].isUnbound && !options[0].isNone {
      division = try self.division(frequency: options[0], timer)
    } else if !options[1].isUnbound && !options[2].isUnbound {
      division = TimerDivision(prescaler: try vm.int(options[1]), period: try vm.int(options[2]))
    } else if !options[2].isUnbound {
      let rate = options[3].isUnbound ? 1000 : try vm.int(options[3])
      let count = try vm.int(options[2])
      do throws(TimerError) {
        division = try TimerDivision(
          period: count, tickRate: rate, source: timer.sourceClock, bits: timer.bits)
      } catch { throw raised(error) }
    } else {
      throw vm.error(.typeError, "must specify either freq, period, or prescaler and period")
    }
    do throws(TimerError) { try timer.start(division, mode: mode) } catch { throw raised(error) }
    timer.interruptKind = isHard ? .hard : .soft
    if !options[6].isUnbound && !options[6].isNone { return try setCallback(timer, options[6]) }
    // What was set by `callback` goes on.
    if case .routine(let handler as PythonHandler, _) = timer.handler {
      timer.setInterrupt(.routine(handler.of(timer.interruptKind), timer.interruptKind))
    }
  }

  private func division(frequency: Value, _ timer: HardwareTimer) throws(Raised) -> TimerDivision {
    let whole = frequency.isSmallInt ? frequency.smallInt : nil
    let real = whole == nil ? try vm.double(frequency) : 0
    do throws(TimerError) {
      if let whole { return try TimerDivision(frequency: whole, source: timer.sourceClock, bits: timer.bits) }
      return try TimerDivision(frequency: Float(real), source: timer.sourceClock, bits: timer.bits)
    } catch { throw raised(error) }
  }

  private func change(_ timer: HardwareTimer, _ division: TimerDivision) throws(Raised) {
    do throws(TimerError) { try timer.change(division) } catch { throw raised(error) }
  }

  private func setCallback(_ timer: HardwareTimer, _ function: Value) throws(Raised) {
    guard function.isNone || vm.isCallable(function) else {
      throw vm.error(.valueError, "callback must be None or a callable object")
    }
    timer.setInterrupt(
      try handler(
        function, argument: timerObject(timer), timer.interruptKind, complaint: Self.irqComplaint))
  }

  private static func text(of timer: HardwareTimer) -> String {
    guard timer.isRunning else { return "Timer(\(timer.number))" }
    let mode = [.up: "UP", .down: "DOWN", .center: "CENTER"][timer.mode] ?? "UP"
    let division = timer.division
    let frequency = timer.sourceClock / ((division.prescaler + 1) * (division.period + 1))
    let text =
      "Timer(\(timer.number), freq=\(frequency), prescaler=\(division.prescaler), period=\(division.period), "
      + "mode=\(mode), div=1"
    return text + (timer.number == 1 || timer.number == 8 ? ", deadtime=0, brk=BRK_OFF)" : ")")
  }
}
