/// Binding arguments to parameters and pushing frames.
extension Interpreter {
  /// Pushes the frame of a Python function, or makes its generator.
  func enter(
    function: UnsafeMutablePointer<FunctionObject>, _ base: UnsafeMutablePointer<Value>, _ count: Int,
    _ keywords: TupleHandle?, kind: Frame.Kind, extra: Value, result: UnsafeMutablePointer<Value>
  ) throws(Raised) {
    let code = function.pointee.code
    let caller = state.pointee.frame
    // Arguments are used in place when they lie in the register stack above everything that is live, which is the
    // case unless the caller is a generator, whose registers are in its object.
    let isInStack = base >= state.pointee.stack && base < state.pointee.stackEnd
    var window = base
    let isPlain = keywords == nil && code.pointee.plainArgumentCount == count
    // A generator takes its arguments with it from wherever they are.
    if !(isPlain && (isInStack || code.pointee.flags.contains(.generator))) {
      let end = isInStack ? base + count + (keywords?.count ?? 0) : base
      window = isInStack ? max(caller.pointee.stackTop, end) : caller.pointee.stackTop
      guard window + code.pointee.registerCount + 1 < state.pointee.stackEnd else { throw recursionError() }
      if isPlain {
        window.update(from: base, count: count)
      } else if keywords != nil || !completeDefaults(of: function, base, count, into: window) {
        try bind(function, base, count, keywords, into: window)
      }
    }
    if code.pointee.flags.contains(.generator) {
      result.pointee = generator(for: function, window).value
      return
    }
    guard caller < state.pointee.lastFrame, window + code.pointee.registerCount + 1 < state.pointee.stackEnd
    else {
      throw recursionError()
    }
    push(
      Frame(
        code: code, registers: window, pc: UnsafePointer(code.pointee.instructions),
        globals: function.pointee.globals, closure: function.pointee.closure, locals: .unbound,
        generator: nil,
        result: result, stackTop: window + code.pointee.registerCount, extra: extra, kind: kind,
        isEntry: false))
  }

  /// Lays positional arguments out and gives the rest of a function's parameters their defaults. False, with nothing
  /// done, when that is not all there is to do.
  private func completeDefaults(
    of function: UnsafeMutablePointer<FunctionObject>, _ base: UnsafeMutablePointer<Value>, _ count: Int,
    into window: UnsafeMutablePointer<Value>
  ) -> Bool {
    let missing = function.pointee.code.pointee.plainArgumentCount - count
    guard missing > 0, let defaults = TupleHandle(function.pointee.defaults), missing <= defaults.count,
      !function.pointee.code.pointee.flags.contains(.viper)
    else { return false }
    window.update(from: base, count: count)
    (window + count).update(from: defaults.base + (defaults.count - missing), count: missing)
    return true
  }

  func push(_ frame: Frame) {
    state.pointee.frame += 1
    state.pointee.frame.initialize(to: frame)
    noteHighWater(frame.stackTop)
  }

  /// Lays arguments out as the function's first registers want them.
  private func bind(
    _ function: UnsafeMutablePointer<FunctionObject>, _ base: UnsafeMutablePointer<Value>, _ count: Int,
    _ keywords: TupleHandle?, into window: UnsafeMutablePointer<Value>
  ) throws(Raised) {
    let details = function.pointee.code.pointee.details.takeUnretainedValue()
    let layout = details.compiled.parameters
    let positionalCount = layout.positionalCount
    if details.compiled.flags.contains(.viper) {
      // Viper functions take positional arguments only, and have no use for defaults.
      if keywords != nil { throw error(.typeError, "function doesn't take keyword arguments") }
      if count != positionalCount {
        throw argumentCountError(function, positionalCount, count)
      }
    }
    let named = positionalCount + layout.keywordOnlyCount
    for index in 0..<min(count, positionalCount) { window[index] = base[index] }
    for index in min(count, positionalCount)..<max(named, min(count, positionalCount)) {
      window[index] = .unbound
    }
    if count > positionalCount && !layout.hasVariadicPositional {
      throw argumentCountError(function, positionalCount, count)
    }
    var next = named
    if layout.hasVariadicPositional {
      let extra = max(0, count - positionalCount)
      window[next] = heap.tuple(
        UnsafeBufferPointer(start: base + (count - extra), count: extra))
      next += 1
    }
    var extraKeywords: DictHandle?
    if layout.hasVariadicKeyword {
      extraKeywords = heap.dict()
      extraKeywords?.reserve(keywords?.count ?? 0, in: heap)
      window[next] = extraKeywords.unsafelyUnwrapped.value
    }
    if let keywords {
      for index in 0..<keywords.count {
        let name = keywords[index]
        let value = base[count + index]
        if let position = details.parameterNames.firstIndex(of: name), position >= layout.positionalOnlyCount
        {
          guard window[position].isUnbound else { throw givenTwice(name) }
          window[position] = value
        } else if let extraKeywords {
          guard extraKeywords.get(interned: name).isUnbound else { throw givenTwice(name) }
          extraKeywords.set(interned: name, to: value, in: heap)
        } else {
          throw error(.typeError, "unexpected keyword argument '\(StringHandle(unchecked: name).text)'")
        }
      }
    }
    try fillDefaults(function, layout, details, count, hasKeywords: keywords != nil, window)
  }

