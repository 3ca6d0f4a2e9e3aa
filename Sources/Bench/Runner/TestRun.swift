import Diagnostics
import Machine
import MicroPython
import MicroPythonPort
import Timebase

/// One test on a board of its own, in virtual time, on the calling thread.
struct TestRun {
  let test: TestCase
  let settings: TestSettings

  /// Files that show what the board did.
  struct Evidence {
    var text: TraceOutput
    var dump: TraceOutput
  }

  /// - Parameter evidence: destination of traces, which make the run slower; nothing else depends on them.
  /// - Returns: the result, and with evidence the last waveforms.
  func run(evidence: Evidence? = nil) -> TestResult {
    let seed = settings.seed &+ UInt64(test.round - 1)
    let (folder, file) = Self.split(test.file)
    let started = HostStopwatch()
    var result = TestResult(test: test, seed: seed)
    let bench: PythonBench
    do {
      var settings = settings
      settings.seed = seed
      bench = try PythonBench(
        settings: settings, folder: folder, testFile: file, seed: seed,
        trace: evidence.map { Trace(outputs: [$0.text]) })
    } catch {
      result.outcome = .error("\(error)")
      return result
    }
    let board = bench.main.board
    if evidence != nil { board.trace.recordsAllEdges = true }
    let dump = evidence.map { VCDTrace(of: board, step: .nanoseconds(100), output: $0.dump) }
    let waveforms = evidence.map { _ in WaveformRecorder(board) }

    let firmware = PythonFirmware(board: board, keys: NoKeys()) { bench.main.print($0) }
    firmware.additions = [bench]
    let limit = LimitWatch(board.clock, settings.limit) { bench.place() }
    let watching = board.clock.addObserver(limit)
    var program = PythonProgram(name: Self.mainName, source: Array(main(file).utf8))
    program.folder = folder
    program.flash = .folder(settings.flash ?? folder)
    program.searchesOwnFolder = true
    let end = firmware.run(program, boots: 1)

    watching.end()
    result.boardTime = board.clock.now - .powerOn
    let endOfTest = End(
      end: end, firmware: firmware, bench: bench, settings: settings, placeAtLimit: limit.place)
    result.outcome = endOfTest.outcome
    result.details = endOfTest.details(test)
    let others = bench.others.map { ($0.name, $0.output, $0.findings) }
    bench.finish()
    defer { firmware.dismantle() }
    board.finish()
    board.trace.finish()
    dump?.finish()
    result.waveforms = waveforms?.text ?? ""
    result.output = bench.main.output
    result.findings = bench.main.findings
    for (name, output, findings) in others {
      result.otherOutputs.append((name, output))
      result.findings += findings.map { "\(name): \($0)" }
    }
    result.duration = started.seconds
    return result
  }

  static let mainName = "<test>"

  /// Returns the source that runs as the main program.
  private func main(_ file: String) -> String {
    let module = file.hasSuffix(".py") ? String(file.dropLast(3)) : file
    let load = "import bench\nm = __import__(\"\(module)\")\n"
    switch test.kind {
    case .function: return load + "bench._returned(m.\(test.function)())\nbench._passed()\n"
    case .coroutine: return load + "import asyncio\nasyncio.run(m.\(test.function)())\nbench._passed()\n"
    case .method(let className, let isAsync):
      return load + """
        import unittest
        try:
            unittest._run(m.\(className), "\(test.function)", \(isAsync ? "True" : "False"))
            bench._passed()
        except unittest.SkipTest as e:
            bench._skipped(e)

        """
    }
  }

  /// The folder of a file, and its name.
  private static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path) }
    return (
      slash == path.startIndex ? "/" : String(path[..<slash]), String(path[path.index(after: slash)...])
    )
  }
}

/// Ends a test that does not end by itself, and sees where it is then.
private final class LimitWatch: ClockObserver {
  private let clock: Clock
  private let end: Instant
  private let currentPlace: () -> (file: String, line: Int)?
  private(set) var place: (file: String, line: Int)?

  init(_ clock: Clock, _ limit: Interval, _ place: @escaping () -> (file: String, line: Int)?) {
    self.clock = clock
    end = clock.now + limit
    currentPlace = place
    clock.powerOff = end
  }

  func clockLooks() { if place == nil, clock.now >= end { place = currentPlace() } }
}

/// How a test's firmware ended, as a result of the test.
private struct End {
  let end: PythonFirmware.End
  let firmware: PythonFirmware
  let bench: PythonBench
  let settings: TestSettings
  let placeAtLimit: (file: String, line: Int)?

