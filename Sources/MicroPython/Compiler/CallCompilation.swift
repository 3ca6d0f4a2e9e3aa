/// Calls: the callee and its arguments lie in consecutive registers.
extension FunctionCompiler {
  func evaluateCall(
    _ callee: Expression, _ arguments: [Argument], of call: Expression, into destination: Int
  ) throws(SyntaxProblem) {
    let line = call.line
    if try evaluateSuperCall(callee, arguments, line: line, into: destination) { return }
    if callee.isName("OrderedDict"), arguments.count == 1, case .positional = arguments[0].kind,
      case .dict(let pairs) = arguments[0].value.kind
    {
      try evaluateOrderedDict(callee, pairs, line: line, into: destination)
      return
    }
    try checkOrder(of: arguments, line: line)
    let base = window(for: destination)
    if case .attribute(let object, let name) = callee.kind, !arguments.contains(where: \.isSpread) {
      let receiver = try operand(object, scratch: base)
      advance(to: callee.trailerLine)
      emit(.loadMethod, a: base, b: receiver, c: newCache(for: name))
      advance(to: call.trailerLine)
      try emitMethodCall(base, arguments, name: name)
    } else {
      try evaluate(callee, into: base)
      advance(to: call.trailerLine)
      try emitCall(base, arguments, looksAtContent: callee.isName("len"))
    }
    emitMove(from: base, to: destination)
  }

  /// `OrderedDict({…})` keeps the order of the display, which a dict in between would lose: MicroPython fills
  /// an empty `OrderedDict` item by item.
  private func evaluateOrderedDict(
    _ callee: Expression, _ pairs: [(key: Expression?, value: Expression)], line: Int,
    into destination: Int
  ) throws(SyntaxProblem) {
    let base = window(for: destination)
    try evaluate(callee, into: base)
    emit(.call, a: base, b: 0)
    for (key, value) in pairs {
      guard let key else { throw problem("invalid syntax", line: line) }
      try withTemporaries { () throws(SyntaxProblem) in
        let (valueRegister, keyRegister) = try operands(value, key)
        emit(.setItem, a: base, b: keyRegister, c: valueRegister)
      }
    }
    emitMove(from: base, to: destination)
  }

  /// Evaluates the arguments behind `base` and calls; `prefix` arguments stand there already.
  func emitCall(
    _ base: Int, _ arguments: [Argument], prefix: Int = 0, looksAtContent: Bool = false
  ) throws(SyntaxProblem) {
    if arguments.contains(where: \.isSpread) {
      try emitSpreadCall(base, arguments, prefix: prefix)
      return
    }
    let keywords = try evaluate(arguments: arguments)
    let count = prefix + arguments.count
    if looksAtContent && count == 1 { watchContentRead(of: base + 1) }
    if keywords.isEmpty {
      emit(.call, a: base, b: count)
    } else {
      emit(.callKeywords, a: base, b: count, c: constantIndex(.tuple(keywords)))
    }
  }

  private func emitMethodCall(
    _ base: Int, _ arguments: [Argument], name: String
  ) throws(SyntaxProblem) {
    _ = allocate()  // the receiver
    let keywords = try evaluate(arguments: arguments)
    watchMethod(name, receiver: base + 1, arguments: arguments)
    if keywords.isEmpty {
      emit(.callMethod, a: base, b: arguments.count)
    } else {
      emit(.callMethodKeywords, a: base, b: arguments.count, c: constantIndex(.tuple(keywords)))
    }
  }

  /// Puts arguments into new registers in order; returns the names of the keywords.
  private func evaluate(arguments: [Argument]) throws(SyntaxProblem) -> [Constant] {
    var keywords: [Constant] = []
    for argument in arguments {
      if case .keyword(let name) = argument.kind { keywords.append(.string(Array(name.utf8))) }
      try evaluate(argument.value, into: allocate())
    }
    return keywords
  }

