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
  private var lastNumber = 0

  public init() {}

  /// Answers one request: `{"id": 1, "method": "get", "params": {"signal": "X1"}}`.
  /// - Returns: `{"id": 1, "result": …}` or `{"id": 1, "error": {"kind": …, "message": …}}`, on one line without its end.
  public func answer(_ request: [UInt8]) -> String {
    var id = JSONText.null
    let outcome: (String, JSONText)
    do {
      // JSON is YAML.
      guard let root = try YAMLNode.parse(request), root.entries != nil else {
        throw RequestError("a request is a JSON object on one line")
      }
      if let text = root["id"]?.text { id = Int64(text).map { .integer($0) } ?? .string(text) }
      guard let method = root["method"]?.text else { throw RequestError("a request needs a \"method\"") }
      outcome = ("result", try result(method, Parameters(root["params"])))
    } catch {
      let kind = error is BenchFailure ? "failure" : "error"
      outcome = ("error", .object([("kind", .string(kind)), ("message", .string("\(error)"))]))
    }
    return JSONText.object([("id", id), outcome]).text
  }

  /// Answers what is no request.
  public func refuse(_ message: String) -> String {
    JSONText.object([
      ("id", .null), ("error", .object([("kind", .string("error")), ("message", .string(message))])),
    ]).text
  }

  private func result(_ method: String, _ params: Parameters) throws -> JSONText {
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
    case "device": return .string(try bench.main.device(try params.need("device")).name)
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
      return .integer(Int64(number))
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
      return .integer(Int64(lastNumber))
    case "recording": return try recording(params)
    case "output": return .string(String(decoding: bench.main.output, as: UTF8.self))
    case "findings": return .list(bench.main.findings.map { .string($0) })
    case "tasks": return .list(bench.main.tasksLeft.map { .string($0) })
    case "state": return .string(bench.main.state.description)
    case "waveforms": return .string(waveforms?.text ?? "")
    case "close":
      bench.end()
      self.bench = nil
      return .null
    default: throw RequestError("\"\(method)\" is no method")
    }
    return .object([("now", .number(Double(bench.now.nanoseconds) / 1000))])
  }

  private func open(_ params: Parameters) throws -> JSONText {
    bench?.end()
    (triggers, endless, recordings) = ([:], [], [:])
    let seed = params["seed"].flatMap { UInt64($0) } ?? 0
    let bench: Bench
    if let wiring = params["wiring"] {
      bench = try Bench(wiring: wiring, board: params["board"], seed: seed)
    } else {
      bench = try Bench(params["board"] ?? BoardDescription.standardName, seed: seed)
    }
    self.bench = bench
    waveforms = WaveformRecorder(bench.board)
    return .object([("board", .string(bench.board.description.name))])
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
    case "quiescence": return try main.quiescence(for: try params.time("time"), within: limit)
    case let other: throw RequestError("\"\(other)\" is no kind of trigger")
    }
  }

  private func recording(_ params: Parameters) throws -> JSONText {
    let number = Int(try params.need("recording")) ?? 0
    guard let recording = recordings[number] else { throw RequestError("no recording \(number)") }
    return .object([
      ("frequency", recording.frequency.map { .number($0) } ?? .null), ("duty", .number(recording.duty)),
      ("longest_high", .number(Double(recording.longest(high: true).nanoseconds) / 1000)),
      ("longest_low", .number(Double(recording.longest(high: false).nanoseconds) / 1000)),
      (
        "changes",
        .list(
          recording.changes.map { .list([.number(Double($0.time.nanoseconds) / 1000), value($0.value)]) })
      ),
    ])
  }

  private func value(_ value: TriggerValue) -> JSONText {
    switch value {
    case .time(let instant): .number(Double(instant.nanoseconds) / 1000)
    case .width(let interval): .number(Double(interval.nanoseconds) / 1000)
    case .line(let text): .string(text)
    case .first(let index, let inner): .list([.integer(Int64(index)), self.value(inner)])
    case .all(let values): .list(values.map { self.value($0) })
    }
  }

  private func value(_ value: PartValue) -> JSONText {
    switch value {
    case .flag(let flag): .bool(flag)
    case .level(.high): .integer(1)
    case .level(.low): .integer(0)
    case .level(.floating): .null
    case .integer(let number): .integer(Int64(number))
    case .real(let number): .number(number)
    case .vector(let components): .list(components.map { .integer(Int64($0)) })
    case .interval(let interval): .number(Double(interval.nanoseconds) / 1000)
    default: .string(value.description)
    }
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
