import Asyncio
import Machine
import MicroPython
import MicroPythonPort
import Timebase

/// The state of a board's firmware.
public enum FirmwareState: Sendable, Hashable, CustomStringConvertible {
  /// There is none, or it has been ended.
  case none
  case running
  /// It has come to its end; its timers and handlers go on.
  case finished
  /// The exception or error that ended it.
  case failed(String)

  public var description: String {
    switch self {
    case .none: "off"
    case .running: "running"
    case .finished: "finished"
    case .failed(let reason): reason
    }
  }
}

/// Firmware on a board of the bench; it begins to run when board time next goes on.
extension BenchBoard {
  /// Runs a program in MicroPython.
  public func start(python source: String, name: String = "main.py") {
    start(PythonProgram(name: name, source: Array(source.utf8)))
  }

  /// Runs a file in MicroPython, or the `main.py` of a folder, which stands for the board's flash.
  /// - Throws: `PythonProgramError` when it cannot be read.
  public func start(file path: String) throws { start(try PythonProgram(path: path)) }

  /// Runs a program in MicroPython.
  package func start(_ program: PythonProgram) {
    run { [unowned self] in
      let python = PythonFirmware(board: board, keys: keys) { [unowned self] in print($0) }
      // Its timers and handlers go on when the program has ended.
      self.python = python
      let addition = BenchedFirmware(self)
      python.additions = [addition]
      switch python.run(program, afterwards: .goOn { [unowned self] _ in state = .finished }) {
      case .finished: state = .finished
      case .exited(let status): state = status == 0 ? .finished : .failed("exited with \(status)")
      case .deadlocked: state = .failed("waits for ever")
      case .failed(let traceback):
        print(Array(traceback.utf8))
        state = .failed(traceback.split(separator: "\n").last.map(String.init) ?? "failed")
      }
    }
  }

  /// Runs firmware in Swift.
  public func start(_ main: @escaping @Firmware (Board) async throws -> Void) {
    run { [unowned self] in
      let scheduler = Scheduler(clock: clock)
      scheduler.diagnostics = board.diagnostics
      self.scheduler = scheduler
      do {
        // The thread that steps the firmware has the board while the firmware stands.
        try scheduler.run(lending: board, main)
        state = .finished
      } catch { state = .failed("\(error)") }
    }
  }

  private func run(_ firmware: @escaping () -> Void) {
    endFirmware()
    state = .running
    self.firmware = SteppedFirmware(
      clock: clock, name: name.isEmpty ? "firmware" : String(name.prefix(15)), firmware)
  }

  /// The system has no thread for it.
  func failed(_ reason: String) { state = .failed(reason) }

  /// Takes the firmware's power away.
  public func endFirmware() {
    guard let firmware else { return }
    firmware.end()
    self.firmware = nil
    python?.dismantle()
    python = nil
    if state == .running { state = .none }
  }

  /// The names of the tasks that run, are due, sleep or wait.
  public var tasksLeft: [String] {
    var names: [String] = []
    scheduler?.forEachLiveTask { if !$0.isDone { names.append($0.name.isEmpty ? "task" : $0.name) } }
    return names.sorted()
  }
}

/// Makes firmware stand still as soon as it can, and lets its board see its tasks.
private final class BenchedFirmware: FirmwareAddition {
  private unowned let board: BenchBoard

  init(_ board: BenchBoard) { self.board = board }

  func add(to parts: FirmwareParts) {
    parts.vm.stopsAfterBuiltIns = true
    parts.vm.compiledCode = board.compiledCode
    board.scheduler = parts.scheduler
  }
}
