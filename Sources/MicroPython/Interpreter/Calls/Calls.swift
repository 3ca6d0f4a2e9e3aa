/// Calling anything: `enter` for the bytecode loop, `call` for Swift.
extension Interpreter {
  /// Starts a call of `callee` with the arguments at `base`. A Python function's frame is pushed and runs next;
  /// everything else is done at once and its result stored.
  ///
  /// - Parameters:
  ///   - base: positional arguments, then keyword values; `base[-1]` may be overwritten.
  ///   - count: number of positional arguments.
  func enter(
    _ callee: Value, _ base: UnsafeMutablePointer<Value>, _ count: Int, _ keywords: TupleHandle?,
    result: UnsafeMutablePointer<Value>
  ) throws(Raised) {
    guard callee.isObject else { throw notCallable(callee) }
    noteEndOfSlice()
    switch callee.header.pointee.kind {
    case .function:
      try enter(
        function: callee.address(as: FunctionObject.self), base, count, keywords, kind: .call,
        extra: .unbound,
        result: result)
    case .nativeFunction:
      result.pointee = try callNative(
        callee.address(as: NativeFunctionObject.self),
        Arguments(base: base, count: count, keywordNames: keywords))
    case .boundMethod:
      let method = callee.address(as: BoundMethodObject.self).pointee
      base[-1] = method.receiver
      try enter(method.function, base - 1, count + 1, keywords, result: result)
    case .type:
      let type = TypeHandle(unchecked: callee)
      if type.pointer.pointee.initializerVersion == heap.typeVersion,
        type.pointer.pointee.initializer.isKind(.function)
      {
        // The class made way for its new instance, the receiver.
        let object = heap.instance(of: type).value
        base[-1] = object
        return try enter(
          function: type.pointer.pointee.initializer.address(as: FunctionObject.self), base - 1, count + 1,
          keywords, kind: .construct, extra: object, result: result)
      }
      try construct(
        TypeHandle(unchecked: callee), Arguments(base: base, count: count, keywordNames: keywords),
        result: result)
    default:
      let type = type(of: callee)
      if let call = type.info.call {
        result.pointee = try call(
          self, native(of: callee), Arguments(base: base, count: count, keywordNames: keywords))
        return
      }
      let method = classMember(names.call, of: type)
      guard !method.isUnbound else { throw notCallable(callee) }
      base[-1] = callee
      try enter(method, base - 1, count + 1, keywords, result: result)
    }
  }

  /// The call `f(*positional, **keywords)`.
  func enterSpread(
    _ callee: Value, _ positional: Value, _ keywords: Value, result: UnsafeMutablePointer<Value>
  ) throws(Raised) {
    let items = try collect(positional)
    let entries = DictHandle(keywords)?.entries ?? []
    // Laid out above every live register; the frame's own `stackTop` is raised meanwhile so that a built-in that
    // calls back does not overwrite its arguments.
    let base = state.pointee.frame.pointee.stackTop + 1
    guard base + items.count + entries.count + 1 < state.pointee.stackEnd else { throw recursionError() }
    for (index, item) in items.enumerated() { base[index] = item }
    for (index, entry) in entries.enumerated() { base[items.count + index] = entry.value }
    var names: TupleHandle?
    if !entries.isEmpty {
      let tuple = heap.tuple(count: entries.count)
      for (index, entry) in entries.enumerated() {
        guard let name = StringHandle(entry.key) else { throw notText(entry.key) }
        tuple[index] = name.isInterned ? entry.key : try self.name(name.bytes)
      }
      names = tuple
    }
    let frame = state.pointee.frame
    let oldTop = frame.pointee.stackTop
    frame.pointee.stackTop = base + items.count + entries.count
    noteHighWater(frame.pointee.stackTop)
    base[-1] = names?.value ?? .unbound
    // The frame that is being entered may run on; its own `stackTop` stands above the arguments.
    defer { frame.pointee.stackTop = oldTop }
    try enter(callee, base, items.count, names, result: result)
  }

  // MARK: From Swift

  /// Calls `callee` and waits for its result.
  package func call(_ callee: Value, _ arguments: Value...) throws(Raised) -> Value {
    try call(callee, arguments: arguments)
  }

  /// Calls `callee` and waits for its result. A collection that falls due meanwhile waits until the call is over,
  /// because the caller may hold values that the heap does not know.
  package func call(
    _ callee: Value, arguments: [Value], keywords: [(name: Value, value: Value)] = []
  ) throws(Raised) -> Value {
    state.pointee.pinDepth += 1
    defer { unpin() }
    return try callUnpinned(callee, arguments: arguments, keywords: keywords)
  }

  /// As `call`, with `count` arguments that `fill` puts where the callee finds them.
  @inline(__always)
  func call(
    _ callee: Value, count: Int, _ fill: (UnsafeMutablePointer<Value>) -> Void
  ) throws(Raised) -> Value {
    state.pointee.pinDepth += 1
    defer { unpin() }
    return try callUnpinned(callee, count: count, fill)
  }

  /// The same for callers that hold their values: collections may run meanwhile.
  @inline(__always)
  func callUnpinned(
    _ callee: Value, count: Int, _ fill: (UnsafeMutablePointer<Value>) -> Void
  ) throws(Raised) -> Value {
    let frame = state.pointee.frame
    let base = frame.pointee.stackTop + 2
    guard base + count + 1 < state.pointee.stackEnd else { throw recursionError() }
    fill(base)
    let oldTop = frame.pointee.stackTop
    frame.pointee.stackTop = base + count
    noteHighWater(base + count)
    defer { frame.pointee.stackTop = oldTop }
    base[-2] = .none
    try enter(callee, base, count, nil, result: base - 2)
    return try finish(enteredAbove: frame, result: base - 2)
  }

