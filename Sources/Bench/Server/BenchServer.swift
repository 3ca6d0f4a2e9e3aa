import Devices
import Diagnostics
import Machine
import Timebase
import YAML

/// A bench that a tool in any language drives: one JSON object a line for each request, one for each answer
/// (docs/testing.md).
public final class BenchServer {
  private var bench: Bench?
  private var triggers: [Int: Trigger] = [:]
  /// Those of `triggers` that may never happen and were asked for without `within`.
  private var endless: Set<Int> = []
  /// Board time after which a wait for such a one is given up: as long as a test may take.
  private static let longestWait = Interval.seconds(60)
  private var recordings: [Int: SignalRecording] = [:]
  private var waveforms: WaveformRecorder?
  private var dump: ValueDump?
  private var lastNumber = 0

  public init() {}

  /// Answers one request: `{"id": 1, "method": "get", "params": {"signal": "X1"}}`.
  /// - Returns: `{"id": 1, "result": …}` or `{"id": 1, "error": {"kind": …, "message": …}}`, on one line without its end.
  public func answer(_ request: [UInt8]) -> String {
    var id = JSON.null
    let outcome: (String, JSON)
    do {
      // JSON is YAML.
      guard let root = try YAMLNode.parse(request), root.entries != nil else {
        throw RequestError("a request is a JSON object on one line")
      }
      if let text = root["id"]?.text { id = Int(text).map { .integer($0) } ?? .text(text) }
      guard let method = root["method"]?.text else { throw RequestError("a request needs a \"method\"") }
      outcome = ("result", try result(method, Parameters(root["params"])))
    } catch {
      let kind = error is BenchFailure ? "failure" : "error"
      outcome = ("error", .object([("kind", .text(kind)), ("message", .text("\(error)"))]))
    }
    return JSON.object([("id", id), outcome]).line
  }

  /// Answers what is no request.
  public func refuse(_ message: String) -> String {
    JSON.object([
      ("id", .null), ("error", .object([("kind", .text("error")), ("message", .text(message))])),
    ]).line
  }

  private func result(_ method: String, _ params: Parameters) throws -> JSON {
    if method == "open" { return try open(params) }
    guard let bench else { throw RequestError("no board yet: \"open\" comes first") }
    switch method {
    case "start":
      if let source = params["source"] {
        bench.main.start(python: source, name: params["name"] ?? "main.py")
      } else {
        try bench.main.start(file: try params.need("file"))
      }
    case "wire": try bench.wire(try params.need("from"), try params.need("to"))
    case "device": return .text(try bench.main.device(try params.need("device")).name)
    case "lines": return .object(lines(of: bench.board))
    case "set":
      let value = try params.need("value")
      try bench.board.set(try params.need("control"), to: ["true": "1", "false": "0"][value] ?? value)
    case "get": return value(try bench.main.signal(try params.need("signal")).value)
    case "write": bench.main.keys.type(try params.need("text").utf8)
    case "now": break
    case "advance": try bench.advance(by: try params.time("time"))
    case "trigger":
      let number = keep(try trigger(params, bench))
      if params["within"] == nil, params["kind"] != "time" { endless.insert(number) }
      return .integer(number)
    case "wait":
      let number = Int(try params.need("trigger")) ?? 0
      guard let trigger = triggers.removeValue(forKey: number) else {
        throw RequestError("no trigger \(number)")
      }
      let isEndless = endless.remove(number) != nil
      if params["within"] != nil {
        trigger.expect(within: try params.time("within"))
      } else if isEndless {
        trigger.expect(within: Self.longestWait)
      }
      return value(try bench.wait(for: trigger))
    case "record":
      lastNumber += 1
      recordings[lastNumber] = try bench.main.record(try params.need("signal"))
      return .integer(lastNumber)
    case "recording": return try recording(params)
    case "output": return try output(of: bench.main, params)
    case "findings": return .list(bench.main.findings.map { .text($0) })
    case "tasks": return .list(bench.main.tasksLeft.map { .text($0) })
    case "state": return .text(bench.main.state.description)
    case "waveforms": return .text(waveforms?.text ?? "")
    case "traces":
      guard let dump else { throw RequestError("no traces: \"open\" with \"traces\": true makes them") }
      return .object([
        ("trace", .text(bench.main.trace.map { $0 + "\n" }.joined())), ("vcd", .text(dump.finished())),
      ])
    case "close":
      bench.end()
      self.bench = nil
      return .null
    default: throw RequestError("\"\(method)\" is no method")
    }
    return .object([("now", microseconds(bench.now - .powerOn))])
  }

