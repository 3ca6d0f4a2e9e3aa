import Machine
import MicroPython

/// A `pyb.Timer` object: a timer, its settings beyond those that the timer itself knows, and the objects of
/// its channels.
final class TimerObject: ValueHolding {
  let timer: HardwareTimer
  /// The counter mode's number (`Timer.CENTER`).
  fileprivate var mode = 0
  /// The divisor of the clock with which inputs are sampled: 1, 2 or 4.
  fileprivate var clockDivision = 1
  /// In ticks of the divided clock.
  fileprivate var deadTime = 0
  /// `Timer.BRK_OFF`, `BRK_LOW`, `BRK_HIGH`.
  fileprivate var breakMode = 0
  /// Whether its handlers and its channels' are hard ones.
  private(set) var interruptKind = InterruptKind.hard
  private var callback = Value.none
  private var channels: [Int: Value] = [:]

  init(_ timer: HardwareTimer) { self.timer = timer }

  func visitValues(_ visit: (Value) -> Void) {
    visit(callback)
    channels.values.forEach(visit)
  }

  /// The object of a channel that was set up.
  func channel(_ number: Int) -> Value? { channels[number] }
  func setChannel(_ number: Int, _ value: Value?) { channels[number] = value }

  func setCallback(_ function: Value, _ hardware: Hardware) throws(Raised) {
    callback = function
    timer.setInterrupt(
      try hardware.handler(
        function, argument: hardware.timerObject(timer), interruptKind, complaint: Hardware.irqComplaint))
  }

  /// A channel's handler has raised: the board takes the timer's own callback away (`timer_handle_irq_channel` in
  /// ports/stm32/timer.c), besides the channel's interrupt.
  func loseCallback() {
    callback = .none
    timer.setInterrupt(nil)
  }

  /// Sets the kind of all handlers from now on, of those that are set already too.
  fileprivate func setInterruptKind(_ kind: InterruptKind, _ hardware: Hardware) throws(Raised) {
    guard kind != interruptKind else { return }
    interruptKind = kind
    if timer.hasHandler { try setCallback(callback, hardware) }
    let objects = hardware.objects(of: TimerChannelClass.self)
    for channel in channels.values { try objects.receiver(ifAny: channel)?.renewCallback(hardware) }
  }

  fileprivate func deinitialize() {
    timer.stop()
    callback = .none
    channels = [:]
  }
}

extension Hardware {
  /// Firmware's object of a timer.
  func timerObject(_ timer: HardwareTimer) -> Value {
    objects(of: TimerClass.self).shared(for: timer) { TimerObject(timer) }
  }
}

/// `pyb.Timer` (ports/stm32/timer.c).
enum TimerClass: HardwareClass {
  static let name = "Timer"
  static let modules = [HardwareModule.pyb]
  static let boardBytes = 96

  static func define(_ type: PythonClassBuilder<Hardware, TimerObject>) {
    let objects = type.objects
    let setup = setup
    type.make(.required("id", .int), .rest) { call, number, rest -> Value in
      guard let timer = call.host.board.timers[number] else {
        throw PythonError.value("Timer(\(number)) doesn't exist")
      }
      let value = call.host.timerObject(timer)
      if !rest.isEmpty {
        try start(objects.receiver(of: value), setup.read(rest, call.vm), call.host)
      }
      return value
    }
    type.print { text(of: $0) }
    type.method("init", setup) { object, call, setup in try start(object, setup, call.host) }
    type.method("deinit") { $0.deinitialize() }
    type.method("channel", .required("channel", .int), .rest) { object, call, number, rest -> Value in
      try TimerChannelClass.channel(number, of: object, rest, call.host)
    }
    type.method("callback", .required("fun", .callback)) { object, call, function in
      try object.setCallback(function, call.host)
    }
    defineRegisters(type)
    type.constants(["UP": 0, "DOWN": 0x10, "CENTER": 0x20])
    TimerChannelClass.defineConstants(type)
    for (number, name) in breakNames.enumerated() { type.constant(name, number) }
  }

  private static func defineRegisters(_ type: PythonClassBuilder<Hardware, TimerObject>) {
    type.accessor(
      "counter", .int, get: { word($0.timer.counter) },
      set: { $0.timer.counter = $1 & $0.timer.largestCount })
    type.method("source_freq") { $0.timer.sourceClock }
    type.method("freq", .optional("value", .value)) { object, call, value -> Value in
      guard let value else { return frequency(of: object.timer, call.vm) }
      try object.timer.change(division(frequency: value, object.timer, call.vm))
      return .none
    }
    type.accessor(
      "prescaler", .int, get: { $0.timer.division.prescaler },
      set: { object, value in
        try object.timer.change(
          TimerDivision(prescaler: value & 0xffff, period: object.timer.division.period))
      })
    type.accessor(
      "period", .int, get: { word($0.timer.division.period) },
      set: { object, value in
        let timer = object.timer
        try timer.change(
          TimerDivision(prescaler: timer.division.prescaler, period: value & timer.largestCount))
      })
  }

  /// A register of 32 bits as the board makes an integer of it, which is signed.
  static func word(_ register: Int) -> Int { Int(Int32(truncatingIfNeeded: register)) }

  // MARK: Setting up

