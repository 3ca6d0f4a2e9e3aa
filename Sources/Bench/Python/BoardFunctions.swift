import Devices
import Machine
import MicroPython
import Timebase

/// Functions for any board: the module `bench` has them for the test's own, the class `Board` for those that it loads.
struct BoardFunctions {
  enum Owner {
    case module(PythonModuleBuilder<PythonBench>)
    case boards(PythonClassBuilder<PythonBench, BenchBoard>)
  }
  let owner: Owner

  private func add<each Argument, Result: PythonResult>(
    _ name: String, rules: ArgumentRules = .counted, _ parameters: repeat PythonParameter<each Argument>,
    body: @escaping (BenchBoard, Call<PythonBench>, repeat each Argument) throws -> Result
  ) {
    switch owner {
    case .module(let module):
      module.observing(name, rules: rules, repeat each parameters, body: Self.onMain(body))
    case .boards(let type):
      type.observing(name, rules: rules, repeat each parameters, body: Self.onLoaded(body))
    }
  }

  private static func onMain<each Argument, Result>(
    _ body: @escaping (BenchBoard, Call<PythonBench>, repeat each Argument) throws -> Result
  ) -> (Call<PythonBench>, repeat each Argument) throws -> Result {
    { (call: Call<PythonBench>, arguments: repeat each Argument) throws -> Result in
      try body(call.host.main, call, repeat each arguments)
    }
  }

  private static func onLoaded<each Argument, Result>(
    _ body: @escaping (BenchBoard, Call<PythonBench>, repeat each Argument) throws -> Result
  ) -> (BenchBoard, Call<PythonBench>, repeat each Argument) throws -> Result {
    { (board: BenchBoard, call: Call<PythonBench>, arguments: repeat each Argument) throws -> Result in
      call.host.bringUp(board)
      return try body(board, call, repeat each arguments)
    }
  }

  static func define(_ functions: BoardFunctions) {
    functions.defineControls()
    functions.defineTriggers()
    functions.defineObservations()
  }

  // MARK: Acting

  private func defineControls() {
    add(
      "set", .leading("name", .string), .leading("value", .value),
      .optional("duration", .orNone(.boardTime), default: nil)
    ) { board, call, name, value, duration in
      let control = try call.host.control(name, of: board)
      var setting = try call.vm.setting(value, for: control, named: name)
      if let duration { setting.duration = duration }
      guard control.set(setting) else {
        throw BenchError.unsuitable("\(name) takes no duration; it takes \(control.summary)")
      }
      return Value.none
    }
    add("at", .required("delay", .boardTime), .required("name", .string), .required("value", .value)) {
      board, call, delay, name, value in
      let bench = call.host
      let control = try bench.control(name, of: board)
      let setting = try call.vm.setting(value, for: control, named: name)
      let clock = board.clock
      bench.keep(clock.schedule(at: bench.clock.now + delay) { control.set(setting) }, of: clock)
      return Value.none
    }
    add("device", .required("request", .string)) { board, call, request in
      try call.host.refuse("devices are wired to them by hand")
      return try board.device(request).name
    }
  }

  // MARK: Waiting

  private func defineTriggers() {
    add(
      "edge", .leading("pin", .string), .optional("kind", .string, default: "any"),
      .optional("within", .orNone(.boardTime), default: nil)
    ) { board, call, pin, kind, limit in
      guard let kind = EdgeKind(rawValue: kind) else {
        throw BenchError.unsuitable(
          "\"\(kind)\" is no kind of edge; there are \"rising\", \"falling\", \"any\"")
      }
      return call.object(try board.edge(pin, kind, within: limit))
    }
    add(
      "level", .leading("pin", .string), .leading("value", .bool),
      .optional("within", .orNone(.boardTime), default: nil)
    ) { board, call, pin, isHigh, limit in
      call.object(try board.level(pin, isHigh ? .high : .low, within: limit))
    }
    add(
      "pulse", .leading("pin", .string), .optional("level", .bool, default: true),
      .optional("within", .orNone(.boardTime), default: nil)
    ) { board, call, pin, isHigh, limit in
      call.object(try board.pulse(pin, isHigh ? .high : .low, within: limit))
    }
    add(
      "bytes", .leading("signal", .string), .leading("data", .bytes),
      .optional("within", .orNone(.boardTime), default: nil)
    ) { board, call, signal, bytes, limit in call.object(try board.bytes(signal, bytes, within: limit)) }
    add(
      "until", .leading("signal", .string), .leading("value", .value),
      .optional("within", .orNone(.boardTime), default: nil)
    ) { board, call, name, value, limit in
      let wanted = try call.vm.partValue(value, of: board.signal(name).form)
      return call.object(try board.value(name, wanted, within: limit))
    }
    add(
      "line", rules: .named, .optional("text", .string, default: ""),
      .optional("within", .orNone(.boardTime), default: nil)
    ) { board, call, text, limit in call.object(board.line(text, within: limit)) }
    add("quiescence", .required("time", .boardTime), .rest) { board, call, time, others in
      var pins: [String] = []
      for index in 0..<others.count { pins.append(try call.vm.string(others[index])) }
      let limit = try call.vm.optionalBoardTime(others.keyword("within"))
      return call.object(try board.quiescence(for: time, pins: pins, within: limit))
    }
  }

  // MARK: Looking

  private func defineObservations() {
    add("get", .required("name", .string)) { board, call, name in
      let signal = try board.signal(name)
      guard !signal.isMomentary else {
        throw BenchError.unsuitable(
          "\(name) shows what happens at a time: wait for it (bench.bytes) or record it (bench.record)")
      }
      return call.vm.heap.withoutCounting { call.vm.value(of: signal.value) }
    }
    add("record", .required("signal", .string)) { board, call, name in
      let recording = SignalRecording(try board.signal(name), name: name, clock: board.clock)
      return call.vm.heap.withoutCounting { call.host.classes?.recordings.make(recording) }
    }
    add("output") { board, call in call.vm.heap.withoutCounting { call.vm.heap.string(board.output) } }
    add("findings") { board, _ in PythonList(board.findings) }
  }
}

extension Call<PythonBench> {
  fileprivate func object(_ trigger: Trigger) -> Value { host.classes?.object(trigger) ?? .none }
}

/// `Board` of the module `bench`: one that the test has loaded.
enum BoardClass: PythonClass {
  static let name = "Board"
  static let boardBytes = 0

  static func define(_ type: PythonClassBuilder<PythonBench, BenchBoard>) {
    type.takesBoardTime = false
    type.print { "<Board \($0.name): \($0.state)>" }
    BoardFunctions.define(BoardFunctions(owner: .boards(type)))
    type.observing("state") { board, call in
      call.host.bringUp(board)
      return board.state.description
    }
    type.observing("end") { board, _ in
      board.endFirmware()
      return Value.none
    }
  }
}
