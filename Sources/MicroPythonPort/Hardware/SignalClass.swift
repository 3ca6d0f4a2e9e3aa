import Machine
import MicroPython

/// `machine.Signal`: a pin, or an object that behaves like one, that may be active low.
final class PinSignal: ValueHolding {
  let pin: Value
  let isInverted: Bool

  init(pin: Value, isInverted: Bool) {
    self.pin = pin
    self.isInverted = isInverted
  }

  func visitValues(_ visit: (Value) -> Void) { visit(pin) }

  func isOn(_ vm: Interpreter) throws(Raised) -> Bool { try vm.isTrue(vm.call(pin)) != isInverted }

  func turn(on: Bool, _ vm: Interpreter) throws(Raised) {
    _ = try vm.call(pin, Value(smallInt: on != isInverted ? 1 : 0))
  }
}

/// `machine.Signal` (extmod/machine_signal.c).
enum SignalClass: HardwareClass {
  static let name = "Signal"
  static let modules = [HardwareModule.machine]

  static func define(_ type: PythonClassBuilder<Hardware, PinSignal>) {
    type.make(.rest) { call, arguments in try make(arguments, call) }
    type.call(.optional("value", .bool)) { signal, call, value in try access(signal, value, call.vm) }
    type.method("value", .optional("value", .bool)) { signal, call, value in
      try access(signal, value, call.vm)
    }
    type.method("on") { signal, call in try signal.turn(on: true, call.vm) }
    type.method("off") { signal, call in try signal.turn(on: false, call.vm) }
  }

  private static func access(_ signal: PinSignal, _ value: Bool?, _ vm: Interpreter) throws -> Value {
    guard let value else { return Value(smallInt: try signal.isOn(vm) ? 1 : 0) }
    try signal.turn(on: value, vm)
    return .none
  }

  private static func make(_ arguments: Arguments, _ call: Call<Hardware>) throws -> PinSignal {
    let vm = call.vm
    let inverted = arguments.keyword("invert")
    let isInverted = inverted.isUnbound ? false : try vm.isTrue(inverted)
    guard arguments.count > 0 else { throw vm.error(.typeError, arguments: []) }
    if StringHandle(arguments[0]) != nil || arguments[0].isSmallInt {
      return PinSignal(pin: try makePin(arguments, isInverted: isInverted, call), isInverted: isInverted)
    }
    guard arguments.count == 1, arguments.keywordCount == (inverted.isUnbound ? 0 : 1) else {
      throw vm.error(.typeError, arguments: [])
    }
    return PinSignal(pin: arguments[0], isInverted: isInverted)
  }

  /// Makes the pin of the arguments that are left when `invert` is taken out; a first value is the signal's.
  private static func makePin(
    _ arguments: Arguments, isInverted: Bool, _ call: Call<Hardware>
  ) throws -> Value {
    let vm = call.vm
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
    return try vm.call(
      call.host.objects(of: PinClass.self).type.value, arguments: Array(arguments.positional),
      keywords: keywords)
  }
}
