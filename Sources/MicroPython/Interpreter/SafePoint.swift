import Timebase

/// Work between two bytecodes: board time, interrupts, collections, scheduled callbacks.
extension Interpreter {
  /// Called at taken jumps, calls and returns when the time slice is used up or something asked for attention.
  package func safePoint() throws(Raised) {
    // Soft handlers wait for the next jump when an instruction has made the interrupt; see `schedule`.
    isAtInstructionEnd = state.pointee.attention.contains(.interrupt)
    defer { isAtInstructionEnd = false }
    if account.pointee.remaining <= 0 {
      clock.sliceExpired()
      sliceEnds.callEach { $0() }
      if clock.isPoweredOff { throw halt() }
    }
    guard state.pointee.needsAttention else { return }
    if isHalted { throw halt() }
    if state.pointee.attention.contains(.interrupt) {
      state.pointee.attention.remove(.interrupt)
      interruptHook?()
      if isHalted || clock.isPoweredOff { throw halt() }
      guard state.pointee.needsAttention else { return }
    }
    try checkLockedAllocation()
    try turnHook?()
    // A hard interrupt handler is not interrupted, and nothing is collected under it; the rest waits.
    guard heap.lockDepth == 0 else { return try attendWhileLocked() }
    state.pointee.attention.remove(.ordinary)
    if !heap.pending.isDisjoint(with: .anyCollect) { try collectWhenSafe() }
    try attend()
    if interruptRequest == .due && !isRunningScheduled {
      interruptRequest = .none
      throw error(.keyboardInterrupt, arguments: [])
    }
    runScheduled()
  }

  /// Charges the time of a step of a long built-in, and lets it be interrupted: events and hard interrupt handlers
  /// run, Ctrl-C is raised; what allocates waits for the next safe point.
  @inline(__always) package func passTime(_ nanoseconds: Int64) throws(Raised) {
    account.pointee.remaining &-= nanoseconds
    if _slowPath(account.pointee.remaining <= 0) { try endSliceInBuiltIn() }
  }

  /// Lets time pass in which no firmware runs.
  package func pass(_ interval: Interval) {
    account.pointee.remaining &-= interval.nanoseconds
    if account.pointee.remaining <= 0 { clock.sliceExpired() }
  }

  @inline(never) private func endSliceInBuiltIn() throws(Raised) {
    clock.sliceExpired()
    if clock.isPoweredOff { throw halt() }
    // A hard interrupt handler is not interrupted.
    guard heap.lockDepth == 0 else { return try attendWhileLocked() }
    try refuseBoundlessGarbage()
    try attend()
  }

  /// Firmware that has locked the heap itself (`micropython.heap_lock`) is interrupted by Ctrl-C all the
  /// same.
  private func attendWhileLocked() throws(Raised) {
    try refuseBoundlessGarbage()
    if handlerDepth == 0 { try attend() }
  }

  private func attend() throws(Raised) {
    try attention.callEach { (observer) throws(Raised) in try observer.ask() }
  }

  /// Collects garbage in the middle of a built-in whose values are all held, when memory is used up.
  @inline(never) package func collectInBuiltIn() throws(Raised) {
    guard heap.lockDepth == 0, !heap.pending.isDisjoint(with: .anyCollect) else { return }
    try collectWhenSafe()
  }

  /// Raises `MemoryError` when garbage that cannot be collected yet fills more of the host's memory than it may.
  private func refuseBoundlessGarbage() throws(Raised) {
    if heap.hasTooMuchGarbage { throw memoryError("memory allocation failed, heap is full") }
  }

  /// The safe point before an instruction that stores what it may have read before: lets an interrupt that is due by then
  /// come between the two, as on the board. (One that was due before the reading waits for the next safe point: it would
  /// not have come between them.)
  func safePoint(before store: Instruction) throws(Raised) {
    let frame = state.pointee.frame
    // Both are the time from here to the store: without what has been charged, and of what follows the reading.
    let cost = store.nanoseconds
    guard let exposed = timeSinceReading(for: store, in: frame), account.pointee.remaining > cost - exposed
    else { return }
    account.pointee.remaining -= cost
    clock.sliceExpired()
    sliceEnds.callEach { $0() }
    // The next instruction that charges time charges this too; nobody looks at the clock before.
    account.pointee.remaining += cost
    if clock.isPoweredOff { throw halt() }
  }