  var outcome: TestResult.Outcome {
    if bench.main.isFlooded {
      return .failed("the test printed more than \(BenchBoard.longestOutput >> 20) MiB and was ended")
    }
    if let reason = bench.skipReason { return .skipped(reason) }
    switch end {
    case .failed(let traceback):
      let text = lastLines(of: traceback)
      // A failure is what the test found, an error what kept it from finding anything.
      return text.hasPrefix("AssertionError") || text.hasPrefix("Timeout") ? .failed(text) : .error(text)
    case .exited:
      // As MicroPython's own tests say that they are not for this board.
      if bench.main.output.starts(with: Array("SKIP".utf8)) { return .skipped("the test says SKIP") }
      return .error("the test left by sys.exit")
    case .deadlocked:
      return .failed(nothingHappens)
    case .finished:
      if bench.hasPassed {
        if let failure = bench.uncaughtFailures.first {
          return .failed("\(lastLines(of: failure)) in a callback, a task or a thread")
        }
        let forgotten = bench.forgottenTriggers
        return forgotten.isEmpty ? .passed : .failed(forgotten.joined(separator: "\n"))
      }
      if let rest { return rest }
      guard bench.clock.isPoweredOff else {
        return .error("the board was reset before the test came to its end")
      }
      if bench.main.deadlock != nil { return .failed(nothingHappens) }
      let place = placeAtLimit.map { ", and was at \($0.file):\($0.line)" } ?? ""
      let waits = bench.awaitedTriggers.map { "; it waits for \($0)" }.joined()
      return .failed(
        "the test had not ended after \(BoardTimeText.short(settings.limit)) of board time\(place)\(waits)")
    }
  }

  /// Message for waits where nothing can happen any more.
  private var nothingHappens: String {
    var waits = bench.awaitedTriggers.map { "the test waits for \($0)" }
    if let deadlock = bench.main.deadlock { waits.append(deadlock) }
    return "nothing can happen any more: "
      + (waits.isEmpty ? "the test waits" : waits.joined(separator: "; "))
  }

  /// A board that runs no firmware any more, though nobody has reset it.
  private var rest: TestResult.Outcome? {
    switch firmware.rest {
    case .sleepsForEver:
      return .failed(
        "nothing can happen any more: the board sleeps, and no alarm, timer or pin is left that could wake it"
      )
    case .isInBootloader:
      return .error("the test sent the board to its bootloader, where it runs no firmware")
    default: break
    }
    guard firmware.isInDeepSleep else { return nil }
    return .error(
      "the test sent its own board into deep sleep, which ends with a reset; firmware that does so is tested from another "
        + "board, with bench.load")
  }

  /// The exception without the way to it.
  private func lastLines(of traceback: String) -> String {
    let lines = traceback.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let start = lines.lastIndex { $0.hasPrefix("  File \"") }.map { $0 + 1 } ?? 0
    return lines[start...].joined(separator: "\n").withoutEnd
  }

  /// The lines that lead to the failure, each with its source, and what the assertion compared.
  func details(_ test: TestCase) -> [String] {
    let traceback: String
    if case .failed(let text) = end {
      traceback = text
    } else if bench.hasPassed, let text = bench.uncaughtFailures.first {
      traceback = text
    } else {
      return []
    }
    var details: [String] = []
    let folder = test.file.lastIndex(of: "/").map { String(test.file[...$0]) } ?? ""
    var last: (file: String, line: Int)?
    for entry in traceback.split(separator: "\n") where entry.hasPrefix("  File \"") {
      let words = entry.dropFirst(8).split(separator: "\"", maxSplits: 1)
      guard words.count == 2 else { continue }
      let file = String(words[0])
      let rest = words[1].drop { !$0.isNumber }
      let line = Int(rest.prefix { $0.isNumber }) ?? 0
      // Modules of the firmware have no file here, and the mistake is not in them.
      guard let (path, text) = source(file, line, beside: folder) else { continue }
      last = (file, line)
      let function = rest.drop { $0 != "," }.dropFirst(2)
      details.append("\(path):\(line):\(function.isEmpty ? "" : " \(function)")")
      details.append("    \(text)")
    }
    // An exception in a hard handler has no traceback, as there is no memory for it.
    if traceback.hasPrefix("AssertionError"), let note = bench.notes?.last,
      let (path, text) = source(note.file, note.line, beside: folder)
    {
      last = (note.file, note.line)
      details += ["\(path):\(note.line):", "    \(text)"]
    }
    if let note = bench.notes?.last, let last, note.file == last.file, note.line == last.line,
      details.last != "    assert \(note.text)"
    {
      details.append("    which was: assert \(note.text)")
      if let difference = note.difference { details.append("    differing: \(difference)") }
    }
    return details
  }

  /// A line of a file of the firmware's, and where the host has that.
  private func source(_ file: String, _ line: Int, beside folder: String) -> (path: String, text: String)? {
    for path in [folder + file, Self.above(folder) + file, file] {
      if let text = source(path, line) { return (path, text) }
    }
    return nil
  }

  /// The folder above one, which ends in a slash; nothing for the current folder.
  private static func above(_ folder: String) -> String {
    let parts = folder.split(separator: "/", omittingEmptySubsequences: true)
    guard let last = parts.last, last != "..", last != "." else { return folder + "../" }
    return folder.hasPrefix("/") || parts.count > 1 ? String(folder.dropLast(last.utf8.count + 1)) : ""
  }

  private func source(_ path: String, _ line: Int) -> String? {
    guard line > 0, let bytes = HostFile.read(path) else { return nil }
    let lines = bytes.split(separator: 0x0A, maxSplits: line, omittingEmptySubsequences: false)
    guard line <= lines.count else { return nil }
    return String(decoding: lines[line - 1], as: UTF8.self).trimmed
  }
}

extension String {
  /// Without the blanks in front.
  fileprivate var trimmed: String { String(drop { $0 == " " || $0 == "\t" }) }

  /// Without line ends, and the colon of an exception that has no text.
  fileprivate var withoutEnd: String {
    var text = self[...]
    while let last = text.last, last.isNewline || last == " " || last == ":" { text.removeLast() }
    return String(text)
  }
}
