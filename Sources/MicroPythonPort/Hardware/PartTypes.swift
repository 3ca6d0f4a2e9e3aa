import Machine
import MicroPython

/// The small parts of the board: `pyb.LED`, `pyb.Switch`, `pyb.Accel`.
extension Hardware {
  func defineParts() {
    defineLED()
    defineSwitch()
    defineAccelerometer()
    defineRealTimeClock()
  }

  // MARK: LED

  private func led(_ value: Value) throws(Raised) -> LED { try part(value, types.led) }

  private func defineLED() {
    types.led.info.make = { [unowned self] (vm, type, arguments) throws(Raised) in
      guard arguments.count == 1 else {
        throw vm.error(.typeError, "function takes 1 positional arguments but \(arguments.count) were given")
      }
      let number = try vm.int(arguments[0])
      guard let led = board.leds[number] else {
        let reason = board.leds.isEmpty ? ": this board has no LEDs" : ""
        throw vm.error(.valueError, "LED(\(number)) doesn't exist\(reason)")
      }
      return singleton(for: led) { vm.heap.native(type, led, boardBytes: 0) }
    }
    types.led.info.print = { [unowned self] (_, value, _, output) throws(Raised) in
      output.write("LED(\(try led(value).number))")
    }
    vm.define(types.led) { type in
      type.method("on", 0...0) { [unowned self] (_, args) throws(Raised) in
        try led(args[0]).on()
        return .none
      }
      type.method("off", 0...0) { [unowned self] (_, args) throws(Raised) in
        try led(args[0]).off()
        return .none
      }
      type.method("toggle", 0...0) { [unowned self] (_, args) throws(Raised) in
        try led(args[0]).toggle()
        return .none
      }
      type.method("intensity", 0...1) { [unowned self] (vm, args) throws(Raised) in
        let led = try led(args[0])
        guard args.count > 1 else { return Value(smallInt: led.intensity) }
        led.intensity = try vm.int(args[1])
        return .none
      }
    }
  }

  // MARK: Switch

  private func usrSwitch(_ value: Value) throws(Raised) -> Machine.Switch { try part(value, types.switch) }

  private func defineSwitch() {
    types.switch.info.make = { [unowned self] (vm, type, _) throws(Raised) in
      guard let part = board.switches.sorted(by: { $0.key < $1.key }).first?.value else {
        throw vm.error(.valueError, "this board has no switch")
      }
      return singleton(for: part) { vm.heap.native(type, part, boardBytes: 0) }
    }
    types.switch.info.print = { _, _, _, output in output.write("Switch()") }
    types.switch.info.call = { [unowned self] (_, value, _) throws(Raised) in
      Value(try usrSwitch(value).isPressed)
    }
    vm.define(types.switch) { type in
      type.method("value", 0...0) { [unowned self] (_, args) throws(Raised) in
        Value(try usrSwitch(args[0]).isPressed)
      }
      type.method("callback", 1...1) { [unowned self] (vm, args) throws(Raised) in
        let part = try usrSwitch(args[0])
        let function = SwitchCallback.adapt(args[1], vm)
        let handler = try handler(
          function, argument: args[1], .hard, complaint: Self.complaint(ofLine: part.pin.number))
        do throws(ExternalInterruptError) {
          try part.setInterrupt(handler)
        } catch { throw vm.error(.valueError, error.description) }
        return .none
      }
    }
  }

  // MARK: Accelerometer

  private func accelerometer(_ value: Value) throws(Raised) -> Accelerometer {
    try part(value, types.accelerometer)
  }

  private func defineAccelerometer() {
    types.accelerometer.info.make = { [unowned self] (vm, type, _) throws(Raised) in
      guard let part = board.accelerometer else { throw vm.error(.osError, "no accelerometer on this board") }
      part.start()
      return singleton(for: part) { vm.heap.native(type, part, boardBytes: 0) }
    }
    vm.define(types.accelerometer) { type in
      let axes: [(String, (Accelerometer) -> Int)] = [
        ("x", { $0.x() }), ("y", { $0.y() }), ("z", { $0.z() }), ("tilt", { Int($0.read(register: 3)) }),
      ]
      for (name, read) in axes {
        type.method(name, 0...0) { [unowned self] (_, args) throws(Raised) in
          Value(smallInt: read(try accelerometer(args[0])))
        }
      }
      type.method("filtered_xyz", 0...0) { [unowned self] (vm, args) throws(Raised) in
        let sum = try accelerometer(args[0]).filteredSum()
        return vm.heap.tuple([sum.x, sum.y, sum.z].map { Value(smallInt: $0) })
      }
      type.method("read", 1...1) { [unowned self] (vm, args) throws(Raised) in
        Value(smallInt: Int(try accelerometer(args[0]).read(register: vm.int(args[1]) & 0xff)))
      }
      type.method("write", 2...2) { [unowned self] (vm, args) throws(Raised) in
        try accelerometer(args[0]).write(
          UInt8(truncatingIfNeeded: vm.int(args[2])), register: vm.int(args[1]) & 0xff)
        return .none
      }
    }
  }
}

/// The switch's callback takes no argument, other handlers take one.
private enum SwitchCallback {
  static func adapt(_ function: Value, _ vm: Interpreter) -> Value {
    guard !function.isNone, vm.isCallable(function) else { return function }
    return vm.heap.function("callback", 1...1) { (vm, args) throws(Raised) in
      try vm.callUnpinned(args[0], arguments: [])
    }
  }
}
