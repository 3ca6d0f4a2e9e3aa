import Machine
import MicroPython

/// `machine.Pin` on the boards of the stm32 port (ports/stm32/pin.c).
extension STM32Port {
  /// GPIO_MODE_* and GPIO_PULL* of the STM32 HAL.
  var pinConstants: PinConstants { .stm32 }

  private struct PinSetup {
    var mode: Int
    var pull: Int?
    var af: Int
    var value: Bool?
    /// Goes before `af`.
    var alt: Int
  }

  private static var pinSetup: Signature<PinSetup> {
    Signature(
      PinSetup.init, .required("mode", .int), .optional("pull", .orNone(.int), default: nil),
      .optional("af", .int, default: -1), .keyword("value", .bool), .keyword("alt", .int, default: -1))
  }

  func configure(_ pin: Pin, _ arguments: Arguments, _ hardware: Hardware) throws {
    let setup = try Self.pinSetup.read(arguments, hardware.vm)
    guard let mode = pinConstants.modes.first(where: { $0.number == setup.mode })?.mode else {
      throw PythonError.value("invalid pin mode: \(setup.mode)")
    }
    let pull = pinConstants.pulls.first { $0.number == setup.pull ?? 0 }?.pull
    guard let pull else { throw PythonError.value("invalid pin pull: \(setup.pull ?? 0)") }
    var function: Int?
    if mode == .alternatePushPull || mode == .alternateOpenDrain {
      let number = setup.alt == -1 ? setup.af : setup.alt
      guard (0...15).contains(number) else { throw PythonError.value("invalid pin af: \(number)") }
      function = number
    }
    let level: Level? = setup.value.map { $0 ? .high : .low }
    pin.configure(mode, pull: pull, alternateFunction: function, level: level)
  }

  func text(of pin: Pin) -> String {
    let name = pinConstants.modes.first { $0.mode == pin.mode }?.names[0] ?? "IN"
    var text = "Pin(Pin.cpu.\(pin.cpuName), mode=Pin.\(name)"
    if pin.mode == .analog { return text + ")" }
    if let pull = pinConstants.pulls.first(where: { $0.pull == pin.pull }), pull.pull != .none {
      text += ", pull=Pin.\(pull.name)"
    }
    if pin.mode == .alternatePushPull || pin.mode == .alternateOpenDrain {
      let number = pin.alternateFunction ?? 0
      let function = AlternateFunction.all(of: pin).first { $0.index == number }
      text += ", alt=" + (function.map { "Pin.\($0.name)" } ?? String(number))
    }
    return text + ")"
  }

  /// The board fails while it prints the name that it has not found.
  var pinNamesAreText: Bool { true }
  func noSuchPin(named name: String, isText: Bool) -> PythonError { .value("Pin(\(name)) doesn't exist") }

  var hasPinIRQObject: Bool { false }
  func pinComplaint(_ pin: Pin) -> String { Hardware.complaint(ofLine: pin.number) }

  func addPinMembers(to type: PythonClassBuilder<Hardware, Pin>) {
    type.method("name") { $0.cpuName }
    type.method("names") { PythonList([$0.cpuName] + $0.names) }
    type.method("af_list") { pin, call in
      PythonList(AlternateFunction.all(of: pin).map { call.host.objects(of: PinAFClass.self).make($0) })
    }
    type.method("port") { $0.port }
    type.method("pin") { $0.number }
    type.method("gpio") { Self.boardInteger(Self.gpioBase + Self.gpioSize * $0.port) }
    type.method("mode") { pin in pinConstants.modes.first { $0.mode == pin.mode }?.number ?? 0 }
    type.method("pull") { pin in pinConstants.pulls.first { $0.pull == pin.pull }?.number ?? 0 }
    type.method("af") { $0.alternateFunction ?? 0 }
    type.classFunction("mapper", .optional("fun", .value)) { call, value in
      guard let value else { return call.host.pinFinder.mapper }
      call.host.pinFinder.mapper = value
      return .none
    }
    type.classFunction("dict", .optional("dict", .value)) { call, value in
      guard let value else { return call.host.pinFinder.dictionary }
      call.host.pinFinder.dictionary = value
      return .none
    }
    type.classFunction("debug", .optional("state", .bool)) { call, state in
      guard let state else { return Value(call.host.pinFinder.isTalkative) }
      call.host.pinFinder.isTalkative = state
      return .none
    }
    var functions: [String: Int] = [:]
    for function in type.host.board.pins.lazy.flatMap(\.functions) {
      guard let number = function.number else { continue }
      functions[AlternateFunction.name(number, of: function.signal.prefix { $0 != "_" })] = number
    }
    for (name, index) in functions.sorted(by: { $0.key < $1.key }) { type.constant(name, index) }
  }

  /// RM0090, table 1: GPIOA and the space of each port.
  private static let gpioBase = 0x4002_0000
  private static let gpioSize = 0x400

  /// An integer as the board makes an object of it without its heap: 31 bits, the highest of which is the sign.
  fileprivate static func boardInteger(_ integer: Int) -> Int {
    Int(Int32(truncatingIfNeeded: integer << 1) >> 1)
  }
}

/// `PinAF`: an alternate function of a pin.
final class AlternateFunction {
  let index: Int
  /// `AF1_TIM2`.
  let name: String
  /// `TIM2`.
  let peripheral: String

  private init(_ index: Int, _ peripheral: String) {
    self.index = index
    self.peripheral = peripheral
    name = Self.name(index, of: peripheral)
  }

  static func name(_ index: Int, of peripheral: some StringProtocol) -> String { "AF\(index)_\(peripheral)" }

  /// Returns a pin's alternate functions, one for each of its peripherals, in the order of their numbers.
  static func all(of pin: Pin) -> [AlternateFunction] {
    var functions: [AlternateFunction] = []
    for function in pin.functions {
      guard let number = function.number else { continue }
      let peripheral = String(function.signal.prefix { $0 != "_" })
      if functions.contains(where: { $0.index == number && $0.peripheral == peripheral }) { continue }
      functions.append(AlternateFunction(number, peripheral))
    }
    return functions.sorted { $0.index < $1.index }
  }
}

/// `PinAF` (ports/stm32/pin.c).
enum PinAFClass: HardwareClass {
  static let name = "PinAF"
  static let modules: [HardwareModule] = []
  static let boardBytes = 0

  static func define(_ type: PythonClassBuilder<Hardware, AlternateFunction>) {
    type.print { "Pin.\($0.name)" }
    type.method("index") { $0.index }
    type.method("name") { $0.name }
    type.method("reg") { function in
      // An I2S is an SPI (RM0090, table 1).
      let name =
        function.peripheral.hasPrefix("I2S") ? "SPI" + function.peripheral.dropFirst(3) : function.peripheral
      return STM32Port.boardInteger(STMConstants.all[name] ?? 0)
    }
  }
}
