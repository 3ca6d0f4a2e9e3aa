import Machine
import MicroPython

/// `pyb.Switch` (ports/stm32/usrsw.c).
enum SwitchClass: HardwareClass {
  static let name = "Switch"
  static let modules = [HardwareModule.pyb]
  static let boardBytes = 0

  static func define(_ type: PythonClassBuilder<Hardware, Machine.Switch>) {
    type.make(shared: true) { call in
      let switches = call.host.board.switches
      guard let part = switches["USR"] ?? switches.first?.value else {
        throw PythonError.value("this board has no switch")
      }
      // A Pyboard has one, so there is no way to name it.
      guard switches.count == 1 || switches["USR"] != nil else {
        let names = switches.keys.sorted().joined(separator: ", ")
        throw PythonError.value("this board has several switches (\(names)); read their pins instead")
      }
      return part
    }
    type.print { _ in "Switch()" }
    type.call { part, _ in part.isPressed }
    type.method("value") { $0.isPressed }
    type.method("callback", .required("fun", .value)) { part, call, function in
      let handler = try call.host.handler(
        withoutArgument(function, call.vm), argument: function, .hard,
        complaint: Hardware.complaint(ofLine: part.pin.number))
      try part.setInterrupt(handler)
    }
  }

  /// The switch's callback takes no argument, other handlers take one.
  private static func withoutArgument(_ function: Value, _ vm: Interpreter) -> Value {
    guard !function.isNone, vm.isCallable(function) else { return function }
    return vm.heap.function("callback", 1...1) { (vm, args) throws(Raised) in
      try vm.callUnpinned(args[0], arguments: [])
    }
  }
}
