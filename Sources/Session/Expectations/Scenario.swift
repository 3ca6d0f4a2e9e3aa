import Devices
import Diagnostics
import Machine
import Timebase
import YAML

/// A scenario: steps that are done one after the other, as Wokwi's automation scenarios have them
/// (https://docs.wokwi.com/wokwi-ci/automation-scenarios). `wait-pin`, `wait-pin-change`, `expect-waveform`, `expect-i2c`, `fault`, `repeat` and
/// `timeout` are ours.
struct Scenario {
  enum Command {
    case delay(Interval)
    case waitSerial([UInt8])
    case writeSerial([UInt8])
    case expectPin(part: String, pin: String, level: Level)
    case setControl(part: String, control: String, value: String)
    /// The level; an edge to it where that is asked for.
    case waitPin(part: String, pin: String, level: Level, isEdge: Bool)
    case waitPinChange(part: String, pin: String)
    case expectWaveform(part: String, pin: String, [WaveformExpectation], during: Interval)
    /// A transfer as the signal `transfer` of a bus reports it; any bus where none is named.
    case expectTransfer(bus: String?, text: String)
    case fault(part: String, control: String, value: String, duration: Interval?)
    case takeScreenshot(part: String, path: String)
  }

  struct Step {
    var name: String
    var command: Command
    /// Board time that it may take.
    var timeout: Interval?
    var line: Int?
  }

  let file: String
  private(set) var steps: [Step] = []
  /// Events beside the steps, as in a wiring file.
  private(set) var events: [(line: Int?, stimulus: Stimulus)] = []

  /// - Throws: for a file that cannot be read, and for a step that is none, with its line.
  init(path: String) throws(UsageError) {
    file = path
    let root: YAMLNode?
    do {
      root = try YAMLNode.parse(try BoardFileText.read(path))
    } catch let error as YAMLError {
      throw UsageError(option: "--scenario", "\(path)\(error.line.map { ":\($0)" } ?? "") \(error.message)")
    } catch { throw UsageError(option: "--scenario", "\(error)") }
    guard let entries = root?.entries else { throw problem("a scenario is a mapping with steps", nil) }
    for (key, value) in entries {
      switch key.text {
      case "name", "author": break
      case "at":
        guard let items = value.items else { throw problem("\"at\" must be a list", value) }
        for item in items { try addEvents(item) }
      case "version":
        guard value.text == "1" else { throw problem("only version 1 is known", value) }
      case "steps":
        guard let items = value.items else { throw problem("steps are a list", value) }
        for (index, item) in items.enumerated() { steps += try expanded(item, "\(index + 1)") }
      default:
        throw problem("\"\(key.text ?? "")\" is no key of a scenario (name, version, author, at, steps)", key)
      }
    }
    guard !steps.isEmpty else { throw problem("there are no steps", nil) }
  }

  private func problem(_ message: String, _ node: YAMLNode?) -> UsageError {
    UsageError(option: "--scenario", "\(file)\(node?.line.map { ":\($0)" } ?? ""): \(message)")
  }

  private mutating func addEvents(_ node: YAMLNode) throws(UsageError) {
    let texts = node.entries?.map { "\($0.key.text ?? ""):\($0.value.text ?? "")" } ?? [node.text ?? ""]
    let folder = file.lastIndex(of: "/").map { String(file[...$0]) } ?? ""
    for text in texts {
      do throws(WiringError) {
        events += try StimulusSource(parsing: text, folder: folder).stimuli.map { (node.line, $0) }
      } catch { throw problem(error.place.isEmpty ? error.message : error.description, node) }
    }
  }

  /// As many as a file may have, with those of `repeat`.
  private static let mostSteps = 10_000
  /// As many bytes as the rounds of a `repeat` may type together.
  private static let mostTyped = 4 << 20

