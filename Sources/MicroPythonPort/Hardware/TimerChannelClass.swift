import Machine
import MicroPython

/// A `TimerChannel` object.
final class TimerChannelObject: ValueHolding {
  fileprivate let timer: TimerObject
  /// 1 to 4.
  fileprivate let number: Int
  fileprivate let mode: TimerChannelClass.Mode
  /// nil for a channel that the timer does not have: its registers are not there, and nothing happens.
  fileprivate let channel: TimerChannel?
  private var callback = Value.none

  fileprivate init(_ number: Int, of timer: TimerObject, _ mode: TimerChannelClass.Mode) {
    self.timer = timer
    self.number = number
    self.mode = mode
    do throws(TimerError) { channel = try timer.timer.channel(number) } catch { channel = nil }
  }

  func visitValues(_ visit: (Value) -> Void) { visit(callback) }

  fileprivate func setCallback(_ function: Value, _ hardware: Hardware) throws(Raised) {
    callback = function
    channel?.setInterrupt(
      try hardware.handler(
        function, argument: hardware.timerObject(timer.timer), timer.interruptKind,
        complaint: Hardware.irqComplaint, afterFailure: { [timer] in timer.loseCallback() }))
  }

  /// The timer's handlers are of another kind.
  func renewCallback(_ hardware: Hardware) throws(Raised) {
    if channel?.hasHandler == true { try setCallback(callback, hardware) }
  }
}

/// The channels of `pyb.Timer` (ports/stm32/timer.c), which `Timer.channel()` makes.
enum TimerChannelClass: HardwareClass {
  static let name = "TimerChannel"
  static let modules: [HardwareModule] = []
  static let boardBytes = 32

  /// In the order of their numbers.
  fileprivate enum Mode: Int, CaseIterable {
    case pwm, pwmInverted, timing, active, inactive, toggle, forcedActive, forcedInactive, capture, encoderA,
      encoderB, encoderAB

    /// The name of its constant.
    var name: String {
      switch self {
      case .pwm: "PWM"
      case .pwmInverted: "PWM_INVERTED"
      case .timing: "OC_TIMING"
      case .active: "OC_ACTIVE"
      case .inactive: "OC_INACTIVE"
      case .toggle: "OC_TOGGLE"
      case .forcedActive: "OC_FORCED_ACTIVE"
      case .forcedInactive: "OC_FORCED_INACTIVE"
      case .capture: "IC"
      case .encoderA: "ENC_A"
      case .encoderB: "ENC_B"
      case .encoderAB: "ENC_AB"
      }
    }

    var output: TimerChannel.OutputMode? {
      switch self {
      case .pwm: .pwm
      case .pwmInverted: .pwmInverted
      case .timing: .timing
      case .active: .activeOnMatch
      case .inactive: .inactiveOnMatch
      case .toggle: .toggleOnMatch
      case .forcedActive: .forcedActive
      case .forcedInactive: .forcedInactive
      case .capture, .encoderA, .encoderB, .encoderAB: nil
      }
    }

    var encoderEdges: TimerEncoder.Edges? {
      switch self {
      case .encoderA: .a
      case .encoderB: .b
      case .encoderAB: .both
      default: nil
      }
    }
  }

  /// Values of the polarity bits in CCER.
  private static let high = 0
  private static let low = 2
  private static let edges: KeyValuePairs<String, Int> = ["RISING": 0, "FALLING": 2, "BOTH": 10]

  static func defineConstants(_ type: PythonClassBuilder<Hardware, TimerObject>) {
    for mode in Mode.allCases { type.constant(mode.name, mode.rawValue) }
    type.constants(["HIGH": high, "LOW": low])
    type.constants(edges)
  }

  static func define(_ type: PythonClassBuilder<Hardware, TimerChannelObject>) {
    type.print { object in
      "TimerChannel(timer=\(object.timer.timer.number), channel=\(object.number), mode=\(object.mode.name))"
    }
    type.method("callback", .required("fun", .callback)) { object, call, function in
      try object.setCallback(function, call.host)
    }
    for name in ["pulse_width", "capture", "compare"] {
      type.accessor(
        name, .int, get: { TimerClass.word($0.channel?.compare ?? 0) }, set: { $0.channel?.compare = $1 })
    }
    type.method("pulse_width_percent", .optional("value", .value)) { object, call, value -> Value in
      guard let value else { return call.vm.heap.float(percent(of: object)) }
      object.channel?.compare = try compare(percent: value, object.timer.timer, call.vm)
      return .none
    }
    for (name, perSecond) in [("pulse_width_us", 1_000_000), ("pulse_width_ns", 1_000_000_000)] {
      type.accessor(
        name, .int,
        get: { object in
          let time = UInt64(object.channel?.compare ?? 0) * UInt64(perSecond) / countRate(object.timer.timer)
          return Int(UInt32(truncatingIfNeeded: time))
        },
        set: { object, time in
          object.channel?.compare = compare(time: time, perSecond: perSecond, object.timer.timer)
        })
    }
  }

  // MARK: Timer.channel

