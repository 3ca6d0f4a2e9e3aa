import MicroPython

/// `machine.Signal`: a pin, or what behaves like one, that may be active low (extmod/machine_signal.c).
private final class PinSignal: ValueHolding {
  let pin: Value
  let isInverted: Bool

  init(pin: Value, isInverted: Bool) {
    self.pin = pin
    self.isInverted = isInverted
  }

  func visitValues(_ visit: (Value) -> Void) { visit(pin) }
}

extension Hardware {
  func defineSignal() {
    let type = types.signal
    type.info.make = { [unowned self] (vm, type, arguments) throws(Raised) in
      let inverted = arguments.keyword("invert")
      let isInverted = inverted.isUnbound ? false : try vm.isTrue(inverted)
      guard arguments.count > 0 else { throw vm.error(.typeError, arguments: []) }
      let pin: Value
      if StringHandle(arguments[0]) != nil || arguments[0].isSmallInt {
        pin = try makePin(arguments, isInverted: isInverted)
      } else {
        guard arguments.count == 1, arguments.keywordCount == (inverted.isUnbound ? 0 : 1) else {
          throw vm.error(.typeError, arguments: [])
        }
        pin = arguments[0]
      }
      return vm.heap.native(type, PinSignal(pin: pin, isInverted: isInverted))
    }
    type.info.call = { [unowned self] (vm, value, arguments) throws(Raised) in
      try level(of: part(value, types.signal), arguments, vm)
    }
    vm.define(type) { type in
      type.method("value", 0...1) { [unowned self] (vm, args) throws(Raised) in
        try level(of: part(args[0], types.signal), args.dropFirst(), vm)
      }
      for (name, isOn) in [("on", true), ("off", false)] {
        type.method(name, 0...0) { [unowned self] (vm, args) throws(Raised) in
          let signal: PinSignal = try part(args[0], types.signal)
          _ = try vm.call(signal.pin, Value(smallInt: isOn != signal.isInverted ? 1 : 0))
          return .none
        }
      }
    }
  }

  /// Makes the pin of what is left for `Pin` when `invert` is taken out; a first value is the signal's.
  private func makePin(_ arguments: Arguments, isInverted: Bool) throws(Raised) -> Value {
    var keywords: [(name: Value, value: Value)] = []
    for index in 0..<arguments.keywordCount {
      let (name, value) = arguments.keyword(at: index)
      switch name.text {
      case "invert": continue
      case "value" where !value.isNone:
        keywords.append((name.value, Value(smallInt: try vm.isTrue(value) != isInverted ? 1 : 0)))
      default: keywords.append((name.value, value))
      }
    }
    return try vm.call(types.pin.value, arguments: Array(arguments.positional), keywords: keywords)
  }

  private func level(
    of signal: PinSignal, _ arguments: Arguments, _ vm: Interpreter
  ) throws(Raised) -> Value {
    guard arguments.count > 0 else {
      let isHigh = try vm.isTrue(try vm.call(signal.pin))
      return Value(smallInt: isHigh != signal.isInverted ? 1 : 0)
    }
    let isOn = try vm.isTrue(arguments[0])
    _ = try vm.call(signal.pin, Value(smallInt: isOn != signal.isInverted ? 1 : 0))
    return .none
  }
}