  /// A step, or those of a `repeat`, as often as it says.
  private func expanded(_ node: YAMLNode, _ number: String) throws(UsageError) -> [Step] {
    guard let entries = node.entries, entries.contains(where: { $0.key.text == "repeat" }) else {
      return [try step(node, number)]
    }
    guard
      let value = entries.first(where: { $0.key.text == "repeat" })?.value,
      entries.allSatisfy({ ["repeat", "name"].contains($0.key.text) }),
      let items = value.entries?.first(where: { $0.key.text == "steps" })?.value.items, !items.isEmpty,
      let times = value.entries?.first(where: { $0.key.text == "times" })?.value.text.flatMap({ Int($0) }),
      times > 0, value.entries?.count == 2
    else { throw problem("repeat takes times and steps", node) }
    var steps: [Step] = []
    var typed = 0
    for round in 1...times {
      for (index, item) in items.enumerated() {
        let more = try expanded(item, "\(number).\(index + 1), round \(round)")
        typed += more.reduce(0) { sum, step in
          if case .writeSerial(let bytes) = step.command { sum + bytes.count } else { sum }
        }
        steps += more
      }
      guard steps.count <= Self.mostSteps else {
        throw problem("a scenario has at most \(Self.mostSteps) steps", node)
      }
      guard typed <= Self.mostTyped else {
        throw problem("what a repeat types is at most \(Self.mostTyped) bytes", node)
      }
    }
    return steps
  }

  private func step(_ node: YAMLNode, _ number: String) throws(UsageError) -> Step {
    guard let entries = node.entries else { throw problem("a step is a mapping", node) }
    var step = Step(name: "step \(number)", command: .delay(.zero), line: node.line)
    var word: String?
    for (key, value) in entries {
      switch key.text {
      case "name": step.name += " (\(value.text ?? ""))"
      case "timeout", "within": step.timeout = try interval(value)
      case let command?:
        if let word { throw problem("a step has one command, not \(word) and \(command)", key) }
        word = command
        step.command = try self.command(command, value, key)
        // As some write it: wait-serial: {text: ready, timeout: 5s}.
        if let limit = value.entries?.first(where: { $0.key.text == "timeout" })?.value {
          step.timeout = try interval(limit)
        }
      case nil: throw problem("a command is a word", key)
      }
    }
    guard let word else { throw problem("a step needs a command", node) }
    step.name += ": \(word)"
    return step
  }

  private func command(_ name: String, _ value: YAMLNode, _ key: YAMLNode) throws(UsageError) -> Command {
    switch name {
    case "delay": return .delay(try interval(value))
    case "wait-serial":
      var text = value.text
      if value.entries != nil { text = try fields(value, ["text", "timeout"])["text"] }
      guard let text else { throw problem("wait-serial takes a text", value) }
      return .waitSerial(Array(text.utf8))
    case "write-serial":
      if let text = value.text { return .writeSerial(Array(text.utf8)) }
      let bytes = value.items?.map { $0.text.flatMap { UInt8($0) } } ?? [nil]
      guard !bytes.contains(nil) else { throw problem("write-serial takes a text or a list of bytes", value) }
      return .writeSerial(bytes.compactMap { $0 })
    case "expect-pin":
      let fields = try fields(value, ["part-id", "name", "pin", "value", "expected"])
      guard let part = fields["part-id"], let pin = fields["name"] ?? fields["pin"],
        let level = level(fields["value"] ?? fields["expected"])
      else { throw problem("expect-pin takes part-id, pin and value (0 or 1)", value) }
      return .expectPin(part: part, pin: pin, level: level)
    case "wait-pin":
      let fields = try fields(value, ["part-id", "name", "pin", "value", "expected", "edge", "timeout"])
      let edge = fields["edge"].flatMap { ["rising": Level.high, "falling": .low][$0] }
      guard let part = fields["part-id"], let pin = fields["name"] ?? fields["pin"],
        let level = edge ?? level(fields["value"] ?? fields["expected"]),
        (fields["edge"] == nil) == (edge == nil)
      else {
        throw problem("wait-pin takes part-id, pin, and value (0 or 1) or edge (rising, falling)", value)
      }
      return .waitPin(part: part, pin: pin, level: level, isEdge: edge != nil)
    case "wait-pin-change":
      let fields = try fields(value, ["part-id", "name", "pin", "timeout"])
      guard let part = fields["part-id"], let pin = fields["name"] ?? fields["pin"] else {
        throw problem("wait-pin-change takes part-id and pin", value)
      }
      return .waitPinChange(part: part, pin: pin)
    case "expect-waveform": return try waveform(value)
    case "expect-i2c": return try transfer(value)
    case "fault":
      let fields = try fields(value, ["part-id", "name", "control", "value", "for"])
      guard let part = fields["part-id"], let control = fields["name"] ?? fields["control"] else {
        throw problem("fault takes part-id and control, and perhaps value and for", value)
      }
      let duration = try fields["for"].map { (text) throws(UsageError) in try interval(text, value) }
      guard duration != .zero else { throw problem("a fault lasts for some time: for cannot be 0", value) }
      return .fault(part: part, control: control, value: fields["value"] ?? "1", duration: duration)
    case "set-control":
      let fields = try fields(value, ["part-id", "name", "control", "value"])
      guard let part = fields["part-id"], let control = fields["name"] ?? fields["control"],
        let value = fields["value"]
      else { throw problem("set-control takes part-id, control and value", value) }
      return .setControl(part: part, control: control, value: value)
    case "take-screenshot":
      let fields = try fields(value, ["part-id", "save-to"])
      guard let part = fields["part-id"], let path = fields["save-to"] else {
        throw problem("take-screenshot takes part-id and save-to", value)
      }
      return .takeScreenshot(part: part, path: path)
    case "touch", "touch-press", "touch-move", "touch-release", "expect-chip-output":
      throw problem("\(name) is not supported; see `vpyboard docs compatibility`", key)
    default:
      throw problem(
        "\"\(name)\" is no command (delay, wait-serial, write-serial, expect-pin, set-control, take-screenshot; "
          + "wait-pin, wait-pin-change, expect-waveform, expect-i2c, fault, repeat)",
        key)
    }
  }

