import Asyncio
import Devices
import Machine
import MicroPython
import MicroPythonPort
import Timebase

/// The module `bench`: the outside actions of a test in Python on its board. The calls take neither board
/// time nor board memory.
final class BenchModule {
  private unowned let bench: PythonBench
  private let triggers: PythonTriggers
  private let recordings: PythonRecordings
  private let boardType: TypeHandle

  private typealias BoardBody = (BenchBoard, Interpreter, Arguments) throws -> Value

  init(_ bench: PythonBench, _ parts: FirmwareParts) {
    self.bench = bench
    triggers = PythonTriggers(bench, parts)
    recordings = PythonRecordings(parts.vm)
    boardType = parts.vm.heap.type("Board")
    define(boardType, parts.vm)
  }

  func fill(_ module: ModuleBuilder) {
    let vm = module.vm
    for (name, count, body) in boardFunctions {
      add(name, count, to: module) { [unowned self] vm, args in try body(bench.main, vm, args) }
    }
    module.attribute("Timeout", triggers.timeoutClass)
    module.attribute("seed", vm.heap.int(Int(clamping: bench.settings.seed)))
    addTriggerFunctions(to: module)
    add("now", 0...0, to: module) { [unowned self] vm, _ in
      vm.heap.withoutCounting { vm.microseconds(bench.clock.now.nanoseconds) }
    }
    add("wire", 2...2, to: module) { [unowned self] vm, args in
      try bench.wire(vm.string(args[0]), vm.string(args[1]))
      return .none
    }
    add("load", 0...1, to: module) { [unowned self] vm, args in try load(args, vm) }
    add("skip", 0...1, to: module) { [unowned self] vm, args in
      bench.skipReason = args.count > 0 ? try vm.string(args[0]) : "no reason given"
      throw vm.error(.systemExit)
    }
    add("golden", 2...2, to: module) { [unowned self] vm, args in
      try compareGolden(vm.string(args[0]), vm.bytes(args[1]), vm)
      return .none
    }
    add("_returned", 1...1, to: module) { vm, args in
      guard GeneratorHandle(args[0]) != nil else { return .none }
      throw vm.error(
        .typeError,
        "the test is a generator or gave a coroutine, so nothing of it has run: a test that waits is `async def` with await, "
          + "and has no yield")
    }
    add("_passed", 0...0, to: module) { [unowned self] _, _ in
      bench.hasPassed = true
      return .none
    }
    add("_skipped", 1...1, to: module) { [unowned self] vm, args in
      bench.skipReason = String(decoding: try vm.text(of: args[0], .str), as: UTF8.self)
      return .none
    }
  }

  private func addTriggerFunctions(to module: ModuleBuilder) {
    add("time", 1...1, to: module) { [unowned self] vm, args in
      triggers.object(bench.main.time(try vm.boardTime(args[0])))
    }
    add("advance", 1...1, to: module) { [unowned self] vm, args in
      try triggers.wait(for: bench.main.time(vm.boardTime(args[0])), vm)
    }
    for (name, isAll) in [("first_of", false), ("all_of", true)] {
      add(name, 1...Int.max, to: module) { [unowned self] vm, args in
        var parts: [Trigger] = []
        for index in 0..<args.count { parts.append(try triggers.trigger(args[index], vm)) }
        let limit = try vm.optionalBoardTime(args.keyword("within"))
        return triggers.object(
          isAll
            ? .all(of: parts, host: bench, within: limit) : .first(of: parts, host: bench, within: limit))
      }
    }
  }