  /// A call with `*` or `**`. All arguments are complete before the first is taken apart; then the positional ones are
  /// collected in a list and the others in a dict.
  private func emitSpreadCall(
    _ base: Int, _ arguments: [Argument], prefix: Int
  ) throws(SyntaxProblem) {
    var positional: [(argument: Argument, register: Int)] = []
    var keywords: [(argument: Argument, register: Int)] = []
    for argument in arguments {
      let register = allocate()
      try evaluate(argument.value, into: register)
      if argument.isKeyword {
        keywords.append((argument, register))
      } else {
        positional.append((argument, register))
      }
    }
    let list = allocate()
    let plain = positional.prefix { !$0.argument.isSpread }
    // The prefix stands right before the first argument.
    emit(.buildList, a: list, b: base + 1, c: prefix + plain.count)
    for (argument, register) in positional.dropFirst(plain.count) {
      emit(argument.isSpread ? .listExtend : .listAppend, a: list, b: register)
    }
    let dict = allocate()
    emitDict(of: keywords, into: dict)
    emitMove(from: list, to: base + 1)
    emitMove(from: dict, to: base + 2)
    emit(.callSpread, a: base)
  }

  /// Collects `name=value` and `**value` in a dict; None if there are none.
  private func emitDict(of keywords: [(argument: Argument, register: Int)], into dict: Int) {
    if keywords.isEmpty {
      emit(.loadNone, a: dict)
      return
    }
    emit(.buildKeywords, a: dict)
    let part = allocate(3)
    for (argument, register) in keywords {
      if case .keyword(let name) = argument.kind {
        emitString(name, into: part + 1)
        emitMove(from: register, to: part + 2)
        emit(.buildDict, a: part, b: part + 1, c: 1)
        emit(.dictMergeKeywords, a: dict, b: part)
      } else {
        emit(.dictMergeKeywords, a: dict, b: register)
      }
    }
    top = part
  }

  /// MicroPython marks starred arguments in the bits of a small integer.
  private static let starArgumentLimit = 30

  private func checkOrder(of arguments: [Argument], line: Int) throws(SyntaxProblem) {
    var hasKeyword = false
    var hasDoubleStar = false
    for (index, argument) in arguments.enumerated() {
      let place = argument.value.line
      switch argument.kind {
      case .positional:
        if hasDoubleStar { throw problem("positional arg after **", line: place) }
        if hasKeyword { throw problem("positional arg after keyword arg", line: place) }
      case .star:
        if hasDoubleStar { throw problem("* arg after **", line: place) }
        if hasKeyword { throw problem("* arg after kwarg", line: place) }
        if index >= Self.starArgumentLimit { throw problem("too many args", line: place) }
      case .keyword: hasKeyword = true
      case .doubleStar:
        hasDoubleStar = true
        hasKeyword = true
      }
    }
  }

  /// `super()` without arguments inside a function: the class comes from the `__class__` cell, self is the
  /// first parameter. Followed by `.name(…)` directly, in `callee`, it makes no object.
  private func evaluateSuperCall(
    _ callee: Expression, _ arguments: [Argument], line: Int, into destination: Int
  ) throws(SyntaxProblem) -> Bool {
    guard scope.kind == .function, let receiver = scope.firstParameter else { return false }
    if callee.isName("super") && arguments.isEmpty {
      let base = window(for: destination)
      loadName("super", into: base)
      loadName("__class__", into: allocate())
      loadName(receiver, into: allocate())
      emit(.call, a: base, b: 2)
      emitMove(from: base, to: destination)
      return true
    }
    guard case .attribute(let object, let name) = callee.kind, case .call(let inner, let none) = object.kind,
      inner.isName("super"), none.isEmpty, !arguments.contains(where: \.isSpread)
    else { return false }
    try checkOrder(of: arguments, line: line)
    let base = window(for: destination)
    loadName("__class__", into: base)
    let receiverRegister = allocate()
    loadName(receiver, into: receiverRegister)
    top = receiverRegister
    emit(.loadSuperMethod, a: base, b: base, c: newCache(for: name))
    try emitMethodCall(base, arguments, name: name)
    emitMove(from: base, to: destination)
    return true
  }
}

extension Argument {
  var isSpread: Bool {
    switch kind {
    case .star, .doubleStar: true
    default: false
    }
  }

  var isKeyword: Bool {
    switch kind {
    case .keyword, .doubleStar: true
    default: false
    }
  }
}
