import Asyncio
import Diagnostics
import Machine
import MicroPython
import Timebase

/// MicroPython on a board: booted, run and reset as often as it takes. Each boot has an interpreter of its own.
///
/// It belongs to the board's thread.
public final class PythonFirmware {
  /// How a program ended.
  public enum End: Sendable, Equatable {
    /// It came to its end, or the board was switched off.
    case finished
    /// `sys.exit` with this status.
    case exited(Int32)
    /// An exception that nobody caught; its traceback as MicroPython prints it.
    case failed(traceback: String)
    /// Every task waited for something that can never happen.
    case deadlocked
  }

  /// The costs of a board file that the interpreter looks up.
  public static let costNames = BoardDescription.InterpreterCosts(
    general: CostTable.names, instructions: { CostTable.instructionNames })

  /// Additions to the interpreter of each boot before the program runs.
  package var additions: [any FirmwareAddition] = []

  let board: Board
  let console: FirmwareConsole
  let resets: ResetControl
  /// The interpreter since the last reset.
  private(set) var runtime: PythonRuntime
  /// When it began to run last.
  private var booted: Instant
  private let debugging: Debugging
  private let collectsAlways: Bool

  /// Firmware that a shell runs: its output goes there as it is.
  /// - Parameters:
  ///   - debugging: which checks are made beside those that cost nothing.
  ///   - keys: typed bytes, key by key and not echoed; nil where standard input is read as it is.
  ///   - collectsAlways: whether garbage is collected at every allocation, to find faults of the emulator's own.
  ///   - output: takes what the firmware prints.
  public convenience init(
    board: Board, debugging: Debugging = Debugging(), keys: (any ByteStream)? = nil,
    collectsAlways: Bool = false, output: @escaping ([UInt8]) -> Void
  ) {
    self.init(
      board: board, debugging: debugging, console: .shell(keys: keys, output: output),
      collectsAlways: collectsAlways)
  }

  /// Firmware that talks to its board's serial console.
  public convenience init(board: Board, debugging: Debugging = Debugging(), console: BoardConsole) {
    self.init(board: board, debugging: debugging, console: .serial(console), collectsAlways: false)
  }

  private init(board: Board, debugging: Debugging, console: FirmwareConsole, collectsAlways: Bool) {
    self.collectsAlways = collectsAlways
    self.board = board
    self.debugging = debugging
    self.console = console
    booted = board.clock.now
    resets = ResetControl(clock: board.clock, port: board.description.identity.port)
    runtime = PythonRuntime(
      board: board, debugging: debugging, console: console, resets: resets, collectsAlways: collectsAlways)
  }

  deinit { runtime.detach() }

  /// Takes the interpreter apart, which refers to its board and to itself: for callers that make many boards.
  /// Neither the firmware nor its board can run any more.
  package func dismantle() {
    runtime.detach()
    runtime.vm.dismantle()
  }

  /// The board's state without running firmware: it sleeps for ever, or is in the bootloader.
  package var rest: Sequel? { resets.rest?.sequel }

  /// Whether the firmware has sent the board into deep sleep, which ends with a reset.
  package var isInDeepSleep: Bool { resets.pending == .deepSleep }

  /// Ctrl-C: raises `KeyboardInterrupt` where the firmware is. To be called on the board's thread, from inside its
  /// clock.
  public func interrupt() { runtime.interrupt() }

  /// Puts the program's SD card into the board's socket.
  func insertCard(_ program: PythonProgram) {
    if let card = program.card { board.sdCardSlot?.insert(card.storage) }
  }

  /// Resets the board and makes a new interpreter.
  /// - Returns: false when the board stays asleep.
  func boot(after cause: ResetCause) -> Bool {
    runtime.detach()
    runtime.vm.dismantle()
    board.reset(cause.kind)
    var cause = cause
    if cause == .deepSleep {
      guard let end = standBy() else { return false }
      cause = end
    }
    resets.begin(cause)
    runtime = PythonRuntime(
      board: board, debugging: debugging, console: console, resets: resets, collectsAlways: collectsAlways)
    let soonest = booted + Self.shortestLife
    if board.clock.now < soonest { runtime.vm.pass(soonest - board.clock.now) }
    booted = board.clock.now
    return !board.clock.isPoweredOff
  }

  /// The least time from one boot to the next: firmware that resets its board at once would otherwise do so
  /// for ever in next to no time. A board's boot time is not modelled beyond that.
  private static let shortestLife = Interval.milliseconds(5)

  /// Standby mode (RM0090, 5.3.5): only the real-time clock and the independent watchdog go on, and end it with a reset.
  /// - Returns: the reset that has ended it; nil when none does.
  private func standBy() -> ResetCause? {
    resets.windowWatchdog.stop()
    let (clock, timer) = (board.clock, board.realTimeClock.wakeUpTimer)
    let end = timer.nextWakeUp
    while resets.pending == .deepSleep, end.map({ clock.now < $0 }) ?? true {
      guard end != nil || resets.watchdog.timeout != nil else {
        resets.rest(.sleepsForEver)
        return nil
      }
      _ = clock.idle(until: end)
      if clock.isPoweredOff { return nil }
    }
    return resets.pending
  }
}
