import Foundation
import Testing

/// The upstream repository's own demos, unmodified. They run where a checkout of it is at hand:
/// `MICROPYTHON_ASYNC=path/to/micropython-async/v3 make test`.
@Suite(.enabled(if: originals != nil))
struct OriginalDemoTests {
  @Test(arguments: Example.all.filter { !["timer_flag", "pin_edge"].contains($0.folder) })
  func prints(example: Example) throws {
    let result = try run("as_demos/\(example.folder).py", example.options)
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

  private func run(_ file: String, _ options: [String]) throws -> CommandLineTool.Result {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let path = try #require(originals).appending(path: file).path
    return try tool.run(["run", path] + options)
  }
}

private let originals = ProcessInfo.processInfo.environment["MICROPYTHON_ASYNC"].map { URL(filePath: $0) }
