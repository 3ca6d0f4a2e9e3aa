import Machine
import Timebase
import YAML

/// A file that describes a board, its wiring, its firmware and its stimuli: in YAML, or a `diagram.json` of
/// Wokwi's.
public struct WiringFile: Sendable {
  public let file: String
  /// A built-in board, or a board file found from the folder of this one; `nil` where the file does not say.
  public var board: String?
  /// A path, found from the folder of this file.
  public var firmware: String?
  /// A path, found from the folder of this file.
  public var flash: String?
  public var wiring = Wiring()
  /// Several boards, each with what the file says of it alone; then `wiring` names pins and parts with their boards: `a.X1`.
  public var boards: [(name: String, contents: WiringFile)] = []
  /// Parts of the file that this emulator does not model.
  public var notModelled: [Remark] = []
  /// Controls for which scenarios of this file's origin have another unit, as `bmp1.pressure`, and by what to multiply their values.
  public var controlFactors: [String: Double] = [:]

  /// Something that was left out, and where.
  public struct Remark: Sendable, Hashable {
    public let line: Int?
    public let message: String
    public let advice: String
  }

  /// Reads a wiring file.
  /// - Parameter kinds: of device that it may name.
  public init(contentsOf file: String, kinds: DeviceRegistry = .standard) throws(WiringError) {
    let text: [UInt8]
    do { text = try BoardFileText.read(file) } catch { throw WiringError(file, error.message) }
    try self.init(text: text, file: file, kinds: kinds)
  }

  /// Reads the text of a wiring file.
  /// - Parameter file: names it in messages, and its folder is where its paths begin.
  public init(text: [UInt8], file: String, kinds: DeviceRegistry = .standard) throws(WiringError) {
    self.file = file
    let root: YAMLNode?
    do { root = try YAMLNode.parse(text) } catch {
      // JSON is YAML, and read as such.
      let isJSON = text.first { !" \t\r\n".utf8.contains($0) } == UInt8(ascii: "{")
      let message = isJSON ? error.message.replacing("is not YAML", with: "is not JSON") : error.message
      throw WiringError(error.line.map { "\(file):\($0)" } ?? file, message)
    }
    guard let root else { throw WiringError(file, "is empty") }
    let top = try WiringSection(root, name: "a wiring file", file: file)
    if top.has("connections") || top.has("parts") {
      try readDiagram(top, kinds: kinds)
    } else {
      try readYAML(top, kinds: kinds)
    }
  }

  /// For a part of a file.
  init(file: String) { self.file = file }

  /// A path of this file, as seen from the current folder.
  func path(_ path: String) -> String {
    guard !path.hasPrefix("/"), let slash = file.lastIndex(of: "/") else { return path }
    return file[...slash] + path
  }
}

extension WiringFile {
  /// Our own form.
  mutating func readYAML(_ top: WiringSection, kinds: DeviceRegistry) throws(WiringError) {
    if top.has("boards") {
      try readBoards(top, kinds)
    } else {
      try top.allow(["board", "firmware", "flash"] + Self.wiringKeys)
    }
    board = try top.optionalText("board").map { name in
      name.hasSuffix(".yaml") || name.hasSuffix(".yml") ? path(name) : name
    }
    firmware = try top.optionalText("firmware").map(path)
    flash = try top.optionalText("flash").map(path)
    for (name, section) in try top.sections("devices") { try readDevice(name, section, kinds) }
    for node in try top.items("wires") { try readWire(node, top) }
    for (end, node) in try top.entries("pulls") {
      let words = try top.text(node, of: end).split(separator: " ").map(String.init)
      try wiring.addPull(of: end, words, place: top.place(node))
    }
    for node in try top.items("at") { try readEvent(node, top) }
  }

  /// Keys for the wiring of boards and their stimuli.
  static let wiringKeys = ["wires", "pulls", "devices", "at"]

  private mutating func readDevice(
    _ name: String, _ section: WiringSection, _ kinds: DeviceRegistry
  ) throws(WiringError) {
    let kindName = try section.text("kind")
    var request = Wiring.DeviceRequest(place: section.place, kind: kindName, name: name)
    if let value = section.value("kind") { request.place = section.place(value) }
    // A kind that is a file is found from the folder of this one.
    if kinds.type(named: kindName) == nil, kindName.contains(".") { request.kind = path(kindName) }
    let kind: DeviceKind?
    do { kind = try kinds.find(request.kind)?.kind } catch {
      throw WiringError(request.place, error.description)
    }
    for (key, node) in section.entries where key != "kind" {
      request.places[key] = section.place(node)
      if kind?.pin(key) != nil {
        request.pins.append((key, try section.text(node, of: key)))
      } else {
        request.values.append((key, try Self.value(node, of: key, in: section)))
      }
    }
    wiring.devices.append(request)
  }

