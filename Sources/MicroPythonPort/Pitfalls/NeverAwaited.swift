import MicroPython

/// Coroutines that were made and then forgotten: their bodies never run.
extension PitfallFinder {
  func watchCoroutines() {
    observations.append(vm.heap.droppedCoroutines.add { [unowned self] in reportNeverAwaited($0) })
    observations.append(
      asyncio.sleepAwaitable.neverAwaited.add { [unowned self] in reportNeverAwaited("asyncio.sleep", at: $0)
      })
    observations.append(vm.forcedCoroutines.add { [unowned self] in reportForced($0, by: $1) })
  }

  /// Reports the coroutines that nobody has collected yet.
  /// - Parameter isComplete: whether nothing can await any more the coroutines that are still in reach.
  func reportUnstartedCoroutines(isComplete: Bool) {
    if isComplete, asyncio.sleepAwaitable.askedAt != .none {
      reportNeverAwaited("asyncio.sleep", at: asyncio.sleepAwaitable.askedAt)
    }
    vm.collectAtEnd()
    if isComplete { vm.heap.forEachUnstartedCoroutine { reportNeverAwaited($0) } }
  }

  private func reportNeverAwaited(_ coroutine: GeneratorHandle) {
    let name = coroutine.code.name
    // Generator expressions of the image are no coroutines.
    if name.hasPrefix("<") { return }
    // `type(f())` with an empty f is how libraries name the type of coroutines.
    if coroutine.code.isEmptyCoroutine && coroutine.createdAt.isInModule { return }
    if callbackCode.contains("\(coroutine.code.file):\(coroutine.code.firstLine)") { return }
    if let place = coroutine.createdAt.place, explainedLines.contains("\(place.file):\(place.line)") {
      return
    }
    reportNeverAwaited(name, at: coroutine.createdAt)
  }

  private func reportNeverAwaited(_ name: String, at site: CallSite) {
    report(
      .neverAwaited, at: site, "\(name)() was called but never awaited, so nothing of it has run",
      advice: "write await \(name)(…), or asyncio.create_task(\(name)(…)) to run it beside this")
  }

  /// A task was to be made of the coroutine function itself.
  func coroutineFunctionIsTask() {
    report(
      .coroutineNotCalled, "a coroutine function was given where a coroutine is wanted",
      advice: "call it: create_task(function())")
  }

  /// `send`, `throw` or `close` of a coroutine that a task runs.
  private func reportForced(_ coroutine: GeneratorHandle, by method: String) {
    report(
      .coroutineForced,
      "\(method)() was called on the coroutine \(coroutine.code.name), which a task runs and the scheduler has queued",
      advice: "use the task's cancel()")
  }
}
