import Foundation
import Testing

/// Code in an interrupt handler that reaches task state must not compile. Each snippet is checked by the compiler that
/// built these tests, against the module that they use.
@Suite struct InterruptIsolationTests {
  private static func errors(inHandler handler: String) throws -> String {
    let source = """
      import Asyncio

      func onEdge(_ handler: @escaping @Sendable () -> Void) {}

      final class Counter { var value = 0 }
      @Firmware var total = 0
      @Firmware final class Driver { var state = 0 }

      @Firmware func firmware() async throws {
        let flag = ThreadSafeFlag()
        let event = Event()
        let lock = Lock()
        let counter = Counter()
        let driver = Driver()
        let task = createTask { try await sleepMs(1) }
        onEdge { \(handler) }
        try await flag.wait()
        _ = (event, lock, counter, driver, task)
      }
      """
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "isolation-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "handler.swift")
    try source.write(to: file, atomically: true, encoding: .utf8)

    let modules = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
      .appending(path: "Modules")
    let compiler = Process()
    compiler.executableURL = URL(filePath: "/usr/bin/env")
    compiler.arguments = [
      "swiftc", "-typecheck", "-parse-as-library", "-swift-version", "6", "-I", modules.path(), file.path(),
    ]
    let pipe = Pipe()
    compiler.standardError = pipe
    try compiler.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    compiler.waitUntilExit()
    return String(decoding: output, as: UTF8.self)
  }

  @Test(arguments: ["flag.set()", "flag.clear()"])
  func aHandlerMaySetAFlag(handler: String) throws {
    let errors = try Self.errors(inHandler: handler)
    #expect(errors == "")
  }

  @Test(arguments: [
    "event.set()", "event.clear()", "createTask { }", "try? lock.release()", "try? task.cancel()",
    "total += 1", "counter.value += 1", "driver.state = 1", "try? newEventLoop()",
  ])
  func aHandlerMustNotTouchTasks(handler: String) throws {
    let errors = try Self.errors(inHandler: handler)
    #expect(errors.contains("error:"))
    #expect(errors.contains("isolated") || errors.contains("Sendable"))
  }
}