  private struct Setup {
    var frequency: Value
    var prescaler: Int
    var period: Int
    var tickRate: Int
    var mode: Int
    var clockDivision: Int
    var callback: Value
    var deadTime: Int
    var breakMode: Int
    var isHard: Bool
  }

  private static let notGiven = -1

  private static var setup: Signature<Setup> {
    Signature(
      Setup.init, .keyword("freq", .value, default: .none), .keyword("prescaler", .int, default: notGiven),
      .keyword("period", .int, default: notGiven), .keyword("tick_hz", .int, default: 1000),
      .keyword("mode", .int, default: 0), .keyword("div", .int, default: 1),
      .keyword("callback", .callback, default: .none), .keyword("deadtime", .int, default: 0),
      .keyword("brk", .int, default: 0), .keyword("hard", .bool, default: true))
  }

  /// The modes of TIM_CR1, with the matches of channels that interrupt.
  private static let modes: [Int: (HardwareTimer.CountingMode, HardwareTimer.MatchInterrupts)] = [
    0: (.up, .down), 0x10: (.down, .down), 0x20: (.center, .down), 0x40: (.center, .up),
    0x60: (.center, .both),
  ]

  private static func start(_ object: TimerObject, _ setup: Setup, _ hardware: Hardware) throws {
    let timer = object.timer
    let division = try division(setup, timer, hardware.vm)
    guard let (mode, matches) = modes[setup.mode] else {
      throw PythonError.value("invalid mode (\(setup.mode))")
    }
    object.mode = setup.mode
    object.clockDivision = setup.clockDivision == 2 || setup.clockDivision == 4 ? setup.clockDivision : 1
    object.breakMode = timer.hasComplements && (1...2).contains(setup.breakMode) ? setup.breakMode : 0
    object.deadTime = timer.hasComplements ? deadTime(setup.deadTime) : 0
    try timer.start(
      division, mode: mode, matchInterrupts: matches, deadTime: object.deadTime * object.clockDivision,
      breakLevel: [1: .low, 2: .high][object.breakMode])
    try object.setInterruptKind(setup.isHard ? .hard : .soft, hardware)
    // Without one the present callback stays.
    if !setup.callback.isNone { try object.setCallback(setup.callback, hardware) }
  }

  private static func division(
    _ setup: Setup, _ timer: HardwareTimer, _ vm: Interpreter
  ) throws -> TimerDivision {
    if !setup.frequency.isNone { return try division(frequency: setup.frequency, timer, vm) }
    guard setup.period != notGiven else {
      throw PythonError.type("must specify either freq, period, or prescaler and period")
    }
    if setup.prescaler != notGiven {
      return TimerDivision(prescaler: setup.prescaler & 0xffff, period: setup.period & timer.largestCount)
    }
    return try TimerDivision(
      period: setup.period, tickRate: setup.tickRate, source: timer.sourceClock, bits: timer.bits)
  }

  private static func division(
    frequency: Value, _ timer: HardwareTimer, _ vm: Interpreter
  ) throws -> TimerDivision {
    if let frequency = frequency.float {
      return try TimerDivision(frequency: Float(frequency), source: timer.sourceClock, bits: timer.bits)
    }
    return try TimerDivision(frequency: try vm.int(frequency), source: timer.sourceClock, bits: timer.bits)
  }

  /// Ticks as the eight bits of BDTR.DTG can hold them (RM0090, 17.4.18).
  private static func deadTime(_ ticks: Int) -> Int {
    switch ticks {
    case ..<0: 0
    case ..<128: ticks
    case ..<256: ticks & ~1
    case ..<512: ticks & ~7
    case ..<1008: ticks & ~15
    default: 1008
    }
  }

  // MARK: Values and text

  private static let breakNames = ["BRK_OFF", "BRK_LOW", "BRK_HIGH"]

  /// An integer if the clock can be divided so, in both steps.
  private static func frequency(of timer: HardwareTimer, _ vm: Interpreter) -> Value {
    let (prescaler, period) = (timer.division.prescaler + 1, timer.division.period + 1)
    let clock = timer.sourceClock
    guard clock % prescaler == 0 else {
      return vm.heap.float(Double(Float(clock) / Float(prescaler) / Float(period)))
    }
    guard clock / prescaler % period == 0 else {
      return vm.heap.float(Double(Float(clock / prescaler) / Float(period)))
    }
    return vm.heap.int(clock / prescaler / period)
  }

  private static func text(of object: TimerObject) -> String {
    let timer = object.timer
    guard timer.isRunning else { return "Timer(\(timer.number))" }
    let division = timer.division
    // As the board reckons, in 32 bits.
    let divisor = UInt32(truncatingIfNeeded: (division.prescaler + 1) * (division.period + 1))
    let mode = [0: "UP", 0x10: "DOWN"][object.mode] ?? "CENTER"
    let text =
      "Timer(\(timer.number), freq=\(divisor == 0 ? 0 : timer.sourceClock / Int(divisor)), "
      + "prescaler=\(division.prescaler), period=\(division.period), mode=\(mode), div=\(object.clockDivision)"
    return text
      + (timer.hasComplements ? ", deadtime=\(object.deadTime), brk=\(breakNames[object.breakMode]))" : ")")
  }
}