  /// One word or number; of a list its items behind commas: `acceleration: [0, 0, 1000]`.
  private static func value(
    _ node: YAMLNode, of key: String, in section: WiringSection
  ) throws(WiringError) -> String {
    guard let items = node.items else { return try section.text(node, of: key) }
    var texts: [String] = []
    for item in items { texts.append(try section.text(item, of: key)) }
    return texts.joined(separator: ",")
  }

  private mutating func readWire(_ node: YAMLNode, _ top: WiringSection) throws(WiringError) {
    guard let ends = node.items else {
      return try wiring.addWire(try top.text(node, of: "wires"), place: top.place(node))
    }
    guard ends.count == 2, let first = ends[0].text, let second = ends[1].text else {
      throw WiringError(top.place(node), "a wire has two ends, as in X1-X2 or [X1, X2]")
    }
    wiring.wires.append(Wiring.Wire(place: top.place(node), ends: (first, second)))
  }

  /// `3s: room.temperature=25`, the whole as one text, or `{after: X1 falls, delay: 450us, set: X2.level=1}`.
  private mutating func readEvent(_ node: YAMLNode, _ top: WiringSection) throws(WiringError) {
    var texts: [String] = []
    if let entries = node.entries, entries.contains(where: { $0.key.text == "after" || $0.key.text == "set" })
    {
      let section = try WiringSection(node, name: "an event", file: file)
      try section.allow(["after", "delay", "set"])
      let delay = try section.optionalText("delay").map { "\($0) " } ?? ""
      texts = ["\(delay)after \(try section.text("after")):\(try section.text("set"))"]
    } else if let entries = node.entries {
      for (key, value) in entries {
        texts.append("\(key.text ?? ""):\(try top.text(value, of: key.text ?? "at"))")
      }
    } else {
      texts = [try top.text(node, of: "at")]
    }
    let folder = file.lastIndex(of: "/").map { String(file[...$0]) } ?? ""
    for text in texts {
      let source: StimulusSource
      do { source = try StimulusSource(parsing: text, folder: folder) } catch {
        throw error.place.isEmpty ? WiringError(top.place(node), error.message) : error
      }
      for event in source.events { wiring.addEvent(event.stimulus, place: event.place ?? top.place(node)) }
    }
  }
}

/// A mapping of a wiring file, read key by key; every error says in which line.
struct WiringSection {
  let file: String
  let name: String
  let line: Int?
  let entries: [(key: String, value: YAMLNode)]

  init(_ node: YAMLNode, name: String, file: String) throws(WiringError) {
    self.file = file
    self.name = name
    line = node.line
    guard let mapping = node.entries else {
      throw WiringError(
        node.line.map { "\(file):\($0)" } ?? file, "\(name) must be keys with values, as in \"key: value\"")
    }
    entries = mapping.map { ($0.key.text ?? "", $0.value) }
  }

  /// `FILE:LINE` of the section.
  var place: String { line.map { "\(file):\($0)" } ?? file }

  func place(_ node: YAMLNode) -> String { (node.line ?? line).map { "\(file):\($0)" } ?? file }

  func has(_ key: String) -> Bool { value(key) != nil }

  func value(_ key: String) -> YAMLNode? { entries.first { $0.key == key }?.value }

  func allow(_ keys: [String]) throws(WiringError) {
    for entry in entries where !keys.contains(entry.key) {
      throw WiringError(
        place(entry.value),
        "\"\(entry.key)\" is not a key of \(name)\(didYouMean(entry.key, keys)) (\(keys.joined(separator: ", ")))"
      )
    }
  }

  func text(_ key: String) throws(WiringError) -> String {
    guard let node = value(key) else { throw WiringError(place, "\(name) lacks \"\(key)\"") }
    return try text(node, of: key)
  }

  func optionalText(_ key: String) throws(WiringError) -> String? {
    guard let node = value(key) else { return nil }
    return try text(node, of: key)
  }

  func text(_ node: YAMLNode, of key: String) throws(WiringError) -> String {
    guard let text = node.text, !text.isEmpty else {
      throw WiringError(place(node), "\"\(key)\" must be a word, a number or a text")
    }
    return text
  }

  /// The items of a list under a key; none where it is not there.
  func items(_ key: String) throws(WiringError) -> [YAMLNode] {
    guard let node = value(key) else { return [] }
    guard let items = node.items else { throw WiringError(place(node), "\"\(key)\" must be a list") }
    return items
  }

  /// The entries of a mapping under a key; none where it is not there.
  func entries(_ key: String) throws(WiringError) -> [(key: String, value: YAMLNode)] {
    guard let node = value(key) else { return [] }
    return try WiringSection(node, name: key, file: file).entries
  }

  /// The entries of a mapping under a key, each of which is one itself.
  func sections(_ key: String) throws(WiringError) -> [(key: String, section: WiringSection)] {
    var sections: [(key: String, section: WiringSection)] = []
    for (name, node) in try entries(key) {
      sections.append((name, try WiringSection(node, name: name, file: file)))
    }
    return sections
  }
}
