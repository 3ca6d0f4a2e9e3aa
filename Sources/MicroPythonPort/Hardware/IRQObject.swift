import Machine
import MicroPython

/// What `Pin.irq` and `UART.irq` return (shared/runtime/mpirq.c). What interrupts, and what it calls, is the part's.
protocol IRQObject: AnyObject {
  /// The port's numbers for what interrupts, and for what did last.
  var trigger: Int { get }
  var flags: Int { get }
  var handler: InterruptHandler? { get }
  func setTrigger(_ number: Int) throws(Raised)
  /// Takes the handler away.
  func disable() throws(Raised)
}

extension Hardware {
  func defineIRQObject() {
    vm.define(types.irqObject) { type in
      type.method("flags", 0...0) { [unowned self] (_, args) throws(Raised) in
        Value(smallInt: try irqObject(args[0]).flags)
      }
      type.method("trigger", 0...1) { [unowned self] (vm, args) throws(Raised) in
        let object = try irqObject(args[0])
        let before = object.trigger
        if args.count > 1 { try object.setTrigger(vm.int(args[1])) }
        return Value(smallInt: before)
      }
    }
    types.irqObject.info.call = { [unowned self] (vm, value, _) throws(Raised) in
      let object = try irqObject(value)
      guard case .routine(let routine as PythonHandler, _) = object.handler else { return .none }
      // A handler that raises has told so, and is off from now on.
      do throws(Raised) { try routine.call() } catch { try object.disable() }
      return .none
    }
  }

  private func irqObject(_ value: Value) throws(Raised) -> any IRQObject {
    guard let object = NativeHandle(value)?.payload as? any IRQObject else {
      throw vm.error(.typeError, "argument should be a 'irq' not a '\(vm.type(of: value).name)'")
    }
    return object
  }
}