  /// All output, or that from a byte on, as far as its characters are whole, with the number of the byte behind it.
  private func output(of board: BenchBoard, _ params: Parameters) throws -> JSON {
    guard params["from"] != nil else { return .text(String(decoding: board.output, as: UTF8.self)) }
    guard let start = Int(try params.need("from")), (0...board.output.count).contains(start) else {
      throw RequestError("from is a number from 0 to \(board.output.count)")
    }
    let end = start + Self.wholeCharacters(board.output[start...])
    return .object([
      ("text", .text(String(decoding: board.output[start..<end], as: UTF8.self))),
      ("next", .integer(end)),
    ])
  }

  /// The number of bytes before a character in UTF-8 of which some bytes are missing at the end.
  private static func wholeCharacters(_ bytes: ArraySlice<UInt8>) -> Int {
    guard let last = bytes.suffix(4).lastIndex(where: { $0 & 0xC0 != 0x80 }) else { return bytes.count }
    let length = bytes[last] < 0xC0 ? 1 : bytes[last] < 0xE0 ? 2 : bytes[last] < 0xF0 ? 3 : 4
    return bytes.endIndex - last < length ? last - bytes.startIndex : bytes.count
  }

  private func open(_ params: Parameters) throws -> JSON {
    bench?.end()
    (triggers, endless, recordings) = ([:], [], [:])
    let seed = params["seed"].flatMap { UInt64($0) } ?? 0
    let bench: Bench
    let isTraced = params["traces"] == "true"
    if let wiring = params["wiring"] {
      bench = try Bench(wiring: wiring, board: params["board"], seed: seed, isTraced: isTraced)
    } else {
      bench = try Bench(params["board"] ?? BoardDescription.standardName, seed: seed, isTraced: isTraced)
    }
    self.bench = bench
    bench.board.trace.recordsAllEdges = isTraced
    dump = isTraced ? ValueDump(of: bench.board) : nil
    waveforms = WaveformRecorder(bench.board)
    let lines = lines(of: bench.board)
    return .object(
      [("board", .text(bench.board.description.name))] + (lines.isEmpty ? [] : [("lines", .object(lines))]))
  }

  /// The names under which programs open the other ends of serial lines, by device: `{"peer": "/dev/pts/3"}`.
  private func lines(of board: Board) -> [(String, JSON)] {
    board.devices.compactMap { device in
      (device as? any HostLineDevice)?.hostLine.map { (device.name, .text($0)) }
    }
  }

  private func keep(_ trigger: Trigger) -> Int {
    lastNumber += 1
    triggers[lastNumber] = trigger
    return lastNumber
  }

  private func trigger(_ params: Parameters, _ bench: Bench) throws -> Trigger {
    let limit = params["within"] == nil ? nil : try params.time("within")
    let main = bench.main
    switch try params.need("kind") {
    case "edge":
      let edge = params["edge"] ?? "any"
      guard let kind = EdgeKind(rawValue: edge) else { throw RequestError("\"\(edge)\" is no kind of edge") }
      return try main.edge(try params.need("pin"), kind, within: limit)
    case "level": return try main.level(try params.need("pin"), try params.level("value"), within: limit)
    case "pulse":
      return try main.pulse(
        try params.need("pin"), params["value"] == nil ? .high : try params.level("value"), within: limit)
    case "bytes":
      return try main.bytes(try params.need("signal"), Array(try params.need("bytes").utf8), within: limit)
    case "until":
      let name = try params.need("signal")
      let text = try params.need("value")
      let form = try main.signal(name).form
      guard let wanted = form.value(of: ["true": "1", "false": "0"][text] ?? text) else {
        throw RequestError("\(name) is never \"\(text)\": it is \(form.summary(unit: nil))")
      }
      return try main.value(name, wanted, within: limit)
    case "line": return main.line(params["text"] ?? "", within: limit)
    case "time": return main.time(try params.time("time"))
    case "quiescence":
      return try main.quiescence(for: try params.time("time"), pins: params.list("pins"), within: limit)
    case let kind where kind == "first" || kind == "all":
      let parts = try params.list("triggers").map { text throws(RequestError) in
        guard let trigger = triggers.removeValue(forKey: Int(text) ?? 0) else {
          throw RequestError("no trigger \(text)")
        }
        return trigger
      }
      return kind == "all"
        ? .all(of: parts, on: bench, within: limit) : .first(of: parts, on: bench, within: limit)
    case let other: throw RequestError("\"\(other)\" is no kind of trigger")
    }
  }

