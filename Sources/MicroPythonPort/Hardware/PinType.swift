import Machine
import MicroPython

/// `machine.Pin`, which is also `pyb.Pin` (ports/stm32/pin.c, ports/rp2/machine_pin.c).
extension Hardware {
  func definePin() {
    types.pin.info.make = { [unowned self] (vm, _, arguments) throws(Raised) in
      guard arguments.count > 0 else {
        throw vm.error(.typeError, "function missing 1 required positional arguments")
      }
      let value = try pinObject(arguments[0])
      if arguments.count > 1 || arguments.keywordCount > 0 {
        try configure(pin(value), arguments.dropFirst())
      }
      return value
    }
    types.pin.info.call = { [unowned self] (vm, value, arguments) throws(Raised) in
      try level(of: pin(value), arguments, vm)
    }
    types.pin.info.print = { [unowned self] (_, value, _, output) throws(Raised) in
      let pin = try pin(value)
      output.write(port is RP2Port ? rp2Text(of: pin) : text(of: pin))
    }
    vm.define(types.pin) { type in
      definePinMethods(type)
      if port is RP2Port { defineRP2PinMethods(type) } else { defineSTM32PinMethods(type) }
      for mode in pinConstants.modes {
        for name in mode.names { type.attribute(name, Value(smallInt: mode.number)) }
      }
      for pull in pinConstants.pulls { type.attribute(pull.name, Value(smallInt: pull.number)) }
      for other in pinConstants.alternates { type.attribute(other.name, Value(smallInt: other.number)) }
      type.attribute("IRQ_RISING", Value(smallInt: pinConstants.rising))
      type.attribute("IRQ_FALLING", Value(smallInt: pinConstants.falling))
      type.attribute("board", pinNames("board", board.pins.boardNames))
      type.attribute("cpu", pinNames("cpu", board.pins.map(\.cpuName)))
    }
    defineIRQObject()
  }

  func pin(_ value: Value) throws(Raised) -> Pin { try part(value, types.pin) }

  /// The object for a pin given as a pin, by one of its names, or by its number where the processor only counts them.
  func pinObject(_ value: Value) throws(Raised) -> Value {
    if NativeHandle(value)?.payload is Pin { return value }
    let name = StringHandle(value)?.text
    let found =
      name.map { board.pins.find($0) } ?? (value.isSmallInt ? board.pins.find(number: value.smallInt) : nil)
    guard let pin = found else {
      if port is RP2Port {
        throw vm.error(.valueError, name.map { "unknown named pin \"\($0)\"" } ?? "invalid pin")
      }
      var text = TextOutput()
      try vm.print(value, .str, into: &text)
      throw vm.error(.valueError, "Pin(\(String(decoding: text.bytes, as: UTF8.self))) doesn't exist")
    }
    return pinObject(pin)
  }

  func pinObject(_ pin: Pin) -> Value {
    singleton(for: pin) { vm.heap.native(types.pin, pin, boardBytes: 0) }
  }

  /// `Pin.board` and `Pin.cpu`: classes whose attributes are pins.
  private func pinNames(_ name: String, _ names: [String]) -> Value {
    let type = vm.heap.type(name)
    vm.define(type) { builder in
      for name in names {
        if let pin = board.pins.find(name) { builder.attribute(name, pinObject(pin)) }
      }
    }
    return type.value
  }

  // MARK: Methods

  private func definePinMethods(_ type: TypeBuilder) {
    type.method("init", (port is RP2Port ? 0 : 1)...3, keywords: true) {
      [unowned self] (_, args) throws(Raised) in
      try configure(pin(args[0]), args.dropFirst())
      return .none
    }
    type.method("value", 0...1) { [unowned self] (vm, args) throws(Raised) in
      try level(of: pin(args[0]), args.dropFirst(), vm)
    }
    for (name, level) in [("high", Level.high), ("on", .high), ("low", .low), ("off", .low)] {
      type.method(name, 0...0) { [unowned self] (_, args) throws(Raised) in
        try pin(args[0]).level = level
        return .none
      }
    }
    type.method("irq", 0...3, keywords: true) { [unowned self] (_, args) throws(Raised) in
      try requestInterrupt(args)
    }
  }

