import YAML

/// Makes a board description of the text of a board file.
struct BoardFileReader {
  let file: String

  func read(_ text: [UInt8]) throws(BoardFileError) -> BoardDescription {
    let top = try BoardFileSection(try root(text), name: nil, file: file)
    try top.allow(
      "board", "title", "identity", "processor", "memory", "pins", "functions", "leds", "switches",
      "uarts", "i2cs", "spis", "timers", "accelerometer", "gpio", "clock-start", "costs")
    let name = try top.text("board")
    let processor = try processor(try top.requiredSection("processor"))
    let pins = try pins(try top.requiredSection("pins"))
    let names = BoardPinNames(pins)
    var board = BoardDescription(
      name: name,
      title: try top.optionalText("title") ?? name,
      identity: try identity(try top.requiredSection("identity")),
      processor: processor,
      memory: try memory(try top.requiredSection("memory")),
      pins: pins,
      functions: try functions(try top.section("functions")),
      leds: try leds(try top.section("leds"), names),
      switches: try switches(try top.section("switches"), names),
      uarts: try uarts(try top.section("uarts"), names, processor),
      i2cs: try wirings(try top.section("i2cs"), ["scl", "sda"], names),
      spis: try wirings(try top.section("spis"), ["nss", "sck", "miso", "mosi"], names),
      timers: try timers(try top.section("timers"), processor),
      accelerometer: try accelerometer(top, names),
      hostPinBinding: top.value("gpio") == nil
        ? nil : try HostPinBinding(try top.section("gpio"), cpuNames: Set(pins.map(\.cpuName))),
      clockStart: try clockStart(top),
      costs: try costs(try top.section("costs")))
    for entry in try top.section("costs").entries { board.costPlaces[entry.key] = (file, entry.line) }
    return board
  }

  private func root(_ text: [UInt8]) throws(BoardFileError) -> YAMLNode {
    let node: YAMLNode?
    do throws(YAMLError) {
      node = try YAMLNode.parse(text)
    } catch {
      throw BoardFileError(file: file, line: error.line, message: error.message)
    }
    guard let node else { throw BoardFileError(file: file, line: nil, message: "is empty") }
    return node
  }

  // MARK: The board as a whole

  private func identity(_ section: BoardFileSection) throws(BoardFileError) -> BoardDescription.Identity {
    try section.allow("port", "platform", "machine", "build", "node", "mpy")
    let platform = try section.text("platform")
    return BoardDescription.Identity(
      port: try section.choice("port", ["stm32": .stm32, "rp2": .rp2], standard: .stm32), platform: platform,
      machine: try section.text("machine"), build: try section.text("build"),
      node: try section.optionalText("node") ?? platform,
      mpy: try section.integer("mpy", in: 0...0xFFFF))
  }

  private func processor(_ section: BoardFileSection) throws(BoardFileError) -> BoardDescription.Processor {
    try section.allow("name", "clock", "apb1", "apb2", "peripheral", "float-bits", "small-int-bits")
    let hertz = 1_000_000...10_000_000_000
    let clock = try section.integer("clock", in: hertz)
    return BoardDescription.Processor(
      name: try section.text("name"), clock: clock,
      apb1: try section.optionalInteger("apb1", in: hertz) ?? clock,
      apb2: try section.optionalInteger("apb2", in: hertz) ?? clock,
      peripheral: try section.optionalInteger("peripheral", in: hertz) ?? clock,
      floatBits: try section.choice("float-bits", ["32": 32, "64": 64], standard: 32),
      smallIntBits: try section.choice("small-int-bits", ["31": 31, "63": 63], standard: 31))
  }

  private func memory(_ section: BoardFileSection) throws(BoardFileError) -> BoardDescription.Memory {
    try section.allow("heap", "stack")
    return BoardDescription.Memory(
      heap: try section.integer("heap", in: 4096...(1 << 30)),
      stack: try section.integer("stack", in: 1024...(1 << 28)))
  }

