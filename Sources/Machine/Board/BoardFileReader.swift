/// Makes a board description of the text of a board file.
struct BoardFileReader {
  let file: String
  let kinds: PartRegistry

  func read(_ text: [UInt8]) throws(BoardFileError) -> BoardDescription {
    let top = try BoardFileSection(try BoardFileExtension(file: file).root(of: text), name: nil, file: file)
    try top.allow(
      ["board", "extends", "title", "identity", "processor", "memory", "pins", "functions"]
        + kinds.kinds.flatMap { $0.keys } + ["gpio", "costs"])
    let name = try top.text("board")
    let processor = try processor(try top.requiredSection("processor"))
    let pins = try pins(try top.requiredSection("pins"))
    let identity = try identity(try top.requiredSection("identity"))
    let memory = try memory(try top.requiredSection("memory"))
    let functions = try functions(try top.section("functions"))
    let file = BoardFile(
      top: top, identity: identity, processor: processor, pins: pins, functions: functions)
    var parts: [any PartDescription] = []
    for kind in kinds.kinds { try Self.read(kind, file, into: &parts) }
    try checkSoldering(parts, file)
    var board = BoardDescription(
      name: name, title: try top.optionalText("title") ?? name, identity: identity, processor: processor,
      memory: memory, pins: pins, functions: functions, parts: parts, kinds: kinds,
      hostPinBinding: top.has("gpio")
        ? try HostPinBinding(try top.section("gpio"), cpuNames: Set(pins.map(\.cpuName))) : nil,
      costs: try costs(try top.section("costs")))
    for entry in try top.section("costs").entries { board.costPlaces[entry.key] = (self.file, entry.line) }
    return board
  }

  /// One part after the other: to convert an array of a type that only the run knows, the run searches for the conformance.
  private static func read<Kind: PartDescription>(
    _ kind: Kind.Type, _ file: BoardFile, into parts: inout [any PartDescription]
  ) throws(BoardFileError) {
    for part in try kind.read(file) { parts.append(part) }
  }

  /// No pin can have two things soldered to it.
  private func checkSoldering(_ parts: [any PartDescription], _ file: BoardFile) throws(BoardFileError) {
    var owners: [String: String] = [:]
    for part in parts {
      guard let pin = part.solderedPin else { continue }
      let owner = owners.updateValue(part.partName, forKey: file.cpuName(of: pin))
      guard let owner else { continue }
      let section = file.top.value(type(of: part).keys.first ?? "")
      throw BoardFileError(
        file: self.file, line: section?.line,
        message: "\(part.partName) cannot be on \(pin), where \(owner) is already")
    }
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
    try section.allow("heap", "stack", "flash")
    return BoardDescription.Memory(
      heap: try section.integer("heap", in: 4096...(1 << 30)),
      stack: try section.integer("stack", in: 1024...(1 << 28)),
      flash: try section.optionalInteger("flash", in: 4096...(1 << 40)) ?? 223 * 512)
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
}
