import Asyncio
import Machine
import MicroPython
import MicroPythonPort
import Timebase

/// Firmware that runs to its end at once, on the calling thread, for tests that look at what it has left. A bench with several
/// boards lets their time go on together instead (`BenchBoard.start`).
extension Bench {
  /// Runs a program in MicroPython to its end.
  /// - Returns: its output.
  /// - Throws: `BenchFailure` with the traceback when an exception ends it, and when it waits for ever.
  @discardableResult
  public func run(python source: String, name: String = "main.py") throws -> String {
    let program = PythonProgram(name: name, source: Array(source.utf8))
    let printed = main.output.count
    switch try run(program, keys: main.keys) {
    case .finished, .exited(0): break
    case .exited(let status): throw BenchFailure("the program exited with \(status)")
    case .deadlocked: throw BenchFailure("the program waits for ever")
    case .failed(let traceback): throw BenchFailure(traceback)
    }
    return String(decoding: main.output[printed...], as: UTF8.self)
  }

  /// Runs firmware in Swift to its end.
  /// - Returns: its result.
  /// - Throws: its error, or that of a run that came to no end (`SchedulerError`).
  @discardableResult
  public func run<Success: Sendable>(
    _ firmware: @escaping @Firmware (Board) async throws -> Success
  ) throws -> Success {
    try takeOver()
    let scheduler = Scheduler(clock: clock)
    scheduler.diagnostics = board.diagnostics
    defer { scheduler.reportUnretrievedErrors() }
    let result = try scheduler.run(lending: board, firmware)
    scheduler.reportAbandonedTasks()
    return result
  }

  /// Runs a program in MicroPython to its end.
  /// - Parameters:
  ///   - keys: what is typed; nil where standard input is read as it is.
  ///   - prepare: called before the program runs.
  package func run(
    _ program: PythonProgram, debugging: Debugging = Debugging(), keys: (any ByteStream)? = nil,
    collectsAlways: Bool = false, prepare: (PythonFirmware) -> Void = { _ in }
  ) throws -> PythonFirmware.End {
    try takeOver()
    let firmware = PythonFirmware(
      board: board, debugging: debugging, keys: keys, collectsAlways: collectsAlways
    ) { [main] in main.print($0) }
    defer { firmware.dismantle() }
    prepare(firmware)
    return firmware.run(program)
  }

  private func takeOver() throws(BenchError) {
    guard boards.count == 1 else {
      throw .unsuitable("firmware of one of several boards cannot run to its end at once: start it")
    }
    main.endFirmware()
  }
}
