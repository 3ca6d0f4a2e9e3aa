import Machine
import MicroPython

/// The output behind a `machine.PWM` object: an output of a peripheral, as a port uses it.
protocol PWMOutput: AnyObject {
  /// How the object prints.
  var text: String { get }
  /// Called by the constructor before it looks at the other arguments.
  /// - Parameter isSetUp: whether there are any.
  func prepare(isSetUp: Bool)
  func setUp(_ setup: PWMSetup) throws
  /// Switches the pin to the output.
  func connect(_ pin: Pin)
  func stop()
  /// Hz; 0 while none was set.
  var frequency: Int { get }
  func setFrequency(_ frequency: Int) throws
  /// Of 65535; 0 while none was set.
  var dutyU16: Int { get }
  func setDuty(u16: Int)
  /// Nanoseconds; 0 while none was set.
  var dutyNanoseconds: Int { get }
  func setDuty(nanoseconds: Int)
}

extension PWMOutput {
  /// Sets the pulse again that firmware gave, for another frequency.
  func renew(_ duty: PWMDuty?) {
    switch duty {
    case .u16(let duty): setDuty(u16: duty)
    case .nanoseconds(let duty): setDuty(nanoseconds: duty)
    case nil: break
    }
  }

  /// Sets the frequency and the pulse that are given.
  func setRates(_ setup: PWMSetup) throws {
    if let frequency = setup.frequency { try setFrequency(frequency) }
    if let duty = setup.dutyU16 { setDuty(u16: duty) }
    if let duty = setup.dutyNanoseconds { setDuty(nanoseconds: duty) }
  }
}

/// The length of a pulse as firmware gave it: it stays when the frequency changes.
enum PWMDuty {
  case u16(Int)
  case nanoseconds(Int)
}

/// The arguments of `PWM(…)` and `PWM.init(…)`; nil for those that were not given.
struct PWMSetup {
  var frequency: Int?
  var dutyU16: Int?
  var dutyNanoseconds: Int?
  var isInverted: Bool?

  fileprivate init(frequency: Int, dutyU16: Int, dutyNanoseconds: Int, invert: Int) {
    func given(_ number: Int) -> Int? { number == -1 ? nil : number }
    self.frequency = given(frequency)
    self.dutyU16 = given(dutyU16)
    self.dutyNanoseconds = given(dutyNanoseconds)
    isInverted = given(invert).map { $0 != 0 }
  }
}

/// The outputs that an interpreter's firmware has used, by the numbers of their peripherals and of the outputs there.
final class PWMOutputs {
  struct Place: Hashable {
    let peripheral: Int
    let output: Int
  }

  private var all: [Place: any PWMOutput] = [:]

  subscript(place: Place) -> (any PWMOutput)? { all[place] }

  func output(at place: Place, make: () throws -> any PWMOutput) rethrows -> any PWMOutput {
    if let output = all[place] { return output }
    let output = try make()
    all[place] = output
    return output
  }
}

/// The receiver that `objects` of the class stand for.
final class PWMObject {
  let output: any PWMOutput
  init(_ output: any PWMOutput) { self.output = output }
}

/// `machine.PWM` (extmod/machine_pwm.c, ports/stm32/machine_pwm.c, ports/rp2/machine_pwm.c).
enum PWMClass: HardwareClass {
  static let name = "PWM"
  static let modules = [HardwareModule.machine]
  static let boardBytes = 0

  static func define(_ type: PythonClassBuilder<Hardware, PWMObject>) {
    let port = type.host.port
    let objects = type.objects
    let outputs = PWMOutputs()
    let setup = Signature(
      PWMSetup.init, .optional("freq", .int, default: -1), .keyword("duty_u16", .int, default: -1),
      .keyword("duty_ns", .int, default: -1), .keyword("invert", .int, default: -1))
    type.make(.required("pin", .value), .rest) { call, identifier, rest -> Value in
      let pin = try call.host.findPin(identifier)
      let output = try port.pwmOutput(pin, outputs, call.host.board)
      output.prepare(isSetUp: !rest.isEmpty)
      try output.setUp(setup.read(rest, call.vm))
      output.connect(pin)
      return objects.shared(for: output) { PWMObject(output) }
    }
    type.print { $0.output.text }
    type.method("init", setup) { object, _, setup in try object.output.setUp(setup) }
    type.method("deinit") { $0.output.stop() }
    type.accessor("freq", .int, get: { $0.output.frequency }, set: { try $0.output.setFrequency($1) })
    type.accessor("duty_u16", .int, get: { $0.output.dutyU16 }, set: { $0.output.setDuty(u16: $1) })
    type.accessor(
      "duty_ns", .int, get: { $0.output.dutyNanoseconds }, set: { $0.output.setDuty(nanoseconds: $1) })
  }
}
