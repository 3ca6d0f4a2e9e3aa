import Machine
import MicroPython
import Timebase

/// `time`: board time.
struct TimeModule {
  let board: Board
  let threads: ThreadScheduler

  func add(to vm: Interpreter) {
    vm.addModule("time") { module in
      addTicks(to: module)
      addSleeping(to: module)
      addCalendar(to: module)
    }
    vm.addModuleAlias("utime", for: "time")
  }

  private func addTicks(to module: ModuleBuilder) {
    let clock = board.clock
    // The processor's cycle counter, as the board's `ticks_cpu` shows it.
    let clocks = board.context.clocks
    module.function("ticks_ms", 0...0) { vm, _ in Ticks.value(clock.now.milliseconds, vm) }
    module.function("ticks_us", 0...0) { vm, _ in Ticks.value(clock.now.microseconds, vm) }
    module.function("ticks_cpu", 0...0) { vm, _ in
      Ticks.value(clock.now.nanoseconds / 1000 &* Int64(clocks.frequencies.processor / 1_000_000), vm)
    }
    module.function("ticks_add", 2...2) { (vm, args) throws(Raised) in
      let (ticks, delta) = (try vm.wideInt(args[0]), try vm.int(args[1]))
      guard delta.magnitude < UInt(Ticks.period) / 2 else {
        throw vm.error(.overflowError, "ticks interval overflow")
      }
      return Ticks.value(Int64(ticks &+ delta), vm)
    }
    module.function("ticks_diff", 2...2) { (vm, args) throws(Raised) in
      Value(smallInt: Ticks.difference(try vm.wideInt(args[0]), try vm.wideInt(args[1])))
    }
  }

  private func addSleeping(to module: ModuleBuilder) {
    let clock = board.clock
    module.function("sleep", 1...1) { [threads] (vm, args) throws(Raised) in
      threads.endTurn()
      return try vm.sleep(for: .milliseconds(Int64(vm.milliseconds(seconds: args[0]))), clock)
    }
    module.function("sleep_ms", 1...1) { [threads] (vm, args) throws(Raised) in
      threads.endTurn()
      return try vm.sleep(for: .milliseconds(Int64(vm.int(args[0]))), clock)
    }
    module.function("sleep_us", 1...1) { (vm, args) throws(Raised) in
      let microseconds = try vm.int(args[0])
      // A busy wait: interrupts come, scheduled callbacks wait until it is over.
      if microseconds > 0 { clock.busy(for: .microseconds(Int64(microseconds))) }
      try vm.safePoint()
      return .none
    }
  }

  private func addCalendar(to module: ModuleBuilder) {
    let board = self.board
    module.function("time", 0...0) { vm, _ in vm.heap.int(board.realTimeClock.secondsSince2000) }
    module.function("time_ns", 0...0) { vm, _ in vm.heap.int(board.realTimeClock.microsecondsSince2000 * 1000)
    }
    for name in ["localtime", "gmtime"] {
      module.function(name, 0...1) { (vm, args) throws(Raised) in
        let given = args.optional(0)
        let seconds =
          given.isUnbound || given.isNone ? board.realTimeClock.secondsSince2000 : try vm.wideInt(given)
        try requireCalendarRange([seconds], vm)
        var fields = CalendarTime(secondsSinceEpoch: seconds).fields
        // Of the present time the chip's own weekday, which need not be the date's.
        if given.isUnbound || given.isNone { fields[6] = board.realTimeClock.weekday - 1 }
        return vm.heap.tuple(fields.map { Value(smallInt: $0) })
      }
    }
    module.function("mktime", 1...1) { (vm, args) throws(Raised) in
      var fields: [Int] = []
      for item in try vm.sequenceItems(args[0]) { fields.append(try vm.int(item)) }
      guard (8...9).contains(fields.count) else {
        throw vm.error(.typeError, "mktime needs a tuple of length 8 or 9")
      }
      try requireCalendarRange(fields, vm)
      return vm.heap.int(CalendarTime.secondsSinceEpoch(fields))
    }
  }

  /// Refuses numbers that no calendar needs, before arithmetic with them overflows.
  private func requireCalendarRange(_ numbers: [Int], _ vm: Interpreter) throws(Raised) {
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
