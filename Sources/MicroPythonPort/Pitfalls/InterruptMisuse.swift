import Asyncio
import Diagnostics
import MicroPython

/// Actions that interrupt handlers must not do, or do too often.
extension PitfallFinder {
  func asyncioUsedInInterrupt(_ name: String) {
    report(
      .asyncioInInterrupt,
      "\(name) was called in an interrupt handler, while the scheduler may be changing its queues",
      advice: "set an asyncio.ThreadSafeFlag there and await it in a task")
  }

  /// Asyncio is used by another thread than that of the event loop.
  func asyncioIsUsedInThread(_ name: String) {
    report(
      .asyncioInThread, at: vm.callSite,
      "\(name) was called in another thread than the one that the event loop runs in",
      advice: "set an asyncio.ThreadSafeFlag there, or use the classes of threadsafe")
  }

  /// A soft handler, or a function that `schedule` runs, makes a task ready while the loop waits.
  func asyncioIsUsedWhileWaiting(_ name: String) {
    report(
      .asyncioInCallback, at: vm.callSite,
      "\(name) was called in a scheduled function while the event loop waits, which sees it only when it comes round: when "
        + "the next task is due that it knows of",
      advice: "set an asyncio.ThreadSafeFlag there, which ends the loop's wait, and await it in a task")
  }

  /// A function is to be called back by the board.
  func callbackIsSet(_ function: Value) {
    guard let code = coroutineCode(function) else { return }
    // Each call drops a coroutine; that need not be reported again.
    callbackCode.insert("\(code.file):\(code.firstLine)")
    report(
      .coroutineCallback,
      "a coroutine function was given as a callback: calling it only makes a coroutine, nothing of it runs",
      advice: "give an ordinary function that sets a ThreadSafeFlag, and await that in a task")
  }

  func isCoroutineFunction(_ value: Value) -> Bool { coroutineCode(value) != nil }

  /// The code of a coroutine function, which may be bound to a receiver.
  private func coroutineCode(_ value: Value) -> CodeHandle? {
    if let method = BoundMethodHandle(value) { return coroutineCode(method.function) }
    guard let function = FunctionHandle(value), function.isCoroutineFunction else { return nil }
    return function.code
  }

  /// A flag is set that nobody has seen since it was set before. If the handler does nothing else, each call
  /// of it is an event of its own; one that also stores something leaves the events there.
  func flagIsSetAgain(_ flag: FlagStream) {
    guard flag.lostAt == nil, flag.isAwaited, board.interrupts.isHandling || vm.isInScheduledCallback,
      vm.isInFunctionOfOneCall
    else { return }
    let place = vm.callSite.place
    flag.lostAt = Diagnostic.Place(file: place?.file, line: place?.line)
  }

  /// By its `wait()`, so that the task sees several events as one, or by firmware that ignores earlier
  /// events: a button's bounces.
  func flagIsCleared(_ flag: FlagStream) {
    guard var place = flag.lostAt.take(), vm.isInFrozenCode else { return }
    place.task = scheduler.current?.name
    scheduler.reportLostEvent(place)
  }
}
