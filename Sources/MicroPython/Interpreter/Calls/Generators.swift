/// Generators and coroutines: making, resuming, yielding, ending.
extension Interpreter {
  /// A generator for a call whose arguments stand at `window`.
  func generator(
    for function: UnsafeMutablePointer<FunctionObject>, _ window: UnsafeMutablePointer<Value>
  ) -> GeneratorHandle {
    let code = function.pointee.code
    let count = code.pointee.registerCount
    let raw = heap.allocate(
      MemoryLayout<GeneratorObject>.size + count * MemoryLayout<Value>.size, kind: .generator,
      type: heap.types.generator.pointer, boardBytes: 28 + count * Heap.boardWord)
    let object = raw.assumingMemoryBound(to: GeneratorObject.self)
    object.initialize(
      to: GeneratorObject(
        header: raw.load(as: ObjectHeader.self), state: .created, registerCount: count, code: code,
        globals: function.pointee.globals, closure: function.pointee.closure,
        resumePoint: UnsafePointer(code.pointee.instructions), result: .none))
    if !code.pointee.flags.isDisjoint(with: [.coroutine, .frozen]) {
      object.pointee.createdAt = callSite
      heap.hasMadeCoroutines = true
    }
    let handle = GeneratorHandle(pointer: object)
    handle.registers.initialize(repeating: .unbound, count: count)
    for index in 0..<code.pointee.parameterCount { handle.registers[index] = window[index] }
    return handle
  }

  /// Makes a generator's frame the running one, with `sent` as the value of its `yield`.
  ///
  /// - Returns: false when it is finished already.
  func resume(
    _ generator: UnsafeMutablePointer<GeneratorObject>, sending sent: Value, kind: Frame.Kind, isEntry: Bool,
    result: UnsafeMutablePointer<Value>
  ) throws(Raised) -> Bool {
    let caller = state.pointee.frame
    switch generator.pointee.state {
    case .finished:
      return false
    case .running: throw error(.valueError, "generator already executing")
    case .created, .suspended: break
    }
    guard caller < state.pointee.lastFrame else {
      // It was awaited, though it could not begin.
      generator.pointee.createdAt = .none
      throw recursionError()
    }
    let registers = GeneratorHandle(pointer: generator).registers
    var resumePoint = generator.pointee.resumePoint
    if let pending = takePendingException(of: generator) {
      resumePoint = try handler(of: pending, in: generator)
    } else if generator.pointee.state == .created {
      state.pointee.sent = sent
    } else if generator.pointee.isDelegating {
      state.pointee.sent = sent
      state.pointee.continuesDelegation = true
    } else {
      registers[resumePoint[-1].a] = sent
    }
    generator.pointee.state = .running
    push(
      Frame(
        code: generator.pointee.code, registers: registers, pc: resumePoint,
        globals: generator.pointee.globals,
        closure: generator.pointee.closure, locals: .unbound, generator: generator, result: result,
        stackTop: caller.pointee.stackTop, extra: .unbound, kind: kind, isEntry: isEntry))
    return true
  }

  /// Returns the handler at which a suspended generator goes on when `exception` is raised in it, the
  /// exception in its register.
  ///
  /// - Throws: the exception, when the generator does not handle it and so is finished.
  private func handler(
    of exception: Value, in generator: UnsafeMutablePointer<GeneratorObject>
  ) throws(Raised) -> UnsafePointer<Instruction> {
    if generator.pointee.isDelegating {
      throw error(.notImplementedError, "pend_throw into a generator that delegates; use throw")
    }
    let code = generator.pointee.code
    let start = UnsafePointer(code.pointee.instructions)
    let index = generator.pointee.resumePoint - start - 1
    let table = code.pointee.details.takeUnretainedValue().compiled.exceptionTable
    guard generator.pointee.state == .suspended,
      let region = table.first(where: { $0.start <= index && index < $0.end })
    else {
      generator.pointee.state = .finished
      throw Raised(exception)
    }
    GeneratorHandle(pointer: generator).registers[region.register] = exception
    return start + region.handler
  }

