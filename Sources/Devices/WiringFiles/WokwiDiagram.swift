import Machine
import Timebase
import YAML

/// Reads Wokwi's `diagram.json`: parts with attributes, and wires between their pins as `id:pin`.
///
/// Part types, pins, attributes and controls as in Wokwi's documentation (docs.wokwi.com/parts). `board-pyboard-v11` is this
/// project's own type: Wokwi has no Pyboard.
extension WiringFile {
  mutating func readDiagram(_ top: WiringSection, kinds: DeviceRegistry) throws(WiringError) {
    var diagram = WokwiDiagram(file: file)
    for node in try top.items("parts") {
      try diagram.add(try WiringSection(node, name: "a part", file: file), kinds)
    }
    for node in try top.items("connections") { try diagram.connect(node, top) }
    try diagram.finish()
    board = diagram.board?.name
    wiring = diagram.wiring
    notModelled = diagram.remarks
    controlFactors = diagram.controlFactors
  }
}

private struct WokwiDiagram {
  let file: String
  var board: (id: String, name: String)?
  var wiring = Wiring()
  var remarks: [WiringFile.Remark] = []
  var controlFactors: [String: Double] = [:]

  private struct Resistor {
    let id: String
    let place: String
  }

  private typealias End = WokwiConnection.End

  /// The device of each part of the file.
  private var devices: [String: (name: String, kind: DeviceKind)] = [:]
  private var resistors: [Resistor] = []
  /// Parts that are not modelled.
  private var unknown: Set<String> = []
  /// The first of them that looks like a board.
  private var unknownBoard: (type: String, place: String)?
  private var takenNames: Set<String> = []
  /// Parts that are supplies.
  private var supplies: [String: String] = [:]
  private var connections: [WokwiConnection] = []
  private var breadboards: Set<String> = []

  init(file: String) { self.file = file }

  // MARK: Parts

  mutating func add(_ part: WiringSection, _ kinds: DeviceRegistry) throws(WiringError) {
    let (id, type) = (try part.text("id"), try part.text("type"))
    guard !isKnown(id) else { throw WiringError(part.place, "two parts have the id \"\(id)\"") }
    if let name = WokwiParts.boards[type] {
      guard board == nil else { throw WiringError(part.place, "a second board: one file has one") }
      board = (id, name)
      takenNames.formUnion(Self.partNames(of: name))
      if let missing = WokwiParts.missing[type] {
        remarks.append(
          WiringFile.Remark(
            line: part.line, message: "\(missing) is not modelled", advice: "the pins are those of a Pico"))
      }
      return
    }
    if let supply = WokwiParts.supplies[type] {
      supplies[id] = supply
      return
    }
    if type.hasPrefix("wokwi-breadboard") {
      breadboards.insert(id)
      return
    }
    let attributes = try part.entries("attrs").map { ($0.key, $0.value.text ?? "") }
    if type == "wokwi-resistor" {
      let ohms = attributes.first { $0.0 == "value" }?.1 ?? "1000"
      guard Wiring.ohms(ohms) != nil else {
        throw WiringError(
          part.place, "\"value\" of \(id) cannot be \"\(ohms)\": it is ohms, 1 to 100M, as in 470, 4.7k or 1M"
        )
      }
      resistors.append(Resistor(id: id, place: part.place))
      return
    }
    guard let model = WokwiParts.model(of: type, attributes),
      let kind = kinds.type(named: model.kind)?.kind
    else {
      unknown.insert(id)
      if WokwiParts.ornaments.contains(type) { return }
      if WokwiParts.isBoard(type), unknownBoard == nil { unknownBoard = (type, part.place) }
      remarks.append(
        WiringFile.Remark(
          line: part.line, message: "\(id), a \(type), is not modelled, and what is wired to it is left open",
          advice: "`vpyboard devices` lists what there is"))
      return
    }
    try add(model, kind, id: id, attributes, part)
  }

  private mutating func add(
    _ model: WokwiParts.Model, _ kind: DeviceKind, id: String, _ attributes: [(String, String)],
    _ part: WiringSection
  ) throws(WiringError) {
    let name = deviceName(id)
    var request = Wiring.DeviceRequest(place: part.place, kind: model.kind, name: name)
    // So the file's id names it, as for Wokwi's scenarios.
    if name != id { request.alias = id }
    request.values = model.values
    for (control, factor) in model.factors { controlFactors["\(id).\(control)"] = factor }
    for (key, text) in attributes {
      guard let rule = model.attributes[key] else {
        guard !WokwiParts.looks.contains(key) else { continue }
        remarks.append(
          WiringFile.Remark(
            line: part.line, message: "the attribute \"\(key)\" of \(id) is not modelled",
            advice: "`vpyboard devices \(model.kind)` lists keys and controls"))
        continue
      }
      guard let value = rule.convert(text) else {
        throw WiringError(part.place, "\"\(key)\" of \(id) cannot be \"\(text)\"")
      }
      if !value.isEmpty { request.values.append((rule.key, value)) }
    }
    devices[id] = (name, kind)
    wiring.devices.append(request)
  }