  private func clockStart(_ top: BoardFileSection) throws(BoardFileError) -> DateTime {
    guard let text = try top.optionalText("clock-start") else {
      return DateTime(secondsSince2000: 15 * 365 * 86400 + 4 * 86400)
    }
    guard let date = DateTime(text: text) else {
      throw top.error(
        "\"clock-start\" must be a date (2000-01-01 00:00:00 to 2099-12-31 23:59:59)",
        at: top.value("clock-start"))
    }
    return date
  }

  private func costs(_ section: BoardFileSection) throws(BoardFileError) -> [String: Int] {
    var costs: [String: Int] = [:]
    for entry in section.entries {
      costs[entry.key] = try section.integer(entry.value, of: entry.key, in: 0...1_000_000_000)
    }
    return costs
  }

  // MARK: Pins

  private func pins(_ section: BoardFileSection) throws(BoardFileError) -> [BoardDescription.PinName] {
    var pins: [BoardDescription.PinName] = []
    for entry in section.entries {
      let cpuName = try section.text(entry.value, of: entry.key)
      guard CPUPinName(cpuName) != nil else {
        throw section.error(
          "\"\(cpuName)\" is not a pin of the processor (\(CPUPinName.summary))", at: entry.value)
      }
      guard CPUPinName(entry.key) == nil else {
        throw BoardFileError(
          file: file, line: entry.line,
          message: "\"\(entry.key)\" is a pin of the processor and cannot name another")
      }
      pins.append(BoardDescription.PinName(name: entry.key, cpuName: cpuName))
    }
    return pins
  }

  private func functions(
    _ section: BoardFileSection
  ) throws(BoardFileError) -> [String: [PinFunction]] {
    var functions: [String: [PinFunction]] = [:]
    for (cpuName, pin) in try section.sections() {
      guard CPUPinName(cpuName) != nil else {
        throw pin.error("\"\(cpuName)\" is not a pin of the processor (\(CPUPinName.summary))")
      }
      for entry in pin.entries {
        // AF7 in the data sheets of an STM32, F2 in that of an RP2040.
        let prefix = ["AF", "F"].first { entry.key.hasPrefix($0) }
        let number = prefix.flatMap { Int(entry.key.dropFirst($0.count)) }
        guard number.map({ (0...15).contains($0) }) ?? ["ADC", "DAC"].contains(entry.key) else {
          throw BoardFileError(
            file: file, line: entry.line,
            message: "\"\(entry.key)\" is not a function of a pin (AF0 to AF15 or F0 to F15, ADC, DAC)")
        }
        let signal = try pin.text(entry.value, of: entry.key)
        functions[cpuName, default: []].append(PinFunction(number: number, signal: signal))
      }
    }
    return functions
  }

  // MARK: Parts

  private func leds(
    _ section: BoardFileSection, _ names: BoardPinNames
  ) throws(BoardFileError) -> [Int: BoardDescription.LED] {
    var leds: [Int: BoardDescription.LED] = [:]
    for (number, led) in try section.numberedSections() {
      try led.allow("pin", "colour", "dimmable")
      leds[number] = BoardDescription.LED(
        pin: try names.pin("pin", in: led), colour: try led.text("colour"),
        isDimmable: try led.choice("dimmable", ["true": true, "false": false], standard: false))
    }
    return leds
  }

  private func switches(
    _ section: BoardFileSection, _ names: BoardPinNames
  ) throws(BoardFileError) -> [String: BoardDescription.Switch] {
    var switches: [String: BoardDescription.Switch] = [:]
    for (name, part) in try section.sections() {
      try part.allow("pin", "pull", "pressed")
      switches[name] = BoardDescription.Switch(
        pin: try names.pin("pin", in: part),
        pull: try part.choice("pull", ["up": .up, "down": .down, "none": .none]),
        pressedLevel: try part.choice("pressed", ["low": .low, "high": .high]))
    }
    return switches
  }