  /// The time between the instruction that reads what `store`, which is about to be executed, stores, and `store`; `nil` when
  /// nothing reads it on the straight way there.
  private func timeSinceReading(for store: Instruction, in frame: UnsafeMutablePointer<Frame>) -> Int64? {
    let code = frame.pointee.code
    let caches = code.pointee.caches
    var time: Int64 = 0
    var position = frame.pointee.pc - 2
    while position >= UnsafePointer(code.pointee.instructions) {
      let instruction = position.pointee
      switch (store.opcode, instruction.opcode) {
      case (.storeGlobal, .loadGlobal), (.storeGlobal, .loadGlobalForMethod), (.setAttribute, .getAttribute):
        if caches[store.c].name == caches[instruction.c].name { return time }
      case (.storeCell, .loadCell), (.setItem, .getItem), (.setItem, .getItemInt): return time
      default: break
      }
      if instruction.opcode.charges { return nil }
      time += Int64(costs.time(of: instruction.opcode))
      position -= 1
    }
    return nil
  }

  /// Raises `MemoryError` if something was allocated while the heap was locked. Asked at safe points and after a
  /// hard interrupt handler.
  package func checkLockedAllocation() throws(Raised) {
    guard heap.pending.contains(.allocatedWhileLocked) else { return }
    heap.pending.remove(.allocatedWhileLocked)
    throw memoryError("memory allocation failed, heap is locked")
  }

  private func collectWhenSafe() throws(Raised) {
    if isPinned {
      // Swift code holds values; come back when it is done. Memory may be exceeded until then.
      try refuseBoundlessGarbage()
      deferCollection()
      return
    }
    let failedSize = heap.failedSize
    let wasExhausted = heap.pending.contains(.exhausted)
    let remaining = account.pointee.remaining
    let wasDue =
      heap.used + heap.floatBytes > heap.capacity
      || (!heap.collectsAlways && !heap.pending.isDisjoint(with: [.collect, .exhausted]))
    heap.pending.remove(.exhausted)
    let wasForCode = heap.mustCollectCode
    collectGarbage()
    if !wasDue { account.pointee.remaining = remaining }
    // The last allocation is counted by now, unless it is garbage already.
    let isUsedUp =
      heap.usedAfterCollection > heap.capacity || failedSize > heap.capacity
      || (wasForCode && heap.hasTooMuchCode)
    if isUsedUp || (wasExhausted && !heap.isCollectionEnabled) {
      throw memoryError("memory allocation failed, allocating \(max(failedSize, Heap.boardBlock)) bytes")
    }
  }

  /// Lets the heap grow for a while; `unpin` asks again.
  private func deferCollection() {
    deferredCollection = true
    heap.pending = []
    if !heap.collectsAlways { heap.limit = heap.used + heap.floatBytes + heap.capacity / 4 }
  }

  /// Ends the time during which Swift code holds values.
  func unpin() {
    state.pointee.pinDepth -= 1
    if deferredCollection && !isPinned {
      deferredCollection = false
      heap.pending.insert(.collect)
    }
  }

  func memoryError(_ message: String) -> Raised {
    let raised = error(.memoryError, message)
    heap.pending.remove(.allocatedWhileLocked)
    return raised
  }

  /// Frees unreachable objects, at the board's cost. Only at safe points or where the caller holds no values.
  package func collectGarbage() {
    guard !isPinned else {
      deferCollection()
      return
    }
    account.pointee.remaining &-= costs.collection
    heap.collect { visit in
      visitRegisters(of: &state.pointee, visit)
      for thread in parkedThreads { thread.visitValues(visit, self) }
      visit(state.pointee.sent)
      visit(stopValue)
      for value in temporaryRoots { visit(value) }
      for item in constructionArguments {
        visit(item.object)
        visit(item.arguments)
      }
      for item in scheduled {
        visit(item.function)
        visit(item.argument)
      }
      for visitor in rootVisitors { visitor(visit) }
    }
    // A freed object may have been a class, its shapes or names.
    memberCache.forget()
    if heap.pending.isEmpty { return }
    heap.pending = []
  }

  /// Reports coroutines that cannot be reached when the firmware has ended; takes no board time.
  package func collectAtEnd() {
    guard heap.hasMadeCoroutines else { return }
    let remaining = account.pointee.remaining
    collectGarbage()
    account.pointee.remaining = remaining
  }

  /// Whether a callback from the queue of `micropython.schedule` or a soft interrupt handler runs.
  package var isInScheduledCallback: Bool { isRunningScheduled }

