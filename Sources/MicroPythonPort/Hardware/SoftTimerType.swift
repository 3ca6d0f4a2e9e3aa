import Machine
import MicroPython

/// `machine.Timer` (extmod/machine_timer.c): settings that `init` is not given stay as they were.
private final class SoftTimerObject: ValueHolding {
  let timer: SoftTimer
  var period: Int64 = 1000
  /// None for none. It stays when the timer has run out.
  var callback = Value.none

  private let living: LivingTimers

  init(_ timer: SoftTimer, _ living: LivingTimers) {
    self.timer = timer
    self.living = living
    living.count += 1
  }

  deinit { living.count -= 1 }

  func visitValues(_ visit: (Value) -> Void) { visit(callback) }
}

/// How many timers there are. Each takes more of the host's memory than eight times what it takes of the board's.
final class LivingTimers {
  fileprivate(set) var count = 0

  /// More than fit a Pyboard's memory.
  fileprivate static func mostTimers(in heap: Heap) -> Int { max(4096, heap.capacity / 128) }
}

extension Hardware {
  private func raised(_ error: TimerError) -> Raised { vm.raised(error) }

  private func softTimer(_ value: Value) throws(Raised) -> SoftTimerObject {
    try part(value, types.softTimer)
  }

  func defineSoftTimer() {
    types.softTimer.info.make = { [unowned self] (vm, type, arguments) throws(Raised) in
      var rest = arguments
      if arguments.count > 0 {
        guard try vm.int(arguments[0]) == -1 else { throw vm.error(.valueError, "Timer doesn't exist") }
        rest = arguments.dropFirst()
      }
      let most = LivingTimers.mostTimers(in: vm.heap)
      if livingTimers.count >= most { vm.collectGarbage() }
      guard livingTimers.count < most else {
        throw vm.error(.memoryError, "memory allocation failed, allocating 48 bytes")
      }
      let value = vm.heap.native(
        type, holding: SoftTimerObject(board.makeSoftTimer(), livingTimers), boardBytes: 48)
      if !rest.isEmpty { try start(softTimer: value, rest) }
      return value
    }
    types.softTimer.info.print = { [unowned self] (_, value, _, output) throws(Raised) in
      let object = try softTimer(value)
      output.write(
        "Timer(mode=\(object.timer.isPeriodic ? "PERIODIC" : "ONE_SHOT"), period=\(object.period))")
    }
    vm.define(types.softTimer) { type in
      type.attribute("ONE_SHOT", Value(smallInt: 1))
      type.attribute("PERIODIC", Value(smallInt: 2))
      type.method("init", 0...0, keywords: true) { [unowned self] (_, args) throws(Raised) in
        try softTimer(args[0]).timer.stop()
        try start(softTimer: args[0], args.dropFirst())
        return .none
      }
      type.method("deinit", 0...0) { [unowned self] (_, args) throws(Raised) in
        try softTimer(args[0]).timer.stop()
        return .none
      }
    }
  }

  private func start(softTimer value: Value, _ arguments: Arguments) throws(Raised) {
    let object = try softTimer(value)
    let options = try vm.parse(
      arguments, positional: [], required: 0,
      keywordOnly: ["mode", "callback", "period", "tick_hz", "freq", "hard"])
    let isPeriodic = options[0].isUnbound ? true : try vm.int(options[0]) == 2
    var period = object.period
    if !options[4].isUnbound && !options[4].isNone {
      let frequency = try vm.double(options[4])
      guard frequency > 0 else { throw raised(.frequencyNotPositive) }
      period = Int64(min(1000 / frequency, Double(Int32.max)))
    } else if !options[2].isUnbound {
      let count = try vm.int(options[2])
      let rate = options[3].isUnbound ? 1000 : try vm.int(options[3])
      guard rate > 0 else { throw raised(.frequencyNotPositive) }
      let (product, overflow) = count.multipliedReportingOverflow(by: 1000)
      guard !overflow else { throw raised(.periodTooLarge) }
      period = Int64(product / rate)
    }
    let isHard = options[5].isUnbound ? false : try vm.isTrue(options[5])
    // A running timer keeps its object alive through the handler's argument.
    let handler = try handler(
      options[1].isUnbound ? object.callback : options[1], argument: value, isHard ? .hard : .soft,
      complaint: Self.irqComplaint)
    do throws(TimerError) {
      try object.timer.start(period: period, periodic: isPeriodic, handler: handler)
    } catch { throw raised(error) }
    object.period = object.timer.period
    if !options[1].isUnbound { object.callback = options[1] }
  }
}
