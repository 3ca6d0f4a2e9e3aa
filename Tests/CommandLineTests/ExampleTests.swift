import Foundation
import Testing

/// The demos print what the upstream repository's print, in both languages, and run the same way every time.
@Suite struct ExampleTests {
  @Test(arguments: Example.all)
  func printsInPython(example: Example) throws {
    let result = try runPython(example.pythonFile, example.options)
    #expect(result.status == 0)
    #expect(result.errors.isEmpty, "\(result.errors)")
    #expect(withoutHints(result.output) == example.output)
  }

  @Test(arguments: Example.all)
  func printsInSwift(example: Example) throws {
    let tool = try CommandLineTool(example.executable)
    defer { tool.cleanUp() }
    let result = try tool.run(example.options)
    #expect(result.status == 0)
    #expect(result.errors.isEmpty, "\(result.errors)")
    #expect(result.output == example.output)
  }

  @Test func roundRobinTakesTurns() throws {
    try checkRoundRobin(runPython("Examples/roundrobin/roundrobin.py", []))
    let tool = try CommandLineTool("RoundRobin")
    defer { tool.cleanUp() }
    try checkRoundRobin(tool.run())
  }

  private func checkRoundRobin(_ result: CommandLineTool.Result) throws {
    #expect(result.status == 0)
    let lines = result.output.split(separator: "\n")
    try #require(lines.count > 100)
    #expect(lines.first == "Testing for 5 seconds")
    let turns = lines.dropFirst().dropLast()
    #expect(turns.enumerated().allSatisfy { $1 == "Foo \($0 % 3 + 1)" })
    let last = try #require(lines.last)
    #expect(last.hasPrefix("Coro executions per sec = "))
    let rate = try #require(Double(last.dropFirst("Coro executions per sec = ".count)))
    #expect(abs(rate - Double(turns.count) / 5) < 1)
  }

  /// As published for a Pyboard V1.1: 195 µs a switch with 100 tasks.
  @Test func rateIsThatOfARealBoard() throws {
    let result = try runPython("Examples/rate/rate.py", [])
    #expect(result.status == 0)
    let lines = result.output.split(separator: "\n")
    #expect(lines.prefix(4) == ["100", "200", "500", "1000"].map { "Testing \($0) coros for 2secs" }[...])
    let durations = lines.dropFirst(4).compactMap { line in
      line.firstMatch(of: /Coros +\d+  Iterations\/sec +\d+  Duration +(\d+)us/).flatMap { Int($0.1) }
    }
    try #require(durations.count == 4)
    #expect((166...224).contains(durations[0]))
  }

  /// As published for a Pyboard V1.1: 5575.6 turns a second without the print.
  @Test func roundRobinIsAsFastAsARealBoard() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let file = CommandLineTool.package.appending(path: "Examples/roundrobin/roundrobin.py")
    let source = String(decoding: try Data(contentsOf: file), as: UTF8.self)
    try tool.write(source.replacing("        print(\"Foo\", n)\n", with: ""), to: "silent.py")
    let lines = try tool.run("run", "silent.py").output.split(separator: "\n")
    try #require(lines.count == 2)
    let rate = try #require(lines[1].split(separator: " ").last.flatMap { Double($0) })
    #expect(abs(rate / 5575.6 - 1) < 0.15)
  }

  @Test func aledflashFlashesAtThreeRates() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let file = CommandLineTool.package.appending(path: "Examples/aledflash/aledflash.py").path
    #expect(try tool.run("run", file, "--trace", "trace.txt").status == 0)
    let trace = try tool.read("trace.txt").split(separator: "\n").map { $0.split(separator: " ") }
    for (led, period) in [("1", 0.2), ("2", 0.7), ("3", 1.2)] {
      let times = trace.filter { $0[1] == "led" && $0[2] == led }.compactMap { Double($0[0]) }
      try #require(times.count == Int(10 / period) - (led == "1" ? 1 : 0), "LED \(led): \(times)")
      for (time, next) in zip(times, times.dropFirst()) { #expect(abs(next - time - period) < 0.002) }
    }
  }

  /// Same arguments, same bytes: of the output and of the trace.
  @Test(arguments: Example.all)
  func repeatsItself(example: Example) throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let file = CommandLineTool.package.appending(path: example.pythonFile).path
    let runs = try ["first", "second"].map { name in
      try tool.run(["run", file, "--trace", "\(name).trace"] + example.options)
    }
    #expect(runs[0].output == runs[1].output)
    #expect(runs[0].errors == runs[1].errors)
    let trace = try tool.read("first.trace")
    #expect(trace.split(separator: "\n").count > 1 || example.name == "gather")
    #expect(trace == (try tool.read("second.trace")))
  }

  private func runPython(_ file: String, _ options: [String]) throws -> CommandLineTool.Result {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    // With VPYBOARD_GC_STRESS=1 in the environment (`make test-gc`), which takes its time.
    let isStressed = ProcessInfo.processInfo.environment["VPYBOARD_GC_STRESS"] == "1"
    return try tool.run(
      ["run", CommandLineTool.package.appending(path: file).path] + options
        + (isStressed ? ["--gc-stress"] : []), limit: isStressed ? 3600 : 60)
  }

  private func withoutHints(_ output: String) -> String {
    let lines = output.split(separator: "\n", omittingEmptySubsequences: false)
    guard let hint = lines.firstIndex(where: { $0.hasSuffix(" to run again.") }) else { return output }
    let end = hint > 0 && lines[hint - 1].isEmpty ? hint - 1 : hint
    return lines[..<end].map { $0 + "\n" }.joined()
  }
}