  /// The id; with a number behind it if a part of the board has that name.
  private mutating func deviceName(_ id: String) -> String {
    let word = String(id.map { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" ? $0 : "_" })
    var (name, number) = (word, 1)
    while takenNames.contains(name) {
      number += 1
      name = "\(word)_\(number)"
    }
    takenNames.insert(name)
    return name
  }

  private static func partNames(of board: String) -> [String] {
    guard let description = try? BoardDescription.builtIn(board) else { return [] }
    return description.parts.map(\.partName) + description.pins.flatMap { [$0.name, $0.cpuName] }
  }

  private func isKnown(_ id: String) -> Bool {
    id == board?.id || supplies[id] != nil || devices[id] != nil || unknown.contains(id)
      || breadboards.contains(id)
      || isResistor(id)
  }

  private func isResistor(_ id: String) -> Bool { resistors.contains { $0.id == id } }

  // MARK: Connections

  mutating func connect(_ node: YAMLNode, _ top: WiringSection) throws(WiringError) {
    guard let items = node.items, items.count >= 2, let first = items[0].text, let second = items[1].text
    else {
      throw WiringError(
        top.place(node), "a connection is a list of two ends, as in [\"pico:GP0\", \"led1:A\", \"\", []]")
    }
    let ends = (try end(first, at: top.place(node)), try end(second, at: top.place(node)))
    connections.append(WokwiConnection(ends: ends, place: top.place(node), line: node.line))
  }

  private func end(_ text: String, at place: String) throws(WiringError) -> End {
    let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
    guard parts.count == 2 else {
      throw WiringError(place, "\"\(text)\" is not a pin (ID:PIN, as in led1:A)")
    }
    return End(part: parts[0], pin: parts[1])
  }

  /// Turns connections into wires; a resistor is one to a light and to anything without a supply, a pull otherwise.
  mutating func finish() throws(WiringError) {
    if board == nil, let unknownBoard {
      throw WiringError(
        unknownBoard.place,
        "\(unknownBoard.type) is no board here; there are \(WokwiParts.boards.keys.sorted().joined(separator: ", "))"
      )
    }
    connections = connections.withoutBreadboards(breadboards) {
      isKnown($0.part) && !unknown.contains($0.part) && !isResistor($0.part)
    }
    for connection in connections {
      let names = [connection.ends.0.part, connection.ends.1.part]
      if names.contains("$serialMonitor") || names.contains(where: unknown.contains) { continue }
      if let id = names.first(where: { !isKnown($0) }) {
        throw WiringError(connection.place, "there is no part \"\(id)\"")
      }
      if names.contains(where: isResistor) { continue }
      try wire(connection.ends.0, connection.ends.1, connection.place, connection.line)
    }
    for resistor in resistors { try connect(resistor) }
  }

  private mutating func connect(_ resistor: Resistor) throws(WiringError) {
    let sides = (others(of: End(part: resistor.id, pin: "1")), others(of: End(part: resistor.id, pin: "2")))
    for side in [sides.0, sides.1] where side.count > 1 {
      for other in side.dropFirst() { try wire(side[0].end, other.end, other.place, nil) }
    }
    guard let first = sides.0.first, let second = sides.1.first else { return }
    let ends = (sides.0 + sides.1).map(\.end)
    let hasLight = ends.contains {
      devices[$0.part].map { WokwiParts.lights.contains($0.kind.name) } ?? false
    }
    if !hasLight, let pull = pull(sides.0.map(\.end)) ?? pull(sides.1.map(\.end)) {
      let other = self.pull(sides.0.map(\.end)) == nil ? first : second
      guard let name = try name(of: other.end, other.place, nil) else { return }
      return try wiring.addPull(of: name, [pull], place: other.place)
    }
    // Names a mistake where it stands.
    _ = try name(of: first.end, first.place, nil)
    try wire(first.end, second.end, second.place, nil)
  }

  /// Returns the ends that are connected to a pin of a resistor directly.
  private func others(of end: End) -> [(end: End, place: String)] {
    connections.compactMap { connection in
      let other =
        connection.ends.0 == end ? connection.ends.1 : connection.ends.1 == end ? connection.ends.0 : nil
      guard let other, !unknown.contains(other.part), other.part != "$serialMonitor" else { return nil }
      return (other, connection.place)
    }
  }

  /// `up` or `down` where one of these is a supply of the board.
  private func pull(_ ends: [End]) -> String? {
    for end in ends where end.part == board?.id || supplies[end.part] != nil {
      switch supplies[end.part] ?? WokwiParts.supply(of: end.pin) {
      case "GND": return "down"
      case .some: return "up"
      case nil: break
      }
    }
    return nil
  }

  private mutating func wire(_ first: End, _ second: End, _ place: String, _ line: Int?) throws(WiringError) {
    guard let a = try name(of: first, place, line), let b = try name(of: second, place, line), a != b else {
      return
    }
    wiring.wires.append(Wiring.Wire(place: place, ends: (a, b)))
  }

  /// Returns the pin's name in this emulator; `nil` for one that is not modelled.
  private mutating func name(of end: End, _ place: String, _ line: Int?) throws(WiringError) -> String? {
    if let supply = supplies[end.part] { return supply }
    if end.part == board?.id {
      if let supply = WokwiParts.supply(of: end.pin) { return supply }
      guard WokwiParts.deadPins.contains(end.pin) else { return end.pin }
      remarks.append(
        WiringFile.Remark(
          line: line, message: "the board's pin \(end.pin) is not modelled", advice: "leave it open"))
      return nil
    }
    guard let (name, kind) = devices[end.part] else { return nil }
    // `1.l` and `1.r`, `VDD.2`: pins that are one.
    let plain = end.pin.split(separator: ".").first.map(String.init) ?? end.pin
    if let pin = kind.pin(end.pin) ?? kind.pin(plain) { return "\(name).\(pin.name)" }
    if end.pin.uppercased() == "NC" { return nil }
    let pins = kind.pins.flatMap { [$0.name] + $0.aliases }.joined(separator: ", ")
    throw WiringError(place, "\(end.part) has no pin \"\(end.pin)\" (\(pins))")
  }
}
