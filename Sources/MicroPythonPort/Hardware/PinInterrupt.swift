import Machine
import MicroPython

/// `Pin.irq` and `pyb.ExtInt` (ports/stm32/pin.c, extint.c, ports/rp2/machine_pin.c).
extension Hardware {
  func requestInterrupt(_ arguments: Arguments) throws(Raised) -> Value {
    let pin = try pin(arguments[0])
    let request = request(for: pin)
    if arguments.count > 1 || arguments.keywordCount > 0 {
      let options = try vm.parse(
        arguments.dropFirst(), positional: ["handler", "trigger", "hard"], required: 0)
      let trigger =
        options[1].isUnbound ? pinConstants.rising | pinConstants.falling : try vm.int(options[1])
      let isHard = options[2].isUnbound ? false : try vm.isTrue(options[2])
      let edges = try edgeTrigger(trigger)
      let handler = try handler(
        options[0].isUnbound || edges == nil ? .none : options[0], argument: pinObject(pin), for: pin,
        source: pin.name, isHard: isHard,
        complaint: port == .rp2
          ? "Uncaught exception in IRQ callback handler"
          : "uncaught exception in ExtInt interrupt handler line \(pin.number)"
      ) { [unowned self, unowned request] interrupt in
        request.flags = interrupt.level == .high ? pinConstants.rising : pinConstants.falling
      }
      try attach(handler, to: pin, edges ?? .risingOrFalling, as: .pin)
      request.trigger = trigger
    }
    // The stm32 port has no such object for pins yet.
    return port == .stm32 ? .none : object(for: request)
  }

  private func request(for pin: Pin) -> IRQObject {
    if let known = requests[ObjectIdentifier(pin)] { return known }
    let request = IRQObject(part: pin) { [unowned self] (number) throws(Raised) in
      guard let edges = try edgeTrigger(number) else { return try attach(nil, to: pin, .rising, as: .pin) }
      board.externalInterrupts.setTrigger(edges, of: pin)
    }
    requests[ObjectIdentifier(pin)] = request
    return request
  }

  /// - Returns: nil for none, which the rp2 port allows.
  private func edgeTrigger(_ number: Int) throws(Raised) -> EdgeTrigger? {
    switch number {
    case pinConstants.rising: return .rising
    case pinConstants.falling: return .falling
    case pinConstants.rising | pinConstants.falling: return .risingOrFalling
    case 0 where port == .rp2: return nil
    default: throw vm.error(.valueError, "invalid ExtInt Mode: \(number)")
    }
  }

  private func attach(
    _ handler: InterruptHandler?, to pin: Pin, _ edges: EdgeTrigger,
    as registration: EXTILines.Registration
  ) throws(Raised) {
    do throws(ExternalInterruptError) {
      try board.externalInterrupts.attach(pin, trigger: edges, handler: handler, as: registration)
    } catch {
      switch error {
      case .takenByPin: throw vm.error(.osError, error.description)
      case .lineInUse: throw vm.error(.valueError, error.description)
      }
    }
  }

  // MARK: ExtInt

  func defineExternalInterrupt() {
    let type = types.externalInterrupt
    type.info.make = { [unowned self] (vm, type, arguments) throws(Raised) in
      let options = try vm.parse(arguments, positional: ["pin", "mode", "pull", "callback"], required: 4)
      let pin = try pin(pinObject(options[0]))
      let edges = try edgeTrigger(vm.int(options[1])) ?? .risingOrFalling
      let pull: Pull = try vm.int(options[2]) == 1 ? .up : try vm.int(options[2]) == 2 ? .down : .none
      let line = ExternalInterrupt(line: pin.number)
      // Without a callback an ExtInt only frees the line.
      let handler = try handler(
        options[3], argument: Value(smallInt: pin.number), for: line, source: pin.name, isHard: true,
        complaint: "uncaught exception in ExtInt interrupt handler line \(pin.number)")
      try attach(nil, to: pin, edges, as: .override)
      if handler != nil { try attach(handler, to: pin, edges, as: .line) }
      pin.configure(.input, pull: pull)
      return vm.heap.native(type, line)
    }
    type.info.print = { [unowned self] (_, value, _, output) throws(Raised) in
      let line: ExternalInterrupt = try part(value, types.externalInterrupt)
      output.write("<ExtInt line=\(line.line)>")
    }
    vm.define(type) { builder in
      builder.attribute("IRQ_RISING", Value(smallInt: pinConstants.rising))
      builder.attribute("IRQ_FALLING", Value(smallInt: pinConstants.falling))
      builder.attribute(
        "IRQ_RISING_FALLING", Value(smallInt: pinConstants.rising | pinConstants.falling))
      builder.method("line", 0...0) { [unowned self] (_, args) throws(Raised) in
        let line: ExternalInterrupt = try part(args[0], types.externalInterrupt)
        return Value(smallInt: line.line)
      }
      builder.method("enable", 0...0) { [unowned self] (_, args) throws(Raised) in
        let line: ExternalInterrupt = try part(args[0], types.externalInterrupt)
        board.externalInterrupts.setEnabled(true, line: line.line)
        return .none
      }
      builder.method("disable", 0...0) { [unowned self] (_, args) throws(Raised) in
        let line: ExternalInterrupt = try part(args[0], types.externalInterrupt)
        board.externalInterrupts.setEnabled(false, line: line.line)
        return .none
      }
      builder.method("swint", 0...0) { [unowned self] (_, args) throws(Raised) in
        let line: ExternalInterrupt = try part(args[0], types.externalInterrupt)
        board.externalInterrupts.trigger(line: line.line)
        return .none
      }
    }
  }
}

/// An `ExtInt` object: one of the sixteen interrupt lines.
private final class ExternalInterrupt {
  let line: Int
  init(line: Int) { self.line = line }
}