  /// Suspends the running generator and gives `value` to its resumer, through every generator that delegates
  /// to it.
  ///
  /// - Returns: the value when it was resumed from Swift and `run` has to end; nil when the loop goes on.
  func yield(_ value: Value) -> Value? {
    while true {
      let frame = state.pointee.frame
      // Invariant: only generator frames execute `yieldValue`, `yieldFrom` and `await`.
      let generator = frame.pointee.generator.unsafelyUnwrapped
      generator.pointee.state = .suspended
      generator.pointee.resumePoint = frame.pointee.pc
      generator.pointee.isDelegating = frame.pointee.isParkedAtDelegation
      state.pointee.frame -= 1
      if frame.pointee.isEntry { return value }
      if frame.pointee.kind == .delegate {
        // The delegating generator parks at its `yieldFrom`, where its pc points already.
        state.pointee.frame.pointee.isParkedAtDelegation = true
        continue
      }
      frame.pointee.result.pointee = value
      return nil
    }
  }

  /// Leaves a frame that is not an ordinary call.
  ///
  /// - Returns: the result, for a frame that was entered from Swift.
  func leave(with value: Value) throws(Raised) -> Value {
    let frame = state.pointee.frame
    var result = value
    if frame.pointee.kind == .operation && value == .notImplemented { return try leaveUndecidedOperator() }
    if frame.pointee.kind == .construct {
      if !value.isNone {
        throw error(.typeError, "__init__() should return None, not '\(type(of: value).name)'")
      }
      try finishConstruction(frame.pointee.extra)
      result = frame.pointee.extra
    }
    state.pointee.frame -= 1
    if let generator = frame.pointee.generator {
      generator.pointee.state = .finished
      if frame.pointee.isEntry {
        generator.pointee.result = value
        return .unbound
      }
      let caller = state.pointee.frame
      if frame.pointee.kind == .delegate {
        frame.pointee.result.pointee = value
        caller.pointee.pc += 1
      } else {
        // `forIterator`: exhausted, take its jump.
        caller.pointee.pc += caller.pointee.pc[-1].signedC
      }
      return .none
    }
    frame.pointee.result.pointee = result
    return result
  }

  // MARK: From Swift

  /// The outcome of resuming a generator from Swift.
  package enum GeneratorOutcome {
    case yielded(Value)
    case returned(Value)
  }

  /// Resumes a generator until it yields or ends. No values need to be held meanwhile but the generator itself,
  /// which the frame keeps alive, so collections may run.
  package func resume(_ generator: GeneratorHandle, sending value: Value = .none) throws(Raised)
    -> GeneratorOutcome
  {
    if !generator.isRunning && !generator.isFinished,
      let pending = takePendingException(of: generator.pointer)
    {
      return try resume(generator, throwing: pending)
    }
    let caller = state.pointee.frame
    guard
      try resume(
        generator.pointer, sending: value, kind: .call, isEntry: true, result: caller.pointee.stackTop)
    else { return .returned(takeResult(of: generator)) }
    return try runGenerator(generator)
  }

  private func runGenerator(_ generator: GeneratorHandle) throws(Raised) -> GeneratorOutcome {
    try enterRun()
    defer { state.pointee.nativeDepth -= 1 }
    let value = try run()
    return generator.isFinished ? .returned(takeResult(of: generator)) : .yielded(value)
  }

  func takeResult(of generator: GeneratorHandle) -> Value {
    let result = generator.pointer.pointee.result
    generator.pointer.pointee.result = .none
    return result
  }

  /// Resumes a generator by raising `exception` where it is suspended. That may be anything that firmware gave to
  /// `throw`: a delegate gets it as it is, and it becomes an exception where it is raised.
  package func resume(_ generator: GeneratorHandle, throwing exception: Value) throws(Raised)
    -> GeneratorOutcome
  {
    let object = generator.pointer
    let exception = takePendingException(of: object) ?? exception
    switch object.pointee.state {
    case .finished: throw Raised(exceptionToInject(exception))
    case .running: throw error(.valueError, "generator already executing")
    case .created:
      object.pointee.state = .finished
      var injected = exceptionToInject(exception)
      let details = CodeHandle(pointer: object.pointee.code).details
      // Raised before its first instruction, whose line the board names.
      addTraceback(injected, details, 1)
      if isException(injected, .stopIteration) {
        injected = error(.runtimeError, "generator raised StopIteration").exception
      }
      throw Raised(injected)
    case .suspended: break
    }
    if object.pointee.isDelegating {
      let delegate = generator.registers[object.pointee.resumePoint.pointee.a]
      let mark = hold(exception)
      defer { release(mark) }
      var outcome: AwaitStep?
      do throws(Raised) {
        outcome = try throwIntoDelegate(delegate, exception)
      } catch {
        return try raise(error.exception, in: generator)
      }
      switch outcome {
      case .yielded(let value): return .yielded(value)
      case .parked: return .yielded(.none)
      // A delegate that ends quietly does not keep the one that delegates from ending too.
      case .finished where isGeneratorExit(exception): return try raise(exception, in: generator)
      case .finished(let value):
        generator.registers[object.pointee.resumePoint.pointee.a] = value
        object.pointee.resumePoint += 1
        object.pointee.isDelegating = false
        let caller = state.pointee.frame
        _ = try pushSuspended(generator, result: caller.pointee.stackTop)
        return try runGenerator(generator)
      case nil: return try raise(exception, in: generator)
      }
    }
    return try raise(exception, in: generator)
  }

