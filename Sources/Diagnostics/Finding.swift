/// A kind of diagnostic, with the code by which tools, tests and the documentation know it.
///
/// All kinds are listed here; each has its section or line in docs/pitfalls.md, docs/board.md or docs/devices.md.
public enum Finding: String, Sendable, CaseIterable {
  // MARK: Things that never run

  case neverAwaited = "never-awaited"
  case coroutineNotCalled = "coroutine-not-called"
  case coroutineCallback = "coroutine-callback"
  case awaitOutsideCoroutine = "await-outside-coroutine"
  case asyncGenerator = "async-generator"
  case asyncWithMissing = "async-with-missing"

  // MARK: Loops that stand still

  case blockingCall = "blocking-call"
  case loopStarved = "loop-starved"
  case slowStep = "slow-step"
  case slowPoll = "slow-poll"
  case deadlock = "deadlock"
  case taskAway = "task-away"

  // MARK: Cancellation and errors

  case cancellationSwallowed = "cancellation-swallowed"
  case taskDestroyed = "task-destroyed"
  case taskPending = "task-pending"
  case exceptionNeverRetrieved = "exception-never-retrieved"
  case timeoutNotCaught = "timeout-not-caught"
  case coroutineForced = "coroutine-forced"

  // MARK: Shared state

  case lostUpdate = "lost-update"
  case streamShared = "stream-shared"
  case streamWaitLost = "stream-wait-lost"
  case lockNotHeld = "lock-not-held"

  // MARK: The event loop

  case nestedRun = "nested-run"
  case staleLoop = "stale-loop"
  case taskOnOtherLoop = "task-on-other-loop"

  // MARK: Interrupts

  case asyncioInInterrupt = "asyncio-in-interrupt"
  case asyncioInCallback = "asyncio-in-callback"
  case asyncioInThread = "asyncio-in-thread"
  case flagShared = "flag-shared"
  case flagSetTwice = "flag-set-twice"
  case edgeMissed = "edge-missed"
  case handlerFailed = "handler-failed"
  case noInterruptThread = "no-interrupt-thread"

  // MARK: Wires and what is on them

  case netConflict = "net-conflict"
  case netOscillates = "net-oscillates"
  case uartFraming = "uart-framing"
  case uartOverrun = "uart-overrun"
  case uartUnheard = "uart-unheard"
  case lineFull = "line-full"
  case fiveVolts = "five-volts"
  case lightOnInput = "light-on-input"
  case i2cNoPullUp = "i2c-no-pull-up"
  case noDevice = "no-device"
  case deviceBusy = "device-busy"
  case notModelled = "not-modelled"
  case notEmulated = "not-emulated"
  case olderFirmware = "older-firmware"
  case deviceFailed = "device-failed"
  case deviceReport = "device-report"
  case eventsRepeat = "events-repeat"

  // MARK: Real lines and files

  case moduleNotThere = "module-not-there"
  case edgesLost = "edges-lost"
  case noIntensity = "no-intensity"
  case noDebounce = "no-debounce"
  case traceLost = "trace-lost"

  /// Stable, in kebab-case.
  public var code: String { rawValue }

  public var severity: Diagnostic.Severity {
    switch self {
    case .coroutineNotCalled, .awaitOutsideCoroutine, .asyncGenerator, .asyncWithMissing, .deadlock,
      .exceptionNeverRetrieved, .timeoutNotCaught, .streamShared, .lockNotHeld, .nestedRun, .taskOnOtherLoop,
      .asyncioInInterrupt, .asyncioInThread, .flagShared, .handlerFailed, .noInterruptThread, .netConflict,
      .netOscillates, .notEmulated, .deviceFailed, .traceLost:
      .error
    default: .warning
    }
  }
}