  /// Functions for any board.
  private var boardFunctions: [(String, ClosedRange<Int>, BoardBody)] {
    [
      (
        "set", 2...3,
        { [unowned self] board, vm, args in
          let name = try vm.string(args[0])
          let control = try self.control(name, of: board)
          var setting = try vm.setting(args[1], for: control, named: name)
          if let duration = try vm.optionalBoardTime(args.argument(2, "duration")) {
            setting.duration = duration
          }
          guard control.set(setting) else {
            throw BenchError.unsuitable("\(name) takes no duration; it takes \(control.summary)")
          }
          return .none
        }
      ),
      (
        "at", 3...3,
        { [unowned self] board, vm, args in
          let delay = try vm.boardTime(args[0])
          let name = try vm.string(args[1])
          let control = try self.control(name, of: board)
          let setting = try vm.setting(args[2], for: control, named: name)
          let clock = board.clock
          bench.keep(clock.schedule(at: bench.clock.now + delay) { control.set(setting) }, of: clock)
          return .none
        }
      ),
      (
        "get", 1...1,
        { board, vm, args in
          let name = try vm.string(args[0])
          let signal = try board.signal(name)
          guard !signal.isMomentary else {
            throw BenchError.unsuitable(
              "\(name) shows what happens at a time: wait for it (bench.bytes) or record it (bench.record)")
          }
          return vm.heap.withoutCounting { vm.value(of: signal.value) }
        }
      ),
      (
        "edge", 1...3,
        { [unowned self] board, vm, args in
          let kind = args.argument(1, "kind")
          let name = kind.isUnbound ? "any" : try vm.string(kind)
          guard let kind = EdgeKind(rawValue: name) else {
            throw BenchError.unsuitable(
              "\"\(name)\" is no kind of edge; there are \"rising\", \"falling\", \"any\"")
          }
          return triggers.object(
            try board.edge(vm.string(args[0]), kind, within: vm.optionalBoardTime(args.argument(2, "within")))
          )
        }
      ),
      (
        "level", 2...3,
        { [unowned self] board, vm, args in
          triggers.object(
            try board.level(
              vm.string(args[0]), vm.isTrue(args[1]) ? .high : .low,
              within: vm.optionalBoardTime(args.argument(2, "within"))))
        }
      ),
      (
        "pulse", 1...3,
        { [unowned self] board, vm, args in
          let level = args.argument(1, "level")
          return triggers.object(
            try board.pulse(
              vm.string(args[0]), level.isUnbound || vm.isTrue(level) ? .high : .low,
              within: vm.optionalBoardTime(args.argument(2, "within"))))
        }
      ),
      (
        "bytes", 2...3,
        { [unowned self] board, vm, args in
          triggers.object(
            try board.bytes(
              vm.string(args[0]), vm.bytes(args[1]), within: vm.optionalBoardTime(args.argument(2, "within")))
          )
        }
      ),
      (
        "until", 2...3,
        { [unowned self] board, vm, args in
          let name = try vm.string(args[0])
          return triggers.object(
            try board.value(
              name, vm.partValue(args[1], of: board.signal(name).form),
              within: vm.optionalBoardTime(args.argument(2, "within"))))
        }
      ),
      (
        "line", 0...2,
        { [unowned self] board, vm, args in
          triggers.object(
            board.line(
              args.count > 0 ? try vm.string(args[0]) : "",
              within: try vm.optionalBoardTime(args.argument(1, "within"))))
        }
      ),
      (
        "quiescence", 1...Int.max,
        { [unowned self] board, vm, args in
          var pins: [String] = []
          for index in 1..<args.count { pins.append(try vm.string(args[index])) }
          return triggers.object(
            try board.quiescence(
              for: vm.boardTime(args[0]), pins: pins, within: vm.optionalBoardTime(args.keyword("within"))))
        }
      ),
      (
        "record", 1...1,
        { [unowned self] board, vm, args in
          let name = try vm.string(args[0])
          return recordings.object(
            SignalRecording(try board.signal(name), name: name, clock: board.clock), vm)
        }
      ),
      (
        "device", 1...1,
        { [unowned self] board, vm, args in
          try bench.refuse("devices are wired to them by hand")
          let device = try board.device(vm.string(args[0]))
          return vm.heap.withoutCounting { vm.heap.string(device.name) }
        }
      ),
      ("output", 0...0, { board, vm, _ in vm.heap.withoutCounting { vm.heap.string(board.output) } }),
      (
        "findings", 0...0,
        { board, vm, _ in
          vm.heap.withoutCounting { vm.heap.list(board.findings.map { vm.heap.string($0) }) }
        }
      ),
    ]
  }

  // MARK: Other boards

