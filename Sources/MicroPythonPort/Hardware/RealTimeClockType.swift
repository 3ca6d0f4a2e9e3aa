import Machine
import MicroPython

/// `pyb.RTC` and `machine.RTC` (ports/stm32/rtc.c).
extension Hardware {
  private func realTimeClock(_ value: Value) throws(Raised) -> RealTimeClock {
    try part(value, types.realTimeClock)
  }

  func defineRealTimeClock() {
    types.realTimeClock.info.make = { [unowned self] vm, type, _ in
      singleton(for: board.realTimeClock) { vm.heap.native(type, board.realTimeClock, boardBytes: 0) }
    }
    vm.define(types.realTimeClock) { type in
      type.method("init", 0...0) { _, _ in .none }
      type.method("datetime", 0...1) { [unowned self] (vm, args) throws(Raised) in
        let clock = try realTimeClock(args[0])
        guard args.count > 1 else {
          let now = clock.dateTime
          let fields = [
            now.year, now.month, now.day, clock.weekday, now.hour, now.minute, now.second, clock.subseconds,
          ]
          return vm.heap.tuple(fields.map { Value(smallInt: $0) })
        }
        var fields: [Int] = []
        try vm.forEach(args[1]) { item throws(Raised) in fields.append(try vm.int(item)) }
        guard fields.count == 8 else {
          throw vm.error(.valueError, "requested length 8 but object has length \(fields.count)")
        }
        guard
          let date = DateTime(
            year: fields[0], month: fields[1], day: fields[2], hour: fields[4], minute: fields[5],
            second: fields[6])
        else { throw vm.error(.valueError, "no such date or time") }
        clock.set(date, subseconds: fields[7], weekday: fields[3])
        return .none
      }
      type.method("calibration", 0...1) { [unowned self] (vm, args) throws(Raised) in
        let clock = try realTimeClock(args[0])
        guard args.count > 1 else { return Value(smallInt: clock.calibration) }
        let value = try vm.int(args[1])
        guard RealTimeClock.calibrationRange.contains(value) else {
          throw vm.error(.valueError, "calibration value out of range")
        }
        clock.calibration = value
        return .none
      }
    }
  }
}
