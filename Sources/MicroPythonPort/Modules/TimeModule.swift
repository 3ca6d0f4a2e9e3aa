import Machine
import MicroPython
import Timebase

/// `time`: board time.
enum TimeModule: PythonModule {
  static let name = "time"
  static let aliases = ["utime"]

  static func define(_ module: PythonModuleBuilder<PythonRuntime>) {
    defineTicks(of: module)
    defineSleeping(of: module)
    defineCalendar(of: module)
  }

  private static func defineTicks(of module: PythonModuleBuilder<PythonRuntime>) {
    let clock = module.host.board.clock
    // The processor's cycle counter, as the board's `ticks_cpu` shows it.
    let clocks = module.host.board.context.clocks
    module.fastFunction("ticks_ms") { vm, _ in Ticks.value(clock.now.milliseconds, vm) }
    module.fastFunction("ticks_us") { vm, _ in Ticks.value(clock.now.microseconds, vm) }
    module.fastFunction("ticks_cpu") { vm, _ in
      Ticks.value(clock.now.nanoseconds / 1000 &* Int64(clocks.frequencies.processor / 1_000_000), vm)
    }
    module.fastFunction("ticks_add", "ticks", "delta") { (vm, args) throws(Raised) in
      let (ticks, delta) = (try vm.wideInt(args[0]), try vm.int(args[1]))
      guard delta.magnitude < UInt(Ticks.period) / 2 else {
        throw vm.error(.overflowError, "ticks interval overflow")
      }
      return Ticks.value(Int64(ticks &+ delta), vm)
    }
    module.fastFunction("ticks_diff", "ticks1", "ticks2") { (vm, args) throws(Raised) in
      Value(smallInt: Ticks.difference(try vm.wideInt(args[0]), try vm.wideInt(args[1])))
    }
  }

  private static func defineSleeping(of module: PythonModuleBuilder<PythonRuntime>) {
    let (clock, threads) = (module.host.board.clock, module.host.threads)
    module.fastFunction("sleep", "seconds") { (vm, args) throws(Raised) in
      threads.endTurn()
      return try vm.sleep(for: .milliseconds(Int64(vm.milliseconds(seconds: args[0]))), clock)
    }
    module.fastFunction("sleep_ms", "ms") { (vm, args) throws(Raised) in
      threads.endTurn()
      return try vm.sleep(for: .milliseconds(Int64(vm.int(args[0]))), clock)
    }
    module.fastFunction("sleep_us", "us") { (vm, args) throws(Raised) in
      let microseconds = try vm.int(args[0])
      // A busy wait: interrupts come, scheduled callbacks wait until it is over.
      if microseconds > 0 { clock.busy(for: .microseconds(Int64(microseconds))) }
      try vm.safePoint()
      return .none
    }
  }

  private static func defineCalendar(of module: PythonModuleBuilder<PythonRuntime>) {
    let board = module.host.board
    module.function("time") { _ in board.realTimeClock.secondsSince2000 }
    module.function("time_ns") { _ in board.realTimeClock.microsecondsSince2000 * 1000 }
    for name in ["localtime", "gmtime"] {
      module.function(name, .optional("secs", .orNone(.wideInt), default: nil)) { call, given in
        let seconds = given ?? board.realTimeClock.secondsSince2000
        try requireCalendarRange([seconds], call.vm)
        var fields = CalendarTime(secondsSinceEpoch: seconds).fields
        // Of the present time the chip's own weekday, which need not be the date's.
        if given == nil { fields[6] = board.realTimeClock.weekday - 1 }
        return PythonTuple(fields)
      }
    }
    module.function("mktime", .required("local_time", .integers)) { call, fields in
      guard (8...9).contains(fields.count) else {
        throw PythonError.type("mktime needs a tuple of length 8 or 9")
      }
      try requireCalendarRange(fields, call.vm)
      return CalendarTime.secondsSinceEpoch(fields)
    }
  }

  /// Refuses numbers that no calendar needs, before arithmetic with them overflows.
  private static func requireCalendarRange(_ numbers: [Int], _ vm: Interpreter) throws(Raised) {
    guard numbers.allSatisfy({ $0.magnitude < 1 << 40 }) else {
      throw vm.error(.overflowError, "overflow converting long int to machine word")
    }
  }
}

extension Interpreter {
  /// Lets the board live until an instant, or until something happens; the caller checks again then.
  func live(until instant: Instant) throws(Raised) {
    _ = clock.idle(until: instant)
    try safePoint()
    if clock.isPoweredOff { throw halt() }
  }

  /// Lets board time pass as `time.sleep` does: interrupts and scheduled callbacks run meanwhile.
  func sleep(for interval: Interval, _ clock: Clock) throws(Raised) -> Value {
    guard interval.nanoseconds > 0 else {
      try safePoint()
      return .none
    }
    let end = clock.now + interval
    while clock.now < end && !clock.isPoweredOff {
      _ = clock.idle(until: end, carriesInterrupts: true)
      try safePoint()
    }
    if clock.isPoweredOff { throw halt() }
    return .none
  }
}
