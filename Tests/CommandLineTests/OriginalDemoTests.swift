import Foundation
import Testing

/// The upstream repository's own demos, unmodified. They run where a checkout of it is at hand:
/// `MICROPYTHON_ASYNC=path/to/micropython-async/v3 make test`.
@Suite(.enabled(if: originals != nil))
struct OriginalDemoTests {
  /// Examples that have an original among its demos.
  private static let rewritten = Example.all.filter { example in
    let file = originals?.appending(path: "as_demos/\(example.name).py").path
    return file.map { FileManager.default.fileExists(atPath: $0) } ?? false
  }

  @Test(arguments: rewritten)
  func prints(example: Example) throws {
    let result = try run("as_demos/\(example.name).py", example.options)
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors.isEmpty, "\(result.errors)")
    #expect(result.output.contains(example.output), "\(result.output)")
  }

  @Test(arguments: ["rate", "roundrobin"])
  func measures(name: String) throws {
    let result = try run("as_demos/\(name).py", [])
    #expect(result.status == 0, "\(result.errors)")
    #expect(
      result.output.contains(name == "rate" ? "Coros 1000  Iterations/sec" : "Coro executions per sec ="))
  }

  /// The one that is written for a Pico.
  @Test func readsWithTimeouts() throws {
    let result = try run("as_demos/stream_to.py", ["--board", "pico", "--wire", "GP0-GP1"])
    #expect(result.status == 0, "\(result.errors)")
    // It calls `drain` without `await`, and its receiver goes on after a cancellation.
    for finding in ["never-awaited: drain()", "cancellation-swallowed"] {
      #expect(result.errors.contains(finding), "\(result.errors)")
    }
    let timeouts = result.output.split(separator: "\n").filter { $0.hasPrefix("Timeout: ") }
    #expect(timeouts == ["Timeout: b'azy dog!'", "Timeout: b'azy dog!'", "Timeout: b'QUIT'"])
    #expect(result.output.hasSuffix("Demo complete.\n"))
  }

  /// Sawtooth from a DAC, read back over a wire; never ends by itself.
  @Test func measuresASawtooth() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let code = """
      import sys
      sys.path.append(sys.argv[1])
      from primitives.tests.adctest import test
      test()
      """
    try tool.write(code, to: "main.py")
    let folder = try #require(originals).appending(path: "primitives")
    try FileManager.default.copyItem(at: folder, to: tool.folder.appending(path: "primitives"))
    let result = try tool.run("run", "main.py", "--wire", "X1-X5", "--for", "60s", "--", ".")
    #expect(result.status == 0, "\(result.errors)")
    let received = result.output.split(separator: "\n").filter { $0.hasPrefix("Received ") }
      .compactMap { $0.split(separator: " ").last.flatMap { Int($0) } }
    try #require(received.count > 3)
    #expect(received[0] >= 5000)
    #expect(zip(received, received.dropFirst()).allSatisfy { $1 - $0 > 2000 && $1 - $0 < 2200 })
  }

  private func run(_ file: String, _ options: [String]) throws -> CommandLineTool.Result {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let path = try #require(originals).appending(path: file).path
    return try tool.run(["run", path] + options)
  }
}

let originals = ProcessInfo.processInfo.environment["MICROPYTHON_ASYNC"].map { URL(filePath: $0) }
