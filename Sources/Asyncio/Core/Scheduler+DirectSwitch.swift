import Timebase

/// Going from one task's step straight to the next one's, without coming back to `run` in between: for bodies that run in a
/// loop which can go on with other tasks' bodies. The outcome that `resume` returns in the end is that of the last task.
extension Scheduler {
  /// Begins the next task's step if a language port can run it, when the running one's body has put its task somewhere.
  /// - Returns: `resumeToken` of the task whose step has begun; 0 if `run` has something else to do first, so that `resume`
  ///   must return `.suspended`.
  @inline(__always) public func switchTask() -> UInt64 {
    guard let next = nextToSwitchTo(in: .port) else { return 0 }
    switchTask(to: next)
    return next.pointee.resumeToken
  }

  /// The same for the loop of Swift tasks; the task whose step has begun. In host time the run loop looks at the clock
  /// between two steps.
  @inline(__always) func switchFirmwareTask() -> NodePointer? {
    guard !state.pointee.isHost, let next = nextToSwitchTo(in: .firmware) else { return nil }
    switchTask(to: next)
    return next
  }

  /// Puts the running task to sleep while the account knows the time by itself, after so many nanoseconds more of its step, and begins the
  /// next one's step.
  /// - Returns: as `switchTask()`, but 0 with nothing done.
  @inline(__always) func sleepAndSwitch(milliseconds: Int, after cost: Int64) -> UInt64 {
    let account = state.pointee.account
    guard account.pointee.isDirect, account.pointee.remaining > cost, let node = state.pointee.current,
      node == state.pointee.stepping, node.pointee.isUndisturbed
    else { return 0 }
    let end = Instant(nanoseconds: account.pointee.deadline &- account.pointee.remaining &+ cost)
    // The running task comes into the queue behind this one, whenever it is due.
    guard let next = nextToSwitchTo(in: .port, at: end) else { return 0 }
    let now = ticks
    account.pointee.remaining &-= cost
    // The remainder of `push` for a task that runs undisturbed.
    node.pointee.awaited = nil
    state.pointee.queue.insert(node, due: now &+ Int64(max(0, milliseconds)), now: now)
    switchTask(to: next)
    return next.pointee.resumeToken
  }

  @inline(__always) private func nextToSwitchTo(in loop: StepLoop) -> NodePointer? {
    guard let stepped = state.pointee.stepping, !stepped.pointee.wasCancelled else { return nil }
    return nextToSwitchTo(in: loop, at: now)
  }

  /// The task whose step can begin when the running one's ends at `end`; nil if `run` has something else to do first.
  @inline(__always) private func nextToSwitchTo(in loop: StepLoop, at end: Instant) -> NodePointer? {
    let state = self.state
    guard state.pointee.account.pointee.remaining > 0, state.pointee.streamCount == 0,
      !boardExecutor.hasArrivals,
      end.nanoseconds &- state.pointee.stepBegan.nanoseconds < state.pointee.reportableStep,
      let node = state.pointee.queue.firstReady ?? firstTimed(), node.pointee.stepLoop == loop,
      !node.pointee.hasPendingError
    else { return nil }
    return node
  }

  @inline(never) private func firstTimed() -> NodePointer? { state.pointee.queue.firstTimed(dueBy: ticks) }

  @inline(__always) private func switchTask(to node: NodePointer) {
    state.pointee.queue.removeFirst(node)
    beginStep(node)
  }
}
