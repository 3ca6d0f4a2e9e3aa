import Machine
import Timebase

/// Why the board began to run.
enum ResetCause: Int, Sendable {
  /// The numbers are those of `machine.reset_cause()` (ports/stm32/modmachine.c).
  case soft = 0
  case powerOn = 1
  case hard = 2
  case watchdog = 3
  case deepSleep = 4

  var kind: ResetKind { self == .soft ? .soft : .hard }
}

/// Resets, and what outlives them. It is there for as long as the board has power.
final class ResetControl {
  /// Why the board began to run last.
  private(set) var cause = ResetCause.powerOn
  /// The reset that is under way, until the board has begun anew.
  private(set) var pending: ResetCause?
  /// The board's final state, when no firmware runs any more.
  private(set) var rest: Rest?
  /// Whether firmware has asked why the board began to run, as only firmware does that expects to be started again.
  var isCauseAskedFor = false
  /// Whether the prompt reports the time of each input and the memory (`pyb.repl_info`).
  var showsReplInformation = false
  /// Flash that `pyb.Flash` reads and writes where the board's files are a folder of the host.
  private(set) lazy var spareFlash = FlashImage()
  /// Room on the board's flash and on its card where they are folders of the host.
  private var flashSpace: FlashSpace?
  private var cardSpace: FlashSpace?
  /// Set by `machine.soft_reset()`: the `SystemExit` that it raises begins anew, where another one ends a run.
  var isSoftResetRaised = false
  /// The file that `pyb.main` named; a reset forgets it.
  var mainFile: String?
  /// Ends what the firmware does, at its next bytecode.
  var halt: (() -> Void)?
  /// Soft resets do not stop them.
  let watchdog: Watchdog
  let windowWatchdog: Watchdog

  let backup: BackupMemory

  init(clock: Clock, port: BoardDescription.Port) {
    backup = BackupMemory(port.machinePort)
    watchdog = Watchdog(clock: clock)
    windowWatchdog = Watchdog(clock: clock)
    for watchdog in [watchdog, windowWatchdog] {
      watchdog.expired = { [unowned self] in request(.watchdog) }
    }
  }

  /// The room in the folder of the host that is the board's flash.
  /// - Parameter size: bytes, the same at each boot.
  func flashSpace(size: Int) -> FlashSpace { Self.space(&flashSpace, size: size) }

  /// The room in the folder of the host that is the board's card.
  func cardSpace(size: Int) -> FlashSpace { Self.space(&cardSpace, size: size) }

  private static func space(_ kept: inout FlashSpace?, size: Int) -> FlashSpace {
    let space = kept ?? FlashSpace(size: size)
    kept = space
    space.closeAll()
    return space
  }

  var hasWatchdog: Bool { watchdog.timeout != nil || windowWatchdog.timeout != nil }

  /// Resets the board: running code ends at once, without exceptions. The first request counts; only the
  /// watchdog interrupts a deep sleep.
  func request(_ cause: ResetCause) {
    guard pending == nil || (pending == .deepSleep && cause == .watchdog) else { return }
    pending = cause
    halt?()
  }

  /// A board's states without running firmware, until its power goes.
  enum Rest: Sendable {
    case bootloader
    case sleepsForEver
  }

  /// Ends what runs for good.
  func rest(_ rest: Rest) {
    self.rest = rest
    halt?()
  }

  /// The board begins anew.
  func begin(_ cause: ResetCause) {
    if cause != .soft {
      watchdog.stop()
      windowWatchdog.stop()
    }
    self.cause = cause
    pending = nil
    isSoftResetRaised = false
    mainFile = nil
    halt = nil
  }
}