  private func recording(_ params: Parameters) throws -> JSON {
    let number = Int(try params.need("recording")) ?? 0
    guard let recording = recordings[number] else { throw RequestError("no recording \(number)") }
    let frequency: JSON = if let hertz = recording.frequency { .real(hertz) } else { .null }
    let changes: [JSON] = recording.changes.map { change in
      .list([microseconds(change.time - .powerOn), value(change.value)])
    }
    return .object([
      ("frequency", frequency), ("duty", .real(recording.duty)),
      ("longest_high", microseconds(recording.longest(high: true))),
      ("longest_low", microseconds(recording.longest(high: false))), ("changes", .list(changes)),
    ])
  }

  private func microseconds(_ interval: Interval) -> JSON { .real(Double(interval.nanoseconds) / 1000) }

  private func value(_ value: TriggerValue) -> JSON {
    switch value {
    case .time(let instant): microseconds(instant - .powerOn)
    case .width(let interval): microseconds(interval)
    case .line(let text): .text(text)
    case .first(let index, let inner): .list([.integer(index), self.value(inner)])
    case .all(let values): .list(values.map { self.value($0) })
    }
  }

  private func value(_ value: PartValue) -> JSON {
    switch value {
    case .flag(let flag): .flag(flag)
    case .level(.high): .integer(1)
    case .level(.low): .integer(0)
    case .level(.floating): .null
    case .integer(let number): .integer(number)
    case .real(let number): .real(number)
    case .vector(let components): .list(components.map { .integer($0) })
    case .interval(let interval): microseconds(interval)
    default: .text(value.description)
    }
  }
}

/// A value change dump that is kept.
private final class ValueDump {
  private let trace: VCDTrace
  private let kept = KeptTrace()

  init(of board: Board) {
    trace = VCDTrace(of: board, step: .nanoseconds(100), output: kept.output)
  }

  /// Ends it.
  func finished() -> String {
    trace.finish()
    return kept.text
  }
}

/// A request that cannot be answered.
private struct RequestError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// Parameters of a request, by name; numbers and texts alike as text.
private struct Parameters {
  private let node: YAMLNode?

  init(_ node: YAMLNode?) { self.node = node }

  subscript(name: String) -> String? {
    guard let value = node?[name], let text = value.text, text != "null" else { return nil }
    return text
  }

  func need(_ name: String) throws(RequestError) -> String {
    guard let text = self[name] else { throw RequestError("\"\(name)\" is missing") }
    return text
  }

  /// Texts of a list; none where it is missing.
  func list(_ name: String) throws(RequestError) -> [String] {
    guard let value = node?[name] else { return [] }
    guard let items = value.items else { throw RequestError("\"\(name)\" is a list") }
    return items.map { $0.text ?? "" }
  }

  /// `5ms`, or a number of seconds.
  func time(_ name: String) throws(RequestError) -> Interval {
    let text = try need(name)
    if let interval = Interval(text: text) { return interval }
    guard let seconds = Double(text), (0...1e9).contains(seconds) else {
      throw RequestError("\(name) cannot be \"\(text)\": give a time as in 5ms, or seconds")
    }
    return .seconds((seconds * 1e9).rounded() / 1e9)
  }

  func level(_ name: String) throws(RequestError) -> Level {
    switch try need(name) {
    case "1", "true": return .high
    case "0", "false": return .low
    case let text: throw RequestError("\(name) cannot be \"\(text)\": give 0 or 1")
    }
  }
}

extension YAMLNode {
  fileprivate subscript(name: String) -> YAMLNode? { entries?.first { $0.key.text == name }?.value }
}