  /// Whether Swift code of any thread holds values that the collector does not know.
  private var isPinned: Bool {
    state.pointee.pinDepth > 0 || parkedThreads.contains { $0.machine.pinDepth > 0 }
  }

  /// Shows the collector what the frames of a thread hold.
  func visitRegisters(of machine: inout MachineState, _ visit: (Value) -> Void) {
    var end = machine.stack
    var frame = machine.frames
    while frame <= machine.frame {
      if frame.pointee.stackTop > end { end = frame.pointee.stackTop }
      visit(CodeHandle(pointer: frame.pointee.code).value)
      visit(DictHandle(pointer: frame.pointee.globals).value)
      visit(frame.pointee.closure)
      visit(frame.pointee.locals)
      visit(frame.pointee.extra)
      if let generator = frame.pointee.generator { visit(GeneratorHandle(pointer: generator).value) }
      frame += 1
    }
    var register = machine.stack
    while register < end {
      visit(register.pointee)
      register += 1
    }
    // Nothing above belongs to a frame; stale addresses there must not outlive their objects.
    while register < machine.highWater {
      register.pointee = .unbound
      register += 1
    }
    machine.highWater = end
  }

  // MARK: Scheduled calls

  /// Queues a call for the next safe point outside interrupt handlers (`micropython.schedule`).
  ///
  /// - Parameter isByFirmware: the firmware itself asks, so that the call waits for its next jump, as it does for an interrupt that
  ///   an instruction of the firmware's has made.
  /// - Throws: RuntimeError when the queue, eight entries on the board, is full.
  package func schedule(
    _ function: Value, _ argument: Value, isByFirmware: Bool = false
  ) throws(Raised) {
    guard scheduleIfRoom(function, argument, isByFirmware: isByFirmware) else {
      throw error(.runtimeError, "schedule queue full")
    }
  }

  /// The same for an interrupt, whose call is lost where the queue is full: without an error, which would be made for nothing
  /// as often as interrupts come.
  /// - Returns: whether it is queued.
  @discardableResult
  package func scheduleIfRoom(_ function: Value, _ argument: Value, isByFirmware: Bool = false) -> Bool {
    guard scheduled.count < 8 else { return false }
    scheduled.append((function, argument))
    if isByFirmware || isAtInstructionEnd, heap.lockDepth == 0 {
      attendAtNextJump()
    } else {
      state.pointee.attention.insert(.ordinary)
    }
    return true
  }

  /// Queues `KeyboardInterrupt` as if the interrupt character had come, once however often it is asked for
  /// (`micropython.schedule(micropython.kbd_intr, None)`).
  package func scheduleInterrupt() {
    if interruptRequest == .none { interruptRequest = .scheduled }
    attendAtNextJump()
  }

  /// Ctrl-C during a scheduled callback ends the callback, and then what it had interrupted.
  package func interruptAfterCallback() { interruptRequest = .due }

  /// Calls look at `needsAttention` too, but the board runs scheduled calls only where code jumps or waits.
  private func attendAtNextJump() {
    clock.schedule(at: clock.now) { [weak self] in self?.requestAttention() }
  }

  /// Runs what is queued now; a callback that schedules itself waits for the next jump. An exception in a
  /// callback is printed and ends only the callback, as on the board.
  private func runScheduled() {
    guard !isRunningScheduled else { return }
    if interruptRequest == .scheduled {
      interruptRequest = .due
      state.pointee.attention.insert(.ordinary)
    }
    guard !scheduled.isEmpty else { return }
    isRunningScheduled = true
    defer { isRunningScheduled = false }
    for _ in 0..<scheduled.count {
      let item = scheduled.removeFirst()
      do throws(Raised) {
        _ = try callUnpinned(item.function, arguments: [item.argument])
      } catch {
        printUncaught(error.exception)
      }
      if isHalted {
        // Interrupted code ends as well.
        state.pointee.attention.insert(.ordinary)
        return
      }
    }
    if !scheduled.isEmpty || interruptRequest != .none { attendAtNextJump() }
  }
}

/// A `KeyboardInterrupt` that firmware has scheduled.
enum PendingKeyboardInterrupt {
  case none
  /// In the queue of scheduled calls.
  case scheduled
  /// To be raised outside scheduled calls.
  case due
}

/// An observer that has work at a requested safe point.
///
/// Not a closure by itself: as an argument of a generic type one that throws a typed error crashes the compiler (6.3.1).
package struct AttentionObserver {
  let ask: () throws(Raised) -> Void

  package init(_ ask: @escaping () throws(Raised) -> Void) { self.ask = ask }
}