  private func waveform(_ node: YAMLNode) throws(UsageError) -> Command {
    let fields = try fields(
      node,
      [
        "part-id", "name", "pin", "blinking", "duty", "period", "pulse", "never", "always", "longer-than",
        "tolerance", "for",
      ])
    guard let part = fields["part-id"], let pin = fields["name"] ?? fields["pin"] else {
      throw problem("expect-waveform takes part-id and pin", node)
    }
    func number(_ name: String, _ range: ClosedRange<Double>) throws(UsageError) -> Double? {
      guard let text = fields[name] else { return nil }
      guard let number = Double(text.filter { $0 != "%" && $0 != " " }), range.contains(number) else {
        let (low, high) = (PartValue.real(range.lowerBound), PartValue.real(range.upperBound))
        throw problem("\(name) cannot be \"\(text)\": it is a number, \(low) to \(high)", node)
      }
      return number
    }
    func time(_ name: String) throws(UsageError) -> Interval? {
      guard let text = fields[name] else { return nil }
      let time = try interval(text, node)
      guard time > .zero else { throw problem("\(name) cannot be 0", node) }
      return time
    }
    func state(_ name: String) throws(UsageError) -> Bool? {
      guard let text = fields[name] else { return nil }
      guard let level = level(text) else { throw problem("\(name) is high or low", node) }
      return level == .high
    }
    let percent = 0.0...100.0
    let tolerance = try number("tolerance", percent) ?? 2
    var expectations: [WaveformExpectation] = []
    if let hertz = try number("blinking", 0.001...1e8) {
      expectations.append(
        WaveformExpectation { (wave) throws(SignalMismatch) in
          try wave.isBlinking(atHertz: hertz, within: tolerance)
        })
    }
    if let period = try time("period") {
      expectations.append(
        WaveformExpectation { (wave) throws(SignalMismatch) in
          try wave.isBlinking(atHertz: 1 / period.seconds, within: tolerance)
        })
    }
    if let duty = try number("duty", percent) {
      expectations.append(
        WaveformExpectation { (wave) throws(SignalMismatch) in
          try wave.hasDuty(duty, within: tolerance)
        })
    }
    if let pulse = try time("pulse") {
      expectations.append(
        WaveformExpectation { (wave) throws(SignalMismatch) in
          try wave.hasPulse(of: pulse, within: tolerance)
        })
    }
    let limit = try time("longer-than") ?? .zero
    if let isHigh = try state("never") {
      expectations.append(
        WaveformExpectation { (wave) throws(SignalMismatch) in
          if isHigh {
            try wave.isNeverHigh(longerThan: limit)
          } else {
            try wave.isNeverLow(longerThan: limit)
          }
        })
    }
    if let isHigh = try state("always") {
      expectations.append(
        WaveformExpectation { (wave) throws(SignalMismatch) in
          try wave.isAlways(high: isHigh)
        })
    }
    guard !expectations.isEmpty else {
      throw problem("expect-waveform takes blinking, duty, period, pulse, never or always", node)
    }
    return .expectWaveform(
      part: part, pin: pin, expectations, during: try time("for") ?? .seconds(1))
  }