  private func defineSTM32PinMethods(_ type: TypeBuilder) {
    type.method("name", 0...0) { [unowned self] (vm, args) throws(Raised) in
      vm.heap.string(try pin(args[0]).cpuName)
    }
    type.method("names", 0...0) { [unowned self] (vm, args) throws(Raised) in
      let pin = try pin(args[0])
      return vm.heap.list(([pin.cpuName] + pin.names).map { vm.heap.string($0) })
    }
    type.method("port", 0...0) { [unowned self] (_, args) throws(Raised) in
      Value(smallInt: try pin(args[0]).port)
    }
    type.method("pin", 0...0) { [unowned self] (_, args) throws(Raised) in
      Value(smallInt: try pin(args[0]).number)
    }
    type.method("mode", 0...0) { [unowned self] (_, args) throws(Raised) in
      let mode = try pin(args[0]).mode
      return Value(smallInt: pinConstants.modes.first { $0.mode == mode }?.number ?? 0)
    }
    type.method("pull", 0...0) { [unowned self] (_, args) throws(Raised) in
      let pull = try pin(args[0]).pull
      return Value(smallInt: pinConstants.pulls.first { $0.pull == pull }?.number ?? 0)
    }
    type.method("af", 0...0) { [unowned self] (_, args) throws(Raised) in
      Value(smallInt: try pin(args[0]).alternateFunction ?? 0)
    }
  }

  private func level(of pin: Pin, _ arguments: Arguments, _ vm: Interpreter) throws(Raised) -> Value {
    guard arguments.count > 0 else { return Value(smallInt: pin.level == .high ? 1 : 0) }
    pin.level = try vm.isTrue(arguments[0]) ? .high : .low
    return .none
  }

  private func configure(_ pin: Pin, _ arguments: Arguments) throws(Raised) {
    guard !(port is RP2Port) else { return try configureRP2(pin, arguments) }
    let options = try vm.parse(
      arguments, positional: ["mode", "pull", "af"], required: 1, keywordOnly: ["value", "alt"])
    let number = try vm.int(options[0])
    guard let mode = pinConstants.modes.first(where: { $0.number == number })?.mode else {
      throw vm.error(.valueError, "invalid pin mode: \(number)")
    }
    var pull = Pull.none
    if !options[1].isUnbound && !options[1].isNone {
      let number = try vm.int(options[1])
      guard let known = pinConstants.pulls.first(where: { $0.number == number })?.pull else {
        throw vm.error(.valueError, "invalid pin pull: \(number)")
      }
      pull = known
    }
    var function: Int?
    if mode == .alternatePushPull || mode == .alternateOpenDrain {
      let given = options[4].isUnbound ? options[2] : options[4]
      let number = given.isUnbound ? -1 : try vm.int(given)
      guard (0...15).contains(number) else { throw vm.error(.valueError, "invalid pin af: \(number)") }
      function = number
    }
    var level: Level?
    if !options[3].isUnbound && !options[3].isNone { level = try vm.isTrue(options[3]) ? .high : .low }
    pin.configure(mode, pull: pull, alternateFunction: function, level: level)
  }

  private func text(of pin: Pin) -> String {
    let name = pinConstants.modes.first { $0.mode == pin.mode }?.names[0] ?? "IN"
    var text = "Pin(Pin.cpu.\(pin.cpuName), mode=Pin.\(name)"
    if pin.mode == .analog { return text + ")" }
    if let pull = pinConstants.pulls.first(where: { $0.pull == pin.pull }), pull.pull != .none {
      text += ", pull=Pin.\(pull.name)"
    }
    if pin.mode == .alternatePushPull || pin.mode == .alternateOpenDrain {
      let number = pin.alternateFunction ?? 0
      let signal = pin.functions.first { $0.number == number }?.signal
      text += ", alt=" + (signal.map { "Pin.AF\(number)_" + $0.prefix { $0 != "_" } } ?? String(number))
    }
    return text + ")"
  }
}