  private func define(_ type: TypeHandle, _ vm: Interpreter) {
    type.info.print = { (_, value, _, output) in
      guard let board = NativeHandle(value)?.payload as? BenchBoard else { return }
      output.write("<Board \(board.name): \(board.state)>")
    }
    vm.define(type) { type in
      for (name, count, body) in boardFunctions {
        let upper = count.upperBound == .max ? Int.max : count.upperBound + 1
        type.attribute(
          name,
          vm.uncountedFunction(name, (count.lowerBound + 1)...upper, keywords: true) {
            [unowned self] (vm, args) throws(Raised) in
            let board = try loaded(args[0], vm)
            bench.bringUp(board)
            do { return try body(board, vm, args.dropFirst()) } catch { throw raised(error, vm) }
          })
      }
      type.attribute(
        "state",
        vm.uncountedFunction("state", 1...1) { [unowned self] (vm, args) throws(Raised) in
          let board = try loaded(args[0], vm)
          bench.bringUp(board)
          return vm.heap.withoutCounting { vm.heap.string(board.state.description) }
        })
      type.attribute(
        "end",
        vm.uncountedFunction("end", 1...1) { [unowned self] (vm, args) throws(Raised) in
          try loaded(args[0], vm).endFirmware()
          return .none
        })
    }
  }

  private func loaded(_ value: Value, _ vm: Interpreter) throws(Raised) -> BenchBoard {
    guard let board = NativeHandle(value)?.payload as? BenchBoard else {
      throw vm.error(.typeError, "a board that bench.load has given is needed")
    }
    return board
  }

  /// `load(path=None, *, source=None, name="dut", board=None)`
  private func load(_ args: Arguments, _ vm: Interpreter) throws -> Value {
    func text(_ value: Value) throws(Raised) -> String? {
      value.isUnbound || value.isNone ? nil : try vm.string(value)
    }
    let path = try text(args.argument(0, "path"))
    var program: PythonProgram
    if let source = try text(args.keyword("source")) {
      program = PythonProgram(name: path ?? "main.py", source: Array(source.utf8))
      program.folder = bench.folder
      program.flash = .folder(bench.folder)
    } else if let path {
      do {
        program = try PythonProgram(path: path.hasPrefix("/") ? path : bench.folder + "/" + path)
      } catch { throw BenchError.cannotLoad(error.description) }
    } else {
      throw BenchError.cannotLoad("name a file or a folder, or give source=")
    }
    let description = try text(args.keyword("board")).map { try BoardDescription.load($0) }
    let board = try bench.load(
      program, name: try text(args.keyword("name")) ?? "dut", description: description)
    return vm.heap.withoutCounting { vm.heap.native(boardType, board, boardBytes: 0) }
  }

  // MARK: Goldens

  /// Compares with what stands in a file beside the test, or puts it there.
  private func compareGolden(_ name: String, _ bytes: [UInt8], _ vm: Interpreter) throws {
    guard !name.isEmpty, !name.split(separator: "/", omittingEmptySubsequences: false).contains("..") else {
      throw BenchError.unsuitable("\"\(name)\" is no name of a file beside the test")
    }
    let path = bench.folder + "/golden/" + name
    if bench.settings.updatesGoldens {
      do { try HostFile.write(bytes, to: path) } catch { throw BenchError.unsuitable("\(error)") }
      return
    }
    guard let expected = HostFile.read(path) else {
      throw PythonError(.assertionError, "golden/\(name) is not there; run with --update-goldens to make it")
    }
    guard expected != bytes else { return }
    throw PythonError(.assertionError, GoldenDifference.text(name, expected: expected, found: bytes))
  }

  // MARK: Functions

  private func add(
    _ name: String, _ count: ClosedRange<Int>, to module: ModuleBuilder,
    _ body: @escaping (Interpreter, Arguments) throws -> Value
  ) {
    module.attribute(
      name,
      module.vm.uncountedFunction(name, count, keywords: true) { [unowned self] (vm, args) throws(Raised) in
        do { return try body(vm, args) } catch { throw raised(error, vm) }
      })
  }

  /// Returns the exception for an error. A request that real lines cannot fulfil ends the test, which counts
  /// as skipped.
  private func raised(_ error: any Error, _ vm: Interpreter) -> Raised {
    guard let limit = error as? BeyondLines else { return vm.raised(error) }
    bench.skipReason = limit.description
    return vm.error(.systemExit)
  }

  /// - Throws: if it is a control of a pin that is a real line.
  private func control(_ name: String, of board: BenchBoard) throws -> Control {
    let control = try board.board.control(name)
    let part = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
    do { try board.board.refuse(control, of: part) } catch {
      throw BeyondLines("\(name) cannot be set, as what is wired to the pin drives it")
    }
    return control
  }
}