  /// As `call`, for callers that hold no values: collections may run meanwhile.
  package func callUnpinned(
    _ callee: Value, arguments: [Value], keywords: [(name: Value, value: Value)] = []
  ) throws(Raised) -> Value {
    let frame = state.pointee.frame
    let base = frame.pointee.stackTop + 2
    let end = base + arguments.count + keywords.count
    guard end + 1 < state.pointee.stackEnd else { throw recursionError() }
    for (index, argument) in arguments.enumerated() { base[index] = argument }
    for (index, keyword) in keywords.enumerated() { base[arguments.count + index] = keyword.value }
    let names = keywords.isEmpty ? nil : TupleHandle(unchecked: heap.tuple(keywords.map(\.name)))
    let oldTop = frame.pointee.stackTop
    frame.pointee.stackTop = end
    noteHighWater(end)
    defer { frame.pointee.stackTop = oldTop }
    let result = base - 2
    result.pointee = .none
    try enter(callee, base, arguments.count, names, result: result)
    return try finish(enteredAbove: frame, result: result)
  }

  /// Runs the frame that `enter` has pushed above `frame`, if any.
  func finish(
    enteredAbove frame: UnsafeMutablePointer<Frame>, result: UnsafeMutablePointer<Value>
  ) throws(Raised) -> Value {
    guard state.pointee.frame != frame else { return result.pointee }
    state.pointee.frame.pointee.isEntry = true
    try enterRun()
    defer { state.pointee.nativeDepth -= 1 }
    let value = try run()
    // A built-in may call, without end, functions that are too short to come to a safe point of their own.
    if heap.lockDepth == 0 { try passTime(0) }
    return value
  }

  /// Counts `run` on the host's stack and refuses what would overflow it.
  @inline(__always) func enterRun() throws(Raised) {
    guard state.pointee.nativeDepth < 60 else {
      state.pointee.frame -= 1
      throw recursionError()
    }
    state.pointee.nativeDepth += 1
  }

  package func callMethod(_ object: Value, _ name: String, _ arguments: Value...) throws(Raised) -> Value {
    try call(try getAttribute(object, heap.intern(name)), arguments: arguments)
  }

  // MARK: Built-in functions

  /// Nanoseconds that a call takes on the board, beyond the call instruction.
  @inline(__always) func cost(of function: UnsafeMutablePointer<NativeFunctionObject>) -> Int64 {
    function.pointee.cost &+ costs.nativeCall
  }

  func callNative(
    _ function: UnsafeMutablePointer<NativeFunctionObject>, _ arguments: Arguments
  ) throws(Raised) -> Value {
    account.pointee.remaining &-= cost(of: function)
    if arguments.count < function.pointee.minimumCount || arguments.count > function.pointee.maximumCount
      || (arguments.keywordNames != nil && !function.pointee.acceptsKeywords)
    {
      throw argumentCountError(function, arguments)
    }
    // Without a strong reference to the box: counting it up and down costs as much as many a built-in.
    let outcome = function.pointee.box._withUnsafeGuaranteedRef { box -> (value: Value, isError: Bool) in
      do throws(Raised) {
        return (try box.body(self, arguments), false)
      } catch {
        return (error.exception, true)
      }
    }
    if outcome.isError { throw Raised(outcome.value) }
    noteEndOfSlice()
    return outcome.value
  }

  /// A built-in may have used the slice up.
  @inline(__always) private func noteEndOfSlice() {
    if account.pointee.remaining <= 0, state.pointee.stopsAfterBuiltIns {
      state.pointee.attention.insert(.interrupt)
    }
  }

  /// Whether board time stands where it is to stand (`Clock.advance(until:)`) after each built-in, not at taken jumps, calls and
  /// returns of functions alone: for boards that talk with others.
  package var stopsAfterBuiltIns: Bool {
    get { state.pointee.stopsAfterBuiltIns }
    set { state.pointee.stopsAfterBuiltIns = newValue }
  }

  private func argumentCountError(
    _ function: UnsafeMutablePointer<NativeFunctionObject>, _ arguments: Arguments
  ) -> Raised {
    if arguments.keywordNames != nil && !function.pointee.acceptsKeywords {
      return error(.typeError, "function doesn't take keyword arguments")
    }
    let minimum = function.pointee.minimumCount
    let maximum = function.pointee.maximumCount
    if minimum == maximum {
      return error(
        .typeError, "function takes \(minimum) positional arguments but \(arguments.count) were given")
    }
    if arguments.count < minimum {
      return error(.typeError, "function missing \(minimum - arguments.count) required positional arguments")
    }
    return error(
      .typeError, "function expected at most \(maximum) arguments, got \(arguments.count)")
  }

  func notCallable(_ callee: Value) -> Raised {
    error(.typeError, "'\(type(of: callee).name)' object isn't callable")
  }

  func recursionError() -> Raised { error(.runtimeError, "maximum recursion depth exceeded") }

  @inline(__always) func noteHighWater(_ top: UnsafeMutablePointer<Value>) {
    if top > state.pointee.highWater { state.pointee.highWater = top }
  }
}
