import Devices
import Machine
import Timebase
import YAML

/// A scenario: steps that are done one after the other, as Wokwi's automation scenarios have them
/// (https://docs.wokwi.com/wokwi-ci/automation-scenarios). `wait-pin` and `timeout` are ours.
struct Scenario {
  enum Command {
    case delay(Interval)
    case waitSerial([UInt8])
    case writeSerial([UInt8])
    case expectPin(part: String, pin: String, level: Level)
    case setControl(part: String, control: String, value: String)
    case waitPin(part: String, pin: String, level: Level)
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
  /// What happens beside the steps, as in a wiring file.
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
        for item in items { steps.append(try step(item, steps.count + 1)) }
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

  private func step(_ node: YAMLNode, _ number: Int) throws(UsageError) -> Step {
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
      guard let text = value.text else { throw problem("wait-serial takes a text", value) }
      return .waitSerial(Array(text.utf8))
    case "write-serial":
      if let text = value.text { return .writeSerial(Array(text.utf8)) }
      let bytes = value.items?.map { $0.text.flatMap { UInt8($0) } } ?? [nil]
      guard !bytes.contains(nil) else { throw problem("write-serial takes a text or a list of bytes", value) }
      return .writeSerial(bytes.compactMap { $0 })
    case "expect-pin", "wait-pin":
      let fields = try fields(value, ["part-id", "name", "pin", "value", "expected"])
      guard let part = fields["part-id"], let pin = fields["name"] ?? fields["pin"],
        let level = level(fields["value"] ?? fields["expected"])
      else { throw problem("\(name) takes part-id, name and value (0 or 1)", value) }
      return name == "wait-pin"
        ? .waitPin(part: part, pin: pin, level: level) : .expectPin(part: part, pin: pin, level: level)
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
        "\"\(name)\" is no command (delay, wait-serial, write-serial, expect-pin, set-control, wait-pin, take-screenshot)",
        key
      )
    }
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