  /// In the words of the signal `transfer` of a bus: `write 4c: 07 01`.
  private func transfer(_ node: YAMLNode) throws(UsageError) -> Command {
    var (bus, address): (String?, Int?) = (nil, nil)
    var transfer: String?
    for (key, value) in node.entries ?? [] {
      switch key.text {
      case "part-id", "bus": bus = value.text
      case "address": address = value.text.flatMap(Self.number)
      case "write", "read":
        var texts = (value.items ?? []).map { $0.text ?? "" }
        if let text = value.text { texts = text.split(separator: " ").map(String.init) }
        var bytes: [UInt8] = []
        for text in texts {
          guard let number = Self.number(text), let byte = UInt8(exactly: number) else {
            throw problem("\"\(text)\" is no byte", value)
          }
          bytes.append(byte)
        }
        transfer =
          "\(key.text ?? "") %"
          + (bytes.isEmpty ? "" : ":" + bytes.map { " " + $0.hexadecimal(digits: 2) }.joined())
      case "nack":
        guard let verb = value.text, ["read", "write"].contains(verb) else {
          throw problem("nack is read or write", value)
        }
        transfer = "\(verb) % nack"
      case "timeout": break
      default:
        throw problem("\"\(key.text ?? "")\" is not known here (bus, address, write, read, nack)", key)
      }
    }
    guard let transfer, let address, let byte = UInt8(exactly: address), byte < 128 else {
      throw problem("expect-i2c takes address (7 bits), and write, read or nack, and perhaps bus", node)
    }
    return .expectTransfer(bus: bus, text: transfer.replacing("%", with: byte.hexadecimal(digits: 2)))
  }

  private static func number(_ text: String) -> Int? {
    text.lowercased().hasPrefix("0x") ? Int(text.dropFirst(2), radix: 16) : Int(text)
  }

  private func fields(_ node: YAMLNode, _ known: Set<String>) throws(UsageError) -> [String: String] {
    var fields: [String: String] = [:]
    for (key, value) in node.entries ?? [] {
      guard let name = key.text, known.contains(name), let text = value.text else {
        throw problem(
          "\"\(key.text ?? "")\" is not known here (\(known.sorted().joined(separator: ", ")))", key)
      }
      fields[name] = text
    }
    return fields
  }

  private func interval(_ node: YAMLNode) throws(UsageError) -> Interval {
    guard let text = node.text else { throw problem("a time is needed", node) }
    return try interval(text, node)
  }

  private func interval(_ text: String, _ node: YAMLNode) throws(UsageError) -> Interval {
    if let milliseconds = Int64(text), milliseconds >= 0 { return .milliseconds(milliseconds) }
    guard let interval = Interval(text: text.filter { $0 != " " }) else {
      throw problem("\"\(text)\" is no time; give one as in 500ms", node)
    }
    return interval
  }

  /// Anything above 0 is high.
  private func level(_ text: String?) -> Level? {
    switch text?.lowercased() {
    case "high", "true": .high
    case "low", "false": .low
    case let text?: Int(text).map { $0 > 0 ? .high : .low }
    case nil: nil
    }
  }
}

/// The expected waveform of a recorded pin.
struct WaveformExpectation {
  /// Throws the observed behaviour.
  let check: (SignalRecording) throws(SignalMismatch) -> Void
}