  private struct Setup {
    var mode: Int
    var callback: Value
    var pin: Value
    var pulseWidth: Int
    var percent: Value
    var microseconds: Value
    var nanoseconds: Value
    var compare: Int
    var polarity: Int?
  }

  private static var setup: Signature<Setup> {
    Signature(
      Setup.init, .required("mode", .int), .keyword("callback", .value, default: .none),
      .keyword("pin", .value, default: .none), .keyword("pulse_width", .int, default: 0),
      .keyword("pulse_width_percent", .value, default: .none),
      .keyword("pulse_width_us", .value, default: .none), .keyword("pulse_width_ns", .value, default: .none),
      .keyword("compare", .int, default: 0), .keyword("polarity", .int))
  }

  static func channel(
    _ number: Int, of timer: TimerObject, _ arguments: Arguments, _ hardware: Hardware
  ) throws -> Value {
    guard (1...4).contains(number) else { throw PythonError.value("invalid channel (\(number))") }
    let objects = hardware.objects(of: Self.self)
    let old = timer.channel(number)
    guard !arguments.isEmpty else { return old ?? .none }
    if let old {
      try objects.receiver(of: old).setCallback(.none, hardware)
      timer.setChannel(number, nil)
    }
    let setup = try setup.read(arguments, hardware.vm)
    if !setup.pin.isNone { try connect(setup.pin, to: timer.timer, hardware) }
    guard let mode = Mode(rawValue: setup.mode) else {
      throw PythonError.value("invalid mode (\(setup.mode))")
    }
    let object = TimerChannelObject(number, of: timer, mode)
    let value = objects.make(object)
    timer.setChannel(number, value)
    try start(object, setup, hardware.vm)
    if !setup.callback.isNone, mode.encoderEdges == nil {
      try object.setCallback(try ArgumentType.callback.read(hardware.vm, setup.callback), hardware)
    }
    return value
  }

  private static func connect(_ value: Value, to timer: HardwareTimer, _ hardware: Hardware) throws {
    guard let pin = hardware.objects(of: PinClass.self).receiver(ifAny: value) else {
      throw PythonError.value("pin argument needs to be a Pin type")
    }
    try timer.connect(pin)
  }

  private static func start(_ object: TimerChannelObject, _ setup: Setup, _ vm: Interpreter) throws {
    let timer = object.timer.timer
    if let edges = object.mode.encoderEdges {
      try checkEdges(setup.polarity)
      return try timer.startEncoder(edges)
    }
    guard let output = object.mode.output else {
      let number = try checkEdges(setup.polarity)
      object.channel?.startCapture(number == 0 ? .rising : number == 2 ? .falling : .risingOrFalling)
      return
    }
    if output == .pwm || output == .pwmInverted {
      object.channel?.start(output, compare: try pulseWidth(setup, timer, vm))
    } else {
      let polarity = setup.polarity ?? high
      guard polarity == high || polarity == low else {
        throw PythonError.value("invalid polarity (\(polarity))")
      }
      object.channel?.start(
        output, compare: setup.compare, activeLevel: polarity == low ? .low : .high)
    }
  }

  @discardableResult
  private static func checkEdges(_ polarity: Int?) throws -> Int {
    let polarity = polarity ?? 0
    guard edges.contains(where: { $0.value == polarity }) else {
      throw PythonError.value("invalid polarity (\(polarity))")
    }
    return polarity
  }

  // MARK: Pulse widths

  private static func pulseWidth(_ setup: Setup, _ timer: HardwareTimer, _ vm: Interpreter) throws -> Int {
    if !setup.percent.isNone { return try compare(percent: setup.percent, timer, vm) }
    if !setup.microseconds.isNone {
      return compare(time: try vm.int(setup.microseconds), perSecond: 1_000_000, timer)
    }
    if !setup.nanoseconds.isNone {
      return compare(time: try vm.int(setup.nanoseconds), perSecond: 1_000_000_000, timer)
    }
    return setup.pulseWidth
  }

  /// Single precision, as the board computes.
  private static func percent(of object: TimerChannelObject) -> Double {
    let full = object.timer.timer.fullCompare
    let compare = object.channel?.compare ?? 0
    return compare >= full ? 100 : Double(Float(compare) * 100 / Float(full))
  }

  private static func compare(percent: Value, _ timer: HardwareTimer, _ vm: Interpreter) throws -> Int {
    let full = timer.fullCompare
    if let percent = percent.float.map(Float.init) {
      if !(percent > 0) { return 0 }
      return percent >= 100 ? full : Int(percent / 100 * Float(full))
    }
    let percent = min(max(try vm.int(percent), 0), 100)
    // The board multiplies in 32 bits: a long period is divided first.
    return full > 42_949_672 && percent < 100 ? percent * (full / 100) : percent * full / 100
  }

  /// Counts in a second.
  private static func countRate(_ timer: HardwareTimer) -> UInt64 {
    UInt64(timer.sourceClock / (timer.division.prescaler + 1))
  }

  private static func compare(time: Int, perSecond: Int, _ timer: HardwareTimer) -> Int {
    let ticks = UInt64(truncatingIfNeeded: time) &* countRate(timer) / UInt64(perSecond)
    return Int(UInt32(truncatingIfNeeded: ticks))
  }
}
