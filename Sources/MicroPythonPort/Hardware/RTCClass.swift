import Machine
import MicroPython
import Timebase

/// `pyb.RTC` and `machine.RTC` (ports/stm32/rtc.c).
enum RTCClass: HardwareClass {
  static let name = "RTC"
  static let modules = [HardwareModule.machine, .pyb]
  static let boardBytes = 0

  static func define(_ type: PythonClassBuilder<Hardware, RealTimeClock>) {
    type.make(shared: true) { call in call.host.board.realTimeClock }
    type.method("init") { _ in }
    type.method("info") { _, call in startInformation(call.host.resets.cause) }
    type.method(
      "wakeup", .required("first", .value), .optional("second", .value), .optional("third", .value)
    ) { _, call, first, second, third in
      guard let third else { return try wakeUp(in: call.host, first, callback: second) }
      guard let second else { return }
      let setting = WakeUpTimer.Setting(
        clockSelection: try call.vm.int(first), reload: try call.vm.int(second))
      start(setting, try handler(third, call.host), call.host)
    }
    type.accessor(
      "datetime", .integers,
      get: { clock in
        let now = clock.dateTime
        return PythonTuple(
          now.year, now.month, now.day, clock.weekday, now.hour, now.minute, now.second, clock.subseconds)
      },
      set: { clock, fields in try set(clock, fields) })
    type.accessor(
      "calibration", .int, get: { $0.calibration },
      set: { clock, value in
        guard RealTimeClock.calibrationRange.contains(value) else {
          throw PythonError.value("calibration value out of range")
        }
        clock.calibration = value
      })
  }

  // MARK: Waking up

  /// The number of the interrupt line that the wake-up timer has, which its handler gets.
  private static let wakeUpLine = 22

  /// `wakeup(None)`, `wakeup(ms)` and `wakeup(ms, callback)`.
  static func wakeUp(in hardware: Hardware, _ milliseconds: Value, callback: Value? = nil) throws {
    guard !milliseconds.isNone else { return hardware.board.realTimeClock.wakeUpTimer.stop() }
    guard let setting = setting(milliseconds: try hardware.vm.int(milliseconds)) else {
      throw PythonError.value("wakeup value too large")
    }
    start(setting, try callback.flatMap { try handler($0, hardware) }, hardware)
  }

  /// The slowest clock that counts so long a time in 16 bits of the crystal's, then seconds.
  /// - Returns: `nil` for more than 131072 seconds.
  private static func setting(milliseconds: Int) -> WakeUpTimer.Setting? {
    var (divider, selection) = (2, 3)
    while divider <= 16, milliseconds > 2000 * divider {
      divider *= 2
      selection -= 1
    }
    var count = 32768 / max(divider, 2) &* milliseconds / 1000
    if divider > 16 {
      selection = 4
      count = milliseconds / 1000
      if count > 0x10000 {
        selection = 6
        count -= 0x10000
        if count > 0x10000 { return nil }
      }
    }
    return WakeUpTimer.Setting(clockSelection: selection, reload: max(count, 1) - 1)
  }

  private static func start(
    _ setting: WakeUpTimer.Setting, _ handler: InterruptHandler?, _ hardware: Hardware
  ) {
    hardware.board.realTimeClock.wakeUpTimer.start(setting, handler: handler)
    hardware.board.interrupts.poll()
  }

  /// Scheduled, as that of every line whose handler nobody has made a hard one (ports/stm32/extint.c).
  private static func handler(_ callback: Value, _ hardware: Hardware) throws(Raised) -> InterruptHandler? {
    try hardware.handler(
      callback, argument: Value(smallInt: wakeUpLine), .soft, complaint: Hardware.irqComplaint)
  }

  /// How the clock was found: started with the board, its crystal taking a while (milliseconds), or running already.
  private static func startInformation(_ cause: ResetCause) -> Int {
    cause == .powerOn ? 300 : 0x40000 | 7
  }

  private static func set(_ clock: RealTimeClock, _ fields: [Int]) throws(PythonError) {
    guard fields.count == 8 else {
      throw .value("requested length 8 but object has length \(fields.count)")
    }
    guard
      let date = DateTime(
        year: fields[0], month: fields[1], day: fields[2], hour: fields[4], minute: fields[5],
        second: fields[6])
    else { throw .value("no such date or time") }
    clock.set(date, weekday: fields[3])
  }
}
