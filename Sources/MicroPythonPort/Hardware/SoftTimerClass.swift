import Machine
import MicroPython

/// Behind a `machine.Timer` object: settings that `init` is not given stay as they were.
final class SoftTimerObject: ValueHolding {
  let timer: SoftTimer
  fileprivate var period: Int64 = 1000
  /// None for none. It stays when the timer has run out.
  fileprivate var callback = Value.none

  private let living: LivingTimers

  fileprivate init(_ timer: SoftTimer, _ living: LivingTimers) {
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

/// `machine.Timer` (extmod/machine_timer.c).
enum SoftTimerClass: HardwareClass {
  static let name = "Timer"
  static let modules = [HardwareModule.machine]
  static let boardBytes = 48

  static func define(_ type: PythonClassBuilder<Hardware, SoftTimerObject>) {
    let objects = type.objects
    let setup = setup
    type.make(.optional("id", .int, default: -1), .rest) { call, number, rest -> Value in
      guard number == -1 else { throw PythonError.value("Timer doesn't exist") }
      let (vm, hardware) = (call.vm, call.host)
      let most = LivingTimers.mostTimers(in: vm.heap)
      if hardware.livingTimers.count >= most { vm.collectGarbage() }
      guard hardware.livingTimers.count < most else {
        throw vm.error(.memoryError, "memory allocation failed, allocating \(boardBytes) bytes")
      }
      let object = SoftTimerObject(hardware.board.makeSoftTimer(), hardware.livingTimers)
      let value = objects.make(object)
      if !rest.isEmpty { try start(object, value, setup.read(rest, vm), hardware) }
      return value
    }
    type.print {
      "Timer(mode=\($0.timer.isPeriodic ? "PERIODIC" : "ONE_SHOT"), period=\($0.period))"
    }
    type.constants(["ONE_SHOT": 1, "PERIODIC": periodic])
    type.method("init", setup) { object, call, setup in
      object.timer.stop()
      try start(object, call.object, setup, call.host)
    }
    type.method("deinit") { $0.timer.stop() }
  }

  private static let periodic = 2

  private struct Setup {
    var mode: Int
    var callback: Value?
    var period: Int?
    var tickRate: Int
    var frequency: Double?
    var isHard: Bool
  }

  private static var setup: Signature<Setup> {
    Signature(
      Setup.init, .keyword("mode", .int, default: periodic), .keyword("callback", .value),
      .keyword("period", .int), .keyword("tick_hz", .int, default: 1000),
      .keyword("freq", .orNone(.float), default: nil), .keyword("hard", .bool, default: false))
  }

  /// - Parameter value: the object as firmware has it. The handler's argument keeps it while the timer runs.
  private static func start(
    _ object: SoftTimerObject, _ value: Value, _ setup: Setup, _ hardware: Hardware
  ) throws {
    let period = try period(setup) ?? object.period
    let handler = try hardware.handler(
      setup.callback ?? object.callback, argument: value, setup.isHard ? .hard : .soft,
      complaint: Hardware.irqComplaint)
    try object.timer.start(period: period, periodic: setup.mode == periodic, handler: handler)
    object.period = object.timer.period
    if let callback = setup.callback { object.callback = callback }
  }

  /// Milliseconds; nil for the present period.
  private static func period(_ setup: Setup) throws(TimerError) -> Int64? {
    if let frequency = setup.frequency {
      guard frequency > 0 else { throw .frequencyNotPositive }
      return Int64(min(1000 / frequency, Double(Int32.max)))
    }
    guard let count = setup.period else { return nil }
    guard setup.tickRate > 0 else { throw .frequencyNotPositive }
    let (product, overflow) = count.multipliedReportingOverflow(by: 1000)
    guard !overflow else { throw .periodTooLarge }
    return Int64(product / setup.tickRate)
  }
}
