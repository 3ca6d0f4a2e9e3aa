import Machine
import MicroPython

/// `Pin.irq` and `pyb.ExtInt` (ports/stm32/pin.c, extint.c, ports/rp2/machine_pin.c).
extension Hardware {
  /// `Pin.irq`
  func requestInterrupt(_ arguments: Arguments) throws(Raised) -> Value {
    let pin = try pin(arguments[0])
    if arguments.count > 1 || arguments.keywordCount > 0 {
      let options = try vm.parse(
        arguments.dropFirst(), positional: ["handler", "trigger", "hard"], required: 0)
      let trigger =
        options[1].isUnbound ? pinConstants.rising | pinConstants.falling : try vm.int(options[1])
      let isHard = options[2].isUnbound ? false : try vm.isTrue(options[2])
      let edges = try edgeTrigger(trigger)
      let handler = try handler(
        options[0].isUnbound || edges == nil ? .none : options[0], argument: pinObject(pin),
        isHard ? .hard : .soft,
        complaint: port is RP2Port ? Self.irqComplaint : Self.complaint(ofLine: pin.number))
      try attach(handler, to: pin, edges ?? .risingOrFalling, as: .pin)
    }
    // The stm32 port has no such object for pins yet.
    guard port is RP2Port else { return .none }
    if let known = irqObjects[ObjectIdentifier(pin)] { return known.value }
    let value = vm.heap.native(types.irqObject, PinIRQ(pin, self))
    irqObjects[ObjectIdentifier(pin)] = RootedValue(value, in: vm.heap)
    return value
  }

  /// What the board prints before the traceback of a handler on an EXTI line (ports/stm32/extint.c).
  static func complaint(ofLine number: Int) -> String {
    "uncaught exception in ExtInt interrupt handler line \(number)"
  }

  /// - Returns: nil for none, which the rp2 port allows.
  fileprivate func edgeTrigger(_ number: Int) throws(Raised) -> EdgeTrigger? {
    switch number {
    case pinConstants.rising: return .rising
    case pinConstants.falling: return .falling
    case pinConstants.rising | pinConstants.falling: return .risingOrFalling
    case 0 where port is RP2Port: return nil
    default: throw vm.error(.valueError, "invalid ExtInt Mode: \(number)")
    }
  }

  fileprivate func number(of edges: EdgeTrigger) -> Int {
    switch edges {
    case .rising: pinConstants.rising
    case .falling: pinConstants.falling
    case .risingOrFalling: pinConstants.rising | pinConstants.falling
    }
  }

  /// The pin of an `ExtInt`; the lines without a pin (16 and up) are those of other peripherals.
  private func pinWithLine(_ identifier: Value) throws(Raised) -> Pin {
    guard identifier.isSmallInt else { return try pin(pinObject(identifier)) }
    let number = identifier.smallInt
    guard number >= 16 else {
      throw vm.error(.valueError, "ExtInt vector \(number) < 16, use a Pin object")
    }
    guard number < 23 else { throw vm.error(.valueError, "ExtInt vector \(number) >= max of 23") }
    throw vm.error(
      .notImplementedError,
      "ExtInt on line \(number), which has no pin, is not emulated; see docs/compatibility.md")
  }

  fileprivate func attach(
    _ handler: InterruptHandler?, to pin: Pin, _ edges: EdgeTrigger,
    as registration: EXTILines.Registration
  ) throws(Raised) {
    do throws(ExternalInterruptError) {
      try board.externalInterrupts.attach(pin, trigger: edges, handler: handler, as: registration)
    } catch {
      switch error {
      case .takenByPin: throw vm.error(.osError, error.description)
      case .lineInUse: throw vm.error(registration == .line ? .valueError : .osError, error.description)
      }
    }
  }

  // MARK: ExtInt

  func defineExternalInterrupt() {
    let type = types.externalInterrupt
    type.info.make = { [unowned self] (vm, type, arguments) throws(Raised) in
      let options = try vm.parse(arguments, positional: ["pin", "mode", "pull", "callback"], required: 4)
      let pin = try pinWithLine(options[0])
      let edges = try edgeTrigger(vm.int(options[1])) ?? .risingOrFalling
      let pullNumber = try vm.int(options[2])
      guard let pull = Pull(extInt: pullNumber) else {
        throw vm.error(.valueError, "invalid ExtInt Pull: \(pullNumber)")
      }
      let handler = try handler(
        options[3], argument: Value(smallInt: pin.number), .hard,
        complaint: Self.complaint(ofLine: pin.number))
      try attach(handler, to: pin, edges, as: .line)
      // Without a callback an ExtInt only frees the line.
      if handler != nil { pin.configure(.input, pull: pull) }
      return vm.heap.native(type, ExternalInterrupt(line: pin.number))
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

/// What `Pin.irq` returns on the rp2 port.
private final class PinIRQ: IRQObject {
  private let pin: Pin
  private unowned let hardware: Hardware
  private var lines: EXTILines { hardware.board.externalInterrupts }

  init(_ pin: Pin, _ hardware: Hardware) {
    self.pin = pin
    self.hardware = hardware
  }

  var trigger: Int { lines.trigger(of: pin).map { hardware.number(of: $0) } ?? 0 }
  var flags: Int {
    lines.lastLevel(of: pin).map { hardware.number(of: $0 == .high ? .rising : .falling) } ?? 0
  }
  var handler: InterruptHandler? { lines.handler(of: pin) }

  func setTrigger(_ number: Int) throws(Raised) {
    guard let edges = try hardware.edgeTrigger(number) else { return try disable() }
    lines.setTrigger(edges, of: pin)
  }

  func disable() throws(Raised) { try hardware.attach(nil, to: pin, .rising, as: .pin) }
}

extension Pull {
  /// - Parameter number: the number of a pull of `Pin`, as `ExtInt` takes it.
  fileprivate init?(extInt number: Int) {
    switch number {
    case 0: self = .none
    case 1: self = .up
    case 2: self = .down
    default: return nil
    }
  }
}

/// An `ExtInt` object: one of the sixteen interrupt lines.
private final class ExternalInterrupt {
  let line: Int
  init(line: Int) { self.line = line }
}
