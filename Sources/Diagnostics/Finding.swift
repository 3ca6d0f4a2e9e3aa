/// A kind of thing that the emulator tells, with the code by which tools, tests and the documentation know it.
///
/// All kinds are listed here; each has its section or line in docs/pitfalls.md or docs/board.md.
public struct Finding: Sendable, Hashable {
  /// Stable, in kebab-case.
  public let code: String
  public let severity: Diagnostic.Severity

  private init(_ code: String, _ severity: Diagnostic.Severity) {
    self.code = code
    self.severity = severity
  }
}

// MARK: Things that never run

extension Finding {
  public static let neverAwaited = Finding("never-awaited", .warning)
  public static let coroutineNotCalled = Finding("coroutine-not-called", .error)
  public static let coroutineCallback = Finding("coroutine-callback", .warning)
  public static let awaitOutsideCoroutine = Finding("await-outside-coroutine", .error)
  public static let asyncGenerator = Finding("async-generator", .error)
  public static let asyncWithMissing = Finding("async-with-missing", .error)
}

// MARK: Loops that stand still

extension Finding {
  public static let blockingCall = Finding("blocking-call", .warning)
  public static let loopStarved = Finding("loop-starved", .warning)
  public static let slowStep = Finding("slow-step", .warning)
  public static let slowPoll = Finding("slow-poll", .warning)
  public static let deadlock = Finding("deadlock", .error)
  public static let taskAway = Finding("task-away", .warning)
}

// MARK: Cancellation and errors

extension Finding {
  public static let cancellationSwallowed = Finding("cancellation-swallowed", .warning)
  public static let taskDestroyed = Finding("task-destroyed", .warning)
  public static let taskPending = Finding("task-pending", .warning)
  public static let exceptionNeverRetrieved = Finding("exception-never-retrieved", .error)
  public static let timeoutNotCaught = Finding("timeout-not-caught", .error)
  public static let coroutineForced = Finding("coroutine-forced", .warning)
}

// MARK: Shared state

extension Finding {
  public static let lostUpdate = Finding("lost-update", .warning)
  public static let streamShared = Finding("stream-shared", .error)
  public static let streamWaitLost = Finding("stream-wait-lost", .warning)
  public static let lockNotHeld = Finding("lock-not-held", .error)
}

// MARK: The event loop

extension Finding {
  public static let nestedRun = Finding("nested-run", .error)
  public static let staleLoop = Finding("stale-loop", .warning)
  public static let taskOnOtherLoop = Finding("task-on-other-loop", .error)
}

// MARK: Interrupts

extension Finding {
  public static let asyncioInInterrupt = Finding("asyncio-in-interrupt", .error)
  public static let asyncioInCallback = Finding("asyncio-in-callback", .warning)
  public static let asyncioInThread = Finding("asyncio-in-thread", .error)
  public static let flagShared = Finding("flag-shared", .error)
  public static let flagSetTwice = Finding("flag-set-twice", .warning)
  public static let edgeMissed = Finding("edge-missed", .warning)
  public static let handlerFailed = Finding("handler-failed", .error)
  public static let noInterruptThread = Finding("no-interrupt-thread", .error)
}

// MARK: Wires and what is on them

extension Finding {
  public static let netConflict = Finding("net-conflict", .error)
  public static let uartFraming = Finding("uart-framing", .warning)
  public static let uartOverrun = Finding("uart-overrun", .warning)
  public static let i2cNoPullUp = Finding("i2c-no-pull-up", .warning)
  public static let deviceBusy = Finding("device-busy", .warning)
  public static let notModelled = Finding("not-modelled", .warning)
  public static let notEmulated = Finding("not-emulated", .error)
  public static let deviceFailed = Finding("device-failed", .error)
  public static let deviceReport = Finding("device-report", .warning)
}

// MARK: Real lines and files

extension Finding {
  public static let edgesLost = Finding("edges-lost", .warning)
  public static let noIntensity = Finding("no-intensity", .warning)
  public static let noDebounce = Finding("no-debounce", .warning)
  public static let traceLost = Finding("trace-lost", .error)
}

extension Finding {
  /// Every kind.
  public static let all: [Finding] = [
    neverAwaited, coroutineNotCalled, coroutineCallback, awaitOutsideCoroutine, asyncGenerator,
    asyncWithMissing,
    blockingCall, loopStarved, slowStep, slowPoll, deadlock, taskAway,
    cancellationSwallowed, taskDestroyed, taskPending, exceptionNeverRetrieved, timeoutNotCaught,
    coroutineForced,
    lostUpdate, streamShared, streamWaitLost, lockNotHeld,
    nestedRun, staleLoop, taskOnOtherLoop,
    asyncioInInterrupt, asyncioInCallback, asyncioInThread, flagShared, flagSetTwice, edgeMissed,
    handlerFailed,
    noInterruptThread,
    netConflict, uartFraming, uartOverrun, i2cNoPullUp, deviceBusy, notModelled, notEmulated,
    deviceFailed, deviceReport,
    edgesLost, noIntensity, noDebounce, traceLost,
  ]
}
