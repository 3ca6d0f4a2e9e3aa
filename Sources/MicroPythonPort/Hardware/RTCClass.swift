import Machine
import MicroPython

/// `pyb.RTC` and `machine.RTC` (ports/stm32/rtc.c).
enum RTCClass: HardwareClass {
  static let name = "RTC"
  static let modules = [HardwareModule.machine, .pyb]
  static let boardBytes = 0

  static func define(_ type: PythonClassBuilder<Hardware, RealTimeClock>) {
    type.make(shared: true, .rest) { call, _ in call.host.board.realTimeClock }
    type.method("init") { _ in }
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

  private static func set(_ clock: RealTimeClock, _ fields: [Int]) throws(PythonError) {
    guard fields.count == 8 else {
      throw .value("requested length 8 but object has length \(fields.count)")
    }
    guard
      let date = DateTime(
        year: fields[0], month: fields[1], day: fields[2], hour: fields[4], minute: fields[5],
        second: fields[6])
    else { throw .value("no such date or time") }
    clock.set(date, subseconds: fields[7], weekday: fields[3])
  }
}
