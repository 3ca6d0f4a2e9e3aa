/// How the bytecode loop parks tasks and goes from one to the next.
extension Interpreter {
  /// Executes an `await` that does nothing but park the task. False for all others.
  @inline(__always) func parkAtOnce(_ at: inout LoopPosition, _ instruction: Instruction) -> Bool {
    let awaited = at.registers[instruction.a]
    guard awaited.isKind(.native), !at.state.pointee.continuesDelegation,
      awaited.header.pointee.type.pointee.parksTask, let scheduler = at.state.pointee.coroutineScheduler,
      scheduler._withUnsafeGuaranteedRef({ $0.park() })
    else { return false }
    at.registers[instruction.a] = .none
    return true
  }

  /// Executes an `await` of a task's own coroutine that does nothing but park the task, and goes on to the next one.
  ///
  /// - Returns: whether the loop goes on in that one's coroutine; nil, with nothing done, for all other awaits.
  @inline(__always) func parkAndSwitch(_ at: inout LoopPosition, _ instruction: Instruction) -> Bool? {
    let awaited = at.registers[instruction.a]
    guard at.frame.pointee.kind == .task, awaited.isKind(.native), !at.state.pointee.continuesDelegation,
      awaited.header.pointee.type.pointee.parksTask, let scheduler = at.state.pointee.coroutineScheduler,
      let next = scheduler._withUnsafeGuaranteedRef({ $0.parkAndSwitch() })
    else { return nil }
    at.registers[instruction.a] = .none
    takeOff(&at)
    return enterTask(&at, next)
  }

  /// Executes the call of a built-in that makes a task's own coroutine pause, together with the `await` that follows,
  /// and goes on to the next task. The built-in is in R[A], its arguments from `arguments` on.
  ///
  /// - Returns: whether the loop goes on in that one's coroutine; nil, with nothing done, for all other calls.
  @inline(__always) func callAndSwitch(
    _ at: inout LoopPosition, _ instruction: Instruction, arguments: Int
  ) -> Bool? {
    let result = at.registers + instruction.a
    let function = result.pointee.address(as: NativeFunctionObject.self)
    let unit = function.pointee.pauseUnit
    guard unit != 0, !at.state.pointee.needsAttention, let scheduler = at.state.pointee.coroutineScheduler
    else { return nil }
    let following = at.pc.pointee
    let argument = result[arguments]
    guard following.opcode == .await, following.a == instruction.a, instruction.b == 1, argument.isSmallInt,
      at.frame.pointee.kind == .task
    else { return nil }
    at.state.pointee.account.pointee.remaining =
      at.budget &- instruction.nanoseconds &- cost(of: function)
    let next = scheduler._withUnsafeGuaranteedRef {
      $0.pauseAndSwitch(argument.smallInt, unit: unit, awaitCost: following.nanoseconds)
    }
    guard !next.isUnbound else { return nil }
    at.pc += 1
    result.pointee = .none
    takeOff(&at)
    return enterTask(&at, next)
  }

  /// Takes a task's coroutine that suspends off the stack.
  @inline(__always) private func takeOff(_ at: inout LoopPosition) {
    let generator = at.frame.pointee.generator.unsafelyUnwrapped
    generator.pointee.state = .suspended
    generator.pointee.resumePoint = at.pc
    generator.pointee.isDelegating = at.frame.pointee.isParkedAtDelegation
    at.state.pointee.frame = at.frame - 1
  }

  /// Suspends the running generator and gives the value to its resumer. If that was a task, it gives way to
  /// the next one at once, if that is all there is to do.
  ///
  /// - Returns: false when the loop has to be left with the value.
  @inline(__always) func suspend(_ at: inout LoopPosition, _ value: Value) -> Bool {
    if at.frame.pointee.kind == .task {
      takeOff(&at)
    } else {
      if yield(value) == nil {
        at.reload()
        return true
      }
      at.frame = at.state.pointee.frame + 1
      guard at.frame.pointee.kind == .task else { return false }
    }
    return enterTask(&at, at.state.pointee.nextCoroutine())
  }

  /// Puts the coroutine of the next task, if there is one, into the frame of the one that has suspended, which is off
  /// the stack.
  @inline(__always) private func enterTask(_ at: inout LoopPosition, _ coroutine: Value) -> Bool {
    guard !coroutine.isUnbound else { return false }
    let next = GeneratorHandle(unchecked: coroutine).pointer
    guard next.pointee.state == .suspended, next.pointee.pendingException.isUnbound else {
      at.state.pointee.refusedCoroutine = next
      return false
    }
    let registers = GeneratorHandle(pointer: next).registers
    let resumePoint = next.pointee.resumePoint
    if next.pointee.isDelegating {
      at.state.pointee.continuesDelegation = true
    } else {
      registers[resumePoint[-1].a] = .none
    }
    next.pointee.state = .running
    at.frame.pointee.code = next.pointee.code
    at.frame.pointee.registers = registers
    at.frame.pointee.pc = resumePoint
    at.frame.pointee.globals = next.pointee.globals
    at.frame.pointee.closure = next.pointee.closure
    at.frame.pointee.generator = next
    at.frame.pointee.isParkedAtDelegation = false
    at.takeFrame()
    at.budget = at.state.pointee.account.pointee.remaining
    return true
  }
}
