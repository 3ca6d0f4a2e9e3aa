import Foundation
import Testing

/// Code in an interrupt handler that reaches task state must not compile. Each snippet is checked by the compiler that
/// built these tests, against the module that they use.
@Suite struct InterruptIsolationTests {
  /// What a task has that sets a handler up.
  private static let setup = [
    "let (flag, message, threadSafeEvent) = (ThreadSafeFlag(), Message<Int>(), ThreadSafeEvent())",
    "let threadSafeQueue = ThreadSafeQueue<Int>(size: 4)",
    "let (event, lock, semaphore, condition) = (Event(), Lock(), Semaphore(), Condition())",
    "let (queue, ring) = (Queue<Int>(), RingbufQueue<Int>(size: 4))",
    "let (barrier, delay) = (Barrier(2), RetriggerableDelay())",
    "let (counter, driver) = (Counter(), Driver())",
    "let task = createTask { try await sleepMs(1) }",
    "let handle = try EventLoop.get().handle",
  ].joined(separator: "; ")

  /// - Parameter handlers: each becomes a handler of its own, on a line of its own, from line 1 on.
  private static func errors(inHandlers handlers: [String]) throws -> String {
    let lines = handlers.enumerated().map { index, handler in
      "@Firmware func firmware\(index)() throws { \(setup); onEdge { \(handler) } }"
    }
    return try errors(
      in: lines.joined(separator: "\n") + """

        import Asyncio
        import Timebase

        func onEdge(_ handler: @escaping @Sendable () -> Void) {}

        final class Counter { var value = 0 }
        @Firmware var total = 0
        @Firmware final class Driver { var state = 0 }
        """)
  }

  /// What the compiler has to say of a file.
  private static func errors(in source: String) throws -> String {
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
      "swiftc", "-typecheck", "-suppress-warnings", "-parse-as-library", "-swift-version", "6", "-I",
      modules.path(), file.path(),
    ]
    let pipe = Pipe()
    compiler.standardError = pipe
    try compiler.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    compiler.waitUntilExit()
    return String(decoding: output, as: UTF8.self)
  }

  @Test func aHandlerMayUseWhatIsThreadSafe() throws {
    let errors = try Self.errors(inHandlers: [
      "flag.set()", "flag.clear()", "message.set(1)", "threadSafeEvent.set()",
      "try? threadSafeQueue.putSync(1)", "delay.trigger(at: .powerOn)",
      "handle.callSoonThreadsafe { total += 1 }",
    ])
    #expect(errors == "")
  }

  @Test func aHandlerMustNotTouchTasks() throws {
    let handlers = [
      "event.set()", "event.clear()", "createTask { }", "try? lock.release()",
      "try? task.cancel()",
      "total += 1", "counter.value += 1", "driver.state = 1", "try? newEventLoop()",
      "semaphore.release()", "try? condition.notify()", "try? queue.putNowait(1)",
      "try? ring.putNowait(1)", "try? barrier.trigger()", "try? delay.trigger()",
      "try? broker.publish(Topic<Int>(\"x\"), 1)", "handle.callSoonThreadsafe { counter.value += 1 }",
    ]
    let errors = try Self.errors(inHandlers: handlers)
    for (index, handler) in handlers.enumerated() {
      let found = errors.split(separator: "\n").filter { $0.contains("handler.swift:\(index + 1):") }
      #expect(
        found.contains { $0.contains("error:") && ($0.contains("isolated") || $0.contains("Sendable")) },
        "\(handler): \(found)")
    }
  }

  @Test(arguments: [
    // A run would hold a thread of Swift's pool.
    ("func f() async throws { try Scheduler(clock: Clock(mode: .virtual)).run {} }", "onThreadOfItsOwn"),
    // Another thread would share what a task
    (
      "final class C { var n = 0 }; @Firmware func f() async throws { let c = C(); try await runInExecutor { c.n += 1 } }",
      "Sendable"
    ),
    // A function where a coroutine's result is wanted.
    ("@Firmware func f(_ q: Queue<Int>) -> Int { q.get() }", "async"),
    ("@Firmware func f(_ b: Broker, _ t: Topic<Int>) throws { try b.publish(t, \"text\") }", "String"),
    ("func f(_ e: Event) { e.set() }", "isolated"),
  ])
  func mistakesThatDoNotCompile(function: String, reason: String) throws {
    let errors = try Self.errors(in: "import Asyncio\nimport Timebase\n\(function)\n")
    #expect(errors.contains("error:"))
    #expect(errors.contains(reason), "\(errors)")
  }
}