  /// The board passes the variables that a function shares with those around it as arguments, and counts them.
  private func argumentCountError(
    _ function: UnsafeMutablePointer<FunctionObject>, _ wanted: Int, _ given: Int
  ) -> Raised {
    let shared = TupleHandle(function.pointee.closure)?.count ?? 0
    return error(
      .typeError,
      "function takes \(wanted + shared) positional arguments but \(given + shared) were given")
  }

  private func givenTwice(_ name: Value) -> Raised {
    error(.typeError, "function got multiple values for argument '\(StringHandle(unchecked: name).text)'")
  }

  /// Gives parameters their defaults. A missing argument is reported as MicroPython does, which counts from 0
  /// and from the last parameter down.
  private func fillDefaults(
    _ function: UnsafeMutablePointer<FunctionObject>, _ layout: ParameterLayout, _ details: CodeDetails,
    _ count: Int, hasKeywords: Bool, _ window: UnsafeMutablePointer<Value>
  ) throws(Raised) {
    let positionalCount = layout.positionalCount
    let defaults = TupleHandle(function.pointee.defaults)
    let firstDefault = positionalCount - (defaults?.count ?? 0)
    let keywordDefaults = DictHandle(function.pointee.keywordDefaults)
    let isPlain = !hasKeywords && keywordDefaults == nil
    if isPlain && count < firstDefault {
      throw argumentCountError(function, firstDefault, count)
    }
    if let defaults {
      for index in firstDefault..<positionalCount where window[index].isUnbound {
        window[index] = defaults[index - firstDefault]
      }
    }
    for index in (0..<firstDefault).reversed() where window[index].isUnbound {
      throw error(.typeError, "function missing required positional argument #\(index)")
    }
    if isPlain && layout.keywordOnlyCount > 0 {
      throw error(.typeError, "function missing keyword-only argument")
    }
    for index in positionalCount..<(positionalCount + layout.keywordOnlyCount) where window[index].isUnbound {
      let name = details.parameterNames[index]
      let value = keywordDefaults?.get(interned: name) ?? .unbound
      if value.isUnbound {
        throw error(
          .typeError, "function missing required keyword argument '\(StringHandle(unchecked: name).text)'")
      }
      window[index] = value
    }
  }

  /// A function object for nested code.
  func function(
    _ code: CodeHandle, globals: UnsafeMutablePointer<DictObject>, defaults: Value, keywordDefaults: Value,
    closure: Value
  ) -> Value {
    let types = heap.types
    let isGenerator = code.pointer.pointee.flags.contains(.generator)
    let type =
      closure.isKind(.tuple) ? types.closure : isGenerator ? types.generatorFunction : types.function
    let raw = heap.allocate(
      MemoryLayout<FunctionObject>.size, kind: .function, type: type.pointer, boardBytes: 16)
    raw.assumingMemoryBound(to: FunctionObject.self).initialize(
      to: FunctionObject(
        header: raw.load(as: ObjectHeader.self), code: code.pointer, globals: globals,
        defaults: defaults.isNone ? .unbound : defaults,
        keywordDefaults: keywordDefaults.isNone ? .unbound : keywordDefaults,
        closure: closure.isNone ? .unbound : closure))
    return Value(bits: UInt64(UInt(bitPattern: raw)))
  }

  /// A function object for module-level code.
  func function(_ code: CodeHandle, globals: DictHandle) -> Value {
    function(code, globals: globals.pointer, defaults: .none, keywordDefaults: .none, closure: .none)
  }
}