  /// Gives an exception to what a generator delegates to; nil when that takes none.
  private func throwIntoDelegate(_ delegate: Value, _ exception: Value) throws(Raised) -> AwaitStep? {
    if let inner = GeneratorHandle(delegate) {
      switch try resume(inner, throwing: exception) {
      case .yielded(let value): return .yielded(value)
      case .returned(let value): return .finished(value)
      }
    }
    if let throwInto = type(of: delegate).info.throwInto { return try throwInto(self, delegate, exception) }
    let isClosing = isException(exception, .generatorExit)
    guard delegate.isKind(.instance),
      let method = try findAttribute(delegate, isClosing ? names.closeMethod : names.throwMethod)
    else { return nil }
    return try steppingDelegate { () throws(Raised) in
      if isClosing { return .finished(try call(method)) }
      return .yielded(try call(method, exception))
    }
  }

  /// Whether a thrown value is `GeneratorExit`, as a class or an object.
  private func isGeneratorExit(_ thrown: Value) -> Bool {
    if let type = TypeHandle(thrown) { return type.info.isSubclass(of: exceptionType(.generatorExit)) }
    return isException(thrown, .generatorExit)
  }

  /// A `StopIteration` out of a delegate that is no generator ends it.
  private func steppingDelegate(_ step: () throws(Raised) -> AwaitStep) throws(Raised) -> AwaitStep {
    do throws(Raised) {
      return try step()
    } catch {
      guard isException(error.exception, .stopIteration) else { throw error }
      return .finished(stopIterationValue(error.exception))
    }
  }

  private func pushSuspended(_ generator: GeneratorHandle, result: UnsafeMutablePointer<Value>) throws(Raised)
    -> Bool
  {
    let object = generator.pointer
    guard state.pointee.frame < state.pointee.lastFrame else { throw recursionError() }
    object.pointee.state = .running
    push(
      Frame(
        code: object.pointee.code, registers: generator.registers, pc: object.pointee.resumePoint,
        globals: object.pointee.globals, closure: object.pointee.closure, locals: .unbound, generator: object,
        result: result, stackTop: state.pointee.frame.pointee.stackTop, extra: .unbound, kind: .call,
        isEntry: true))
    return true
  }

  /// Goes on in a suspended generator by raising `exception` at its `yield` or `await`.
  private func raise(_ exception: Value, in generator: GeneratorHandle) throws(Raised) -> GeneratorOutcome {
    let wasDelegating = generator.pointer.pointee.isDelegating
    generator.pointer.pointee.isDelegating = false
    _ = try pushSuspended(generator, result: state.pointee.frame.pointee.stackTop)
    // A pc stands behind the instruction that raises.
    if wasDelegating { state.pointee.frame.pointee.pc += 1 }
    try unwind(exceptionToInject(exception))
    return try runGenerator(generator)
  }

  func stopIterationValue(_ exception: Value) -> Value {
    guard let part = exceptionPart(of: exception), part.arguments.count > 0 else { return .none }
    return part.arguments[0]
  }

  /// One step of an iterator that is not a generator, for `yield from` and `await`.
  func stepDelegate(_ iterator: Value, sending sent: Value) throws(Raised) -> AwaitStep {
    let info = type(of: iterator).info
    if let step = info.step { return try step(self, iterator, sent) }
    return try steppingDelegate { () throws(Raised) in
      if !sent.isNone {
        return .yielded(try call(try getAttribute(iterator, names.sendMethod), sent))
      }
      if iterator.isKind(.instance) && info.next == nil {
        let method = info.lookUp(names.next)
        guard !method.isUnbound else {
          throw error(.typeError, "'\(info.name)' object isn't an iterator")
        }
        return .yielded(try callSpecial(method, on: iterator))
      }
      stopValue = .none
      let value = try nextOrUnbound(iterator)
      return value.isUnbound ? .finished(stopValue) : .yielded(value)
    }
  }
}
