import MicroPython

/// What `Pin.irq` and `UART.irq` return (shared/runtime/mpirq.c).
final class IRQObject {
  /// What interrupts.
  let part: AnyObject
  /// The port's numbers for what interrupts, and for what did last.
  var trigger = 0
  var flags = 0
  /// Makes other things interrupt from now on.
  let setTrigger: (Int) throws(Raised) -> Void

  init(part: AnyObject, setTrigger: @escaping (Int) throws(Raised) -> Void) {
    self.part = part
    self.setTrigger = setTrigger
  }
}

extension Hardware {
  /// The one request of a part, as an object of the firmware's.
  func object(for request: IRQObject) -> Value {
    singleton(for: request) { vm.heap.native(types.interruptRequest, request) }
  }

  func defineInterruptRequest() {
    vm.define(types.interruptRequest) { type in
      type.method("flags", 0...0) { [unowned self] (_, args) throws(Raised) in
        Value(smallInt: try request(args[0]).flags)
      }
      type.method("trigger", 0...1) { [unowned self] (vm, args) throws(Raised) in
        let request = try request(args[0])
        let before = request.trigger
        if args.count > 1 {
          let trigger = try vm.int(args[1])
          try request.setTrigger(trigger)
          request.trigger = trigger
        }
        return Value(smallInt: before)
      }
    }
    types.interruptRequest.info.call = { [unowned self] (vm, value, _) throws(Raised) in
      if let entry = handlers[try request(value).part] { _ = try vm.call(entry.function, entry.argument) }
      return .none
    }
  }

  private func request(_ value: Value) throws(Raised) -> IRQObject {
    try part(value, types.interruptRequest)
  }
}
