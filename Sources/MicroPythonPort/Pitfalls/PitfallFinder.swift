import Asyncio
import Diagnostics
import Machine
import MicroPython
import Timebase

/// Finds the mistakes that asynchronous firmware makes, and reports them (docs/pitfalls.md). Each kind of
/// mistake has its file beside this one.
final class PitfallFinder {
  unowned let asyncio: AsyncioRuntime
  let debugging: Debugging
  var vm: Interpreter { asyncio.vm }
  var scheduler: Scheduler { asyncio.scheduler }
  var board: Board { asyncio.board }
  /// Names the thread of the firmware that runs.
  var currentThread: () -> ObjectIdentifier? = { nil }
  /// Kept while it watches.
  private var lostUpdates: LostUpdateFinder?
  var runs: RunHistory {
    get { asyncio.runs }
    set { asyncio.runs = newValue }
  }
  /// Lines, as `FILE:LINE`, whose error was explained: coroutines that they have dropped need not be reported
  /// too.
  var explainedLines: Set<String> = []
  /// Coroutine functions that were given as callbacks, by file and line.
  var callbackCode: Set<String> = []
  var observations: [Observation] = []
  /// The task that wrote to each stream last.
  var writers: [Value: PythonTask] = [:]

  init(_ asyncio: AsyncioRuntime, debugging: Debugging) {
    self.asyncio = asyncio
    self.debugging = debugging
    guard board.diagnostics.mode != .off else { return }
    watchSteps()
    watchCoroutines()
    if debugging.isOn { lostUpdates = LostUpdateFinder(self) }
  }

  private func watchSteps() {
    scheduler.watchSteps(StepWatch.Limits(slowStep: debugging.slowStep))
    guard let stepWatch = scheduler.stepWatch else { return }
    observations += [
      stepWatch.isElsewhere.add { [unowned self] in board.interrupts.isHandling || !isOnLoopThread },
      // Writes to slow lines through a StreamWriter, which take as long on the board.
      stepWatch.isExcused.add { [unowned self] in vm.isInFrozenCode && !debugging.isOn },
      stepWatch.callName.add { [unowned self] in vm.callSite.calledName },
      vm.sliceEnds.add { [unowned stepWatch] in stepWatch.look() },
    ]
    stepWatch.coroutinePlace = { [unowned self] in
      guard let (coroutine, helper) = vm.coroutinePlace else { return nil }
      return (
        Diagnostic.Place(file: coroutine.file, line: coroutine.line, task: scheduler.current?.name), helper
      )
    }
  }

  /// The program has ended, in any way.
  /// - Parameter isComplete: whether it came to its own end, so that nothing further will happen.
  func programEnded(isComplete: Bool) {
    guard board.diagnostics.mode != .off else { return }
    reportUnretrievedAtEnd()
    if isComplete {
      reportAbandonedTasks()
      if debugging.isOn { reportPendingTasks() }
    }
    reportUnstartedCoroutines(isComplete: isComplete)
  }

  // MARK: Reporting

  /// Reports a finding, once for each place.
  /// - Parameter site: reported place; the line that runs now if it is not given.
  func report(
    _ finding: Finding, at site: CallSite? = nil,
    task: String? = nil,
    _ message: String, advice: String
  ) {
    let place = (site ?? vm.callSite).place
    report(
      finding,
      in: Diagnostic.Place(
        file: place?.file, line: place?.line, task: task ?? (site == nil ? scheduler.current?.name : nil)),
      message, advice: advice)
  }

  /// Reports what Swift firmware may do as well.
  func report(_ hint: TaskHint, at site: CallSite? = nil, task: String? = nil) {
    report(hint.finding, at: site, task: task, hint.message, advice: hint.advice)
  }

  func report(
    _ finding: Finding, in place: Diagnostic.Place,
    _ message: String,
    advice: String
  ) {
    board.diagnostics.reportOnce(
      Diagnostic(finding, place: place, message: message, advice: advice))
  }

  /// An exception's type and text on one line.
  func text(of exception: Value) -> String {
    let lines = String(decoding: vm.tracebackText(of: exception), as: UTF8.self).split(separator: "\n")
    let text = lines.last ?? "an exception"
    return String(text.hasSuffix(": ") ? text.dropLast(2) : text)
  }
}