  private func uarts(
    _ section: BoardFileSection, _ names: BoardPinNames, _ processor: BoardDescription.Processor
  ) throws(BoardFileError) -> [Int: BoardDescription.UART] {
    var uarts: [Int: BoardDescription.UART] = [:]
    for (number, uart) in try section.numberedSections() {
      try uart.allow("name", "model", "tx", "rx", "bus")
      uarts[number] = BoardDescription.UART(
        name: try uart.optionalText("name"),
        model: try uart.choice("model", ["STM32": .stm32, "PL011": .pl011], standard: .stm32),
        tx: try names.pin("tx", in: uart),
        rx: try names.pin("rx", in: uart), bus: try bus(uart, processor))
    }
    return uarts
  }

  private func timers(
    _ section: BoardFileSection, _ processor: BoardDescription.Processor
  ) throws(BoardFileError) -> [Int: BoardDescription.Timer] {
    var timers: [Int: BoardDescription.Timer] = [:]
    for (number, timer) in try section.numberedSections() {
      try timer.allow("bus", "bits", "channels")
      timers[number] = BoardDescription.Timer(
        bus: try bus(timer, processor), bits: try timer.choice("bits", ["16": 16, "32": 32]),
        channels: try timer.integer("channels", in: 0...4))
    }
    return timers
  }

  private func bus(
    _ section: BoardFileSection, _ processor: BoardDescription.Processor
  ) throws(BoardFileError) -> BoardDescription.Bus {
    try section.choice(
      "bus",
      [
        "apb1": BoardDescription.Bus(name: "apb1", clock: processor.apb1),
        "apb2": BoardDescription.Bus(name: "apb2", clock: processor.apb2),
        "peripheral": BoardDescription.Bus(name: "peripheral", clock: processor.peripheral),
      ])
  }

  private func wirings(
    _ section: BoardFileSection, _ signals: [String], _ names: BoardPinNames
  ) throws(BoardFileError) -> [Int: BoardDescription.BusWiring] {
    var wirings: [Int: BoardDescription.BusWiring] = [:]
    for (number, part) in try section.numberedSections() {
      var wiring = BoardDescription.BusWiring(name: try part.optionalText("name"), pins: [:])
      for entry in part.entries where entry.key != "name" {
        guard signals.contains(entry.key) else {
          throw BoardFileError(
            file: file, line: entry.line,
            message: "\"\(entry.key)\" is not a key of \(section.name ?? "") \(number) "
              + "(name, \(signals.joined(separator: ", ")))")
        }
        wiring.pins[entry.key] = try names.pin(entry.key, in: part)
      }
      wirings[number] = wiring
    }
    return wirings
  }

  private func accelerometer(
    _ top: BoardFileSection, _ names: BoardPinNames
  ) throws(BoardFileError) -> BoardDescription.Accelerometer? {
    guard top.value("accelerometer") != nil else { return nil }
    let section = try top.section("accelerometer")
    try section.allow("model", "power", "interrupt")
    return BoardDescription.Accelerometer(
      model: try section.choice("model", ["MMA7660": "MMA7660"]),
      powerPin: section.value("power") == nil ? nil : try names.pin("power", in: section),
      interruptPin: section.value("interrupt") == nil ? nil : try names.pin("interrupt", in: section))
  }
}

/// The pins that a board file may refer to.
private struct BoardPinNames {
  private let known: Set<String>
  private let summary: String

  init(_ pins: [BoardDescription.PinName]) {
    known = Set(pins.map(\.name)).union(pins.map(\.cpuName))
    summary = PinNameSummary(pins.map(\.name)).description
  }

  func pin(_ key: String, in section: BoardFileSection) throws(BoardFileError) -> String {
    let name = try section.text(key)
    guard known.contains(name) else {
      throw section.error("pin \"\(name)\" is not on this board (\(summary))", at: section.value(key))
    }
    return name
  }
}
