import Machine
import MicroPython

/// `machine.Pin`, which is also `pyb.Pin` (ports/stm32/pin.c, ports/rp2/machine_pin.c).
enum PinClass: HardwareClass {
  static let name = "Pin"
  static let modules = [HardwareModule.machine, .pyb]
  static let boardBytes = 0

  static func define(_ type: PythonClassBuilder<Hardware, Pin>) {
    let port = type.host.port
    type.make(shared: true, .required("id", .value), .rest) { call, id, rest in
      let pin = try call.host.findPin(id)
      if !rest.isEmpty { try port.configure(pin, rest, call.host) }
      return pin
    }
    type.print { port.text(of: $0) }
    type.fastCall(level)
    type.method("init", .rest) { pin, call, rest in try port.configure(pin, rest, call.host) }
    type.fastAccessor("value", body: level)
    for name in ["high", "on"] { type.method(name) { $0.level = .high } }
    for name in ["low", "off"] { type.method(name) { $0.level = .low } }
    type.method("irq", .rest) { pin, call, rest in try irq(pin, call, rest) }
    port.addPinMembers(to: type)
    addConstants(to: type)
  }

  private static func level(_ pin: Pin, _ value: Value, _ vm: Interpreter) throws(Raised) -> Value {
    guard !value.isUnbound else { return Value(smallInt: pin.level == .high ? 1 : 0) }
    pin.level = try vm.isTrue(value) ? .high : .low
    return .none
  }

  private static func addConstants(to type: PythonClassBuilder<Hardware, Pin>) {
    let constants = type.host.port.pinConstants
    for mode in constants.modes {
      for name in mode.names { type.constant(name, mode.number) }
    }
    for pull in constants.pulls { type.constant(pull.name, pull.number) }
    for other in constants.alternates { type.constant(other.name, other.number) }
    type.constant("IRQ_RISING", constants.rising)
    type.constant("IRQ_FALLING", constants.falling)
    let pins = type.host.board.pins
    type.constant("board", names("board", pins.boardNames, type))
    type.constant("cpu", names("cpu", pins.map(\.cpuName), type))
  }

  /// `Pin.board` and `Pin.cpu`: classes whose attributes are pins.
  private static func names(
    _ name: String, _ names: [String], _ type: PythonClassBuilder<Hardware, Pin>
  ) -> Value {
    let holder = type.vm.heap.type(name)
    type.vm.define(holder) { builder in
      for name in names {
        if let pin = type.host.board.pins.find(name) {
          builder.attribute(name, type.objects.shared(for: pin))
        }
      }
    }
    return holder.value
  }
}

// MARK: irq

extension PinClass {
  private struct InterruptRequest {
    var handler: Value
    /// Both edges if it is not given.
    var trigger: Int?
    var isHard: Bool
  }

  private static var request: Signature<InterruptRequest> {
    Signature(
      InterruptRequest.init, rules: .named, .optional("handler", .value, default: .none),
      .optional("trigger", .int), .optional("hard", .bool, default: false))
  }

  /// `Pin.irq`: sets the handler, and on the rp2 port returns the object that stands for the interrupt.
  fileprivate static func irq(_ pin: Pin, _ call: Call<Hardware>, _ arguments: Arguments) throws -> Value {
    let hardware = call.host
    if !arguments.isEmpty {
      let request = try request.read(arguments, call.vm)
      let constants = hardware.port.pinConstants
      let edges = try hardware.port.edgeTrigger(request.trigger ?? constants.rising | constants.falling)
      let handler = try hardware.handler(
        edges == nil ? .none : request.handler, argument: call.object, request.isHard ? .hard : .soft,
        complaint: hardware.port.pinComplaint(pin))
      try hardware.attach(handler, to: pin, edges ?? .risingOrFalling, as: .pin)
    }
    guard hardware.port.hasPinIRQObject else { return .none }
    return hardware.objects(of: IRQClass.self).shared(for: pin) { IRQObject(PinIRQ(pin, hardware)) }
  }
}

/// The interrupt of a pin, as `Pin.irq` returns it.
private final class PinIRQ: IRQSource {
  private let pin: Pin
  private unowned let hardware: Hardware
  private var lines: EXTILines { hardware.board.externalInterrupts }

  init(_ pin: Pin, _ hardware: Hardware) {
    self.pin = pin
    self.hardware = hardware
  }

  var trigger: Int { lines.trigger(of: pin).map(number) ?? 0 }
  var flags: Int { lines.lastLevel(of: pin).map { number($0 == .high ? .rising : .falling) } ?? 0 }
  var handler: InterruptHandler? { lines.handler(of: pin) }

  func setTrigger(_ number: Int) throws {
    guard let edges = try hardware.port.edgeTrigger(number) else { return try disable() }
    lines.setTrigger(edges, of: pin)
  }

  func disable() throws { try hardware.attach(nil, to: pin, .rising, as: .pin) }

  private func number(_ edges: EdgeTrigger) -> Int { hardware.port.pinConstants.number(of: edges) }
}

extension Hardware {
  /// Sets the handler of a pin's interrupt line, with the board's errors for one that is in use.
  func attach(
    _ handler: InterruptHandler?, to pin: Pin, _ edges: EdgeTrigger,
    as registration: EXTILines.Registration
  ) throws(PythonError) {
    do throws(ExternalInterruptError) {
      try board.externalInterrupts.attach(pin, trigger: edges, handler: handler, as: registration)
    } catch {
      if case .lineInUse = error, registration == .line { throw .value(error.description) }
      throw PythonError(.osError, error.description)
    }
  }

  /// Returns the line that the board prints before the traceback of a handler on an EXTI line
  /// (ports/stm32/extint.c).
  static func complaint(ofLine number: Int) -> String {
    "uncaught exception in ExtInt interrupt handler line \(number)"
  }
}
