import Asyncio
import Devices
import Machine
import MicroPython
import MicroPythonPort
import Timebase

/// The module `bench`: the outside actions of a test in Python on its board.
enum BenchModule: PythonModule {
  static let name = "bench"

  static func define(_ module: PythonModuleBuilder<PythonBench>) {
    let (vm, bench) = (module.vm, module.host)
    module.takesBoardTime = false
    let classes = BenchClasses(in: vm, bench)
    bench.classes = classes
    BoardFunctions.define(BoardFunctions(owner: .module(module)))
    module.constant("Timeout", classes.timeout.value)
    module.constant("seed", Int(clamping: bench.settings.seed))
    defineTriggers(of: module, classes)
    module.observing("now") { call in
      call.vm.heap.withoutCounting { call.vm.microseconds(call.host.clock.now.nanoseconds) }
    }
    module.observing("wire", .required("a", .string), .required("b", .string)) { call, first, second in
      try call.host.wire(first, second)
      return Value.none
    }
    defineLoading(of: module, classes)
    module.observing("golden", .required("name", .string), .required("data", .bytes)) { call, name, bytes in
      try Golden.compare(name, bytes, call.host)
      return Value.none
    }
    defineEnds(of: module)
  }

  private static func defineTriggers(of module: PythonModuleBuilder<PythonBench>, _ classes: BenchClasses) {
    module.observing("time", .required("time", .boardTime)) { call, time in
      classes.object(call.host.main.time(time))
    }
    module.observing("advance", .required("time", .boardTime)) { call, time in
      try TriggerWait.wait(for: call.host.main.time(time), call)
    }
    for (name, isAll) in [("first_of", false), ("all_of", true)] {
      module.observing(name, .required("trigger", .value), .rest) { call, first, others in
        var parts = [try classes.trigger(first)]
        for index in 0..<others.count { parts.append(try classes.trigger(others[index])) }
        let limit = try call.vm.optionalBoardTime(others.keyword("within"))
        return classes.object(
          isAll
            ? .all(of: parts, host: call.host, within: limit)
            : .first(of: parts, host: call.host, within: limit))
      }
    }
  }

  private static func defineLoading(of module: PythonModuleBuilder<PythonBench>, _ classes: BenchClasses) {
    module.observing(
      "load", .optional("path", .orNone(.string), default: nil),
      .keyword("source", .orNone(.string), default: nil), .keyword("name", .orNone(.string), default: nil),
      .keyword("board", .orNone(.string), default: nil)
    ) { call, path, source, name, board -> Value in
      let program = try program(path: path, source: source, call.host)
      let description = try board.map { try BoardDescription.load($0) }
      let loaded = try call.host.load(program, name: name ?? "dut", description: description)
      return call.vm.heap.withoutCounting { classes.boards.make(loaded) }
    }
  }

  private static func program(
    path: String?, source: String?, _ bench: PythonBench
  ) throws -> PythonProgram {
    if let source {
      var program = PythonProgram(name: path ?? "main.py", source: Array(source.utf8))
      program.folder = bench.folder
      program.flash = .folder(bench.folder)
      return program
    }
    guard let path else { throw BenchError.cannotLoad("name a file or a folder, or give source=") }
    do {
      return try PythonProgram(path: path.hasPrefix("/") ? path : bench.folder + "/" + path)
    } catch { throw BenchError.cannotLoad(error.description) }
  }

  /// How a test ends, and what tells the runner so.
  private static func defineEnds(of module: PythonModuleBuilder<PythonBench>) {
    module.observing("skip", .optional("reason", .string, default: "no reason given")) {
      call, reason -> Value in
      call.host.skipReason = reason
      throw call.vm.error(.systemExit)
    }
    module.observing("_returned", .required("result", .value)) { call, result in
      guard GeneratorHandle(result) != nil else { return Value.none }
      throw PythonError.type(
        "the test is a generator or gave a coroutine, so nothing of it has run: a test that waits is `async def` with await, "
          + "and has no yield")
    }
    module.observing("_passed") { call in
      call.host.hasPassed = true
      return Value.none
    }
    module.observing("_skipped", .required("reason", .value)) { call, reason in
      call.host.skipReason = String(decoding: try call.vm.text(of: reason, .str), as: UTF8.self)
      return Value.none
    }
  }
}

/// What stands in files beside a test.
private enum Golden {
  /// Compares with what stands there, or puts it there.
  static func compare(_ name: String, _ bytes: [UInt8], _ bench: PythonBench) throws {
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
}
