/// Assignment, augmented assignment and `del`.
extension FunctionCompiler {
  func compileAssignment(_ targets: [Expression], _ value: Expression) throws(SyntaxProblem) {
    assignsNewData = !mayHoldStaleRead(value)
    defer { assignsNewData = false }
    if targets.count == 1 {
      try assign(targets[0], value: value)
      return
    }
    let source: Int
    if let first = targets.first, case .name(let name) = first.kind, let register = localRegister(name) {
      try assign(first, value: value)
      source = register
      for target in targets.dropFirst() { try assign(target, from: source) }
    } else {
      source = try operand(value)
      for target in targets { try assign(target, from: source) }
    }
  }

  /// Evaluates `value` and assigns it, into the local's own register where there is one.
  func assign(_ target: Expression, value: Expression) throws(SyntaxProblem) {
    let mark = top
    defer { top = mark }
    switch (target.kind, value.kind) {
    case (.name(let name), _):
      guard let register = localRegister(name) else { break }
      try evaluate(value, into: register)
      boundRegisters?.insert(register)
      return
    default: break
    }
    try assign(target, from: try operand(value))
  }

  /// `a, b = b, a` without a tuple: all values are complete before the first assignment.
  func assignEach(_ items: [EachAssignment]) throws(SyntaxProblem) {
    var assigned: Set<Int> = []
    for case .name(let name) in items.map(\.target.kind) {
      if let register = localRegister(name) { assigned.insert(register) }
    }
    var sources: [Int?] = []
    for (index, item) in items.enumerated() {
      if item.value.constant != nil {
        sources.append(nil)
        continue
      }
      let register = try operand(item.value)
      // A local that an earlier target overwrites must be saved; the first value is taken before any.
      if index > 0 && assigned.contains(register) {
        let copy = allocate()
        emitMove(from: register, to: copy)
        sources.append(copy)
      } else {
        sources.append(register)
      }
    }
    for (item, source) in zip(items, sources) {
      if let store = item.store {
        try compileWordStore(store, from: source)
      } else if let source {
        try assign(item.target, from: source)
      } else {
        try assign(item.target, value: item.value)
      }
    }
  }

  func assign(_ target: Expression, from source: Int) throws(SyntaxProblem) {
    let mark = top
    defer { top = mark }
    switch target.kind {
    case .name(let name): storeName(name, from: source)
    case .attribute(let object, let name):
      let register = try operand(object)
      watchAttribute(name, of: register, writing: source)
      emit(.setAttribute, a: register, b: source, c: newCache(for: name))
    case .item(let object, let index):
      let (container, key) = try operands(object, index)
      watchItem(key, of: container, writing: source)
      emit(.setItem, a: container, b: key, c: source)
    case .tuple(let items) where !items.isEmpty: try unpack(items, from: source)
    case .list(let items): try unpack(items, from: source)
    default: throw problem("can't assign to expression", line: target.line)
    }
  }

  private func unpack(_ items: [Expression], from source: Int) throws(SyntaxProblem) {
    let stars = items.indices.filter { items[$0].isStarred }
    if stars.count > 1 { throw problem("multiple *x in assignment", line: items[stars[1]].line) }
    let direct = stars.isEmpty ? consecutiveLocals(items, without: source) : nil
    let base = direct ?? allocate(items.count)
    if let star = stars.first {
      guard star <= 0xff, items.count - star - 1 <= 0xff else {
        throw problem("too many targets", line: items[star].line)
      }
      emit(.unpackStar, a: base, b: source, c: star | (items.count - star - 1) << 8)
    } else {
      emit(.unpack, a: base, b: source, c: items.count)
    }
    for (index, item) in items.enumerated() {
      if direct != nil {
        boundRegisters?.insert(base + index)
      } else if case .starred(let inner) = item.kind {
        try assign(inner, from: base + index)
      } else {
        try assign(item, from: base + index)
      }
    }
  }

  /// The first register when the targets are locals whose registers follow one another.
  private func consecutiveLocals(_ items: [Expression], without source: Int) -> Int? {
    var first: Int?
    for (index, item) in items.enumerated() {
      guard case .name(let name) = item.kind, let register = localRegister(name), register != source,
        register == (first ?? register) + index
      else { return nil }
      first = first ?? register
    }
    return first
  }

  func compileAugmentedAssignment(
    _ target: Expression, _ op: BinaryOperator, _ value: Expression
  ) throws(SyntaxProblem) {
    switch target.kind {
    case .name(let name):
      if let register = localRegister(name) {
        let source = try operand(target)
        try emitInplace(op, source, value, into: register)
        boundRegisters?.insert(register)
      } else {
        let register = allocate()
        loadName(name, into: register)
        try emitInplace(op, register, value, into: register)
        storeName(name, from: register)
      }
    case .attribute(let object, let name):
      let container = try operand(object)
      let register = allocate()
      watchAttribute(name, of: container)
      emit(.getAttribute, a: register, b: container, c: newCache(for: name))
      try emitInplace(op, register, value, into: register)
      watchAttribute(name, of: container, writing: register)
      emit(.setAttribute, a: container, b: register, c: newCache(for: name))
    case .item(let object, let index):
      let (container, key) = try operands(object, index)
      let register = allocate()
      if case .slice = index.kind { keepSlice() }
      watchItem(key, of: container)
      if let constant = index.immediate {
        emit(.getItemInt, a: register, b: container, c: constant)
      } else {
        emit(.getItem, a: register, b: container, c: key)
      }
      try emitInplace(op, register, value, into: register)
      watchItem(key, of: container, writing: register)
      emit(.setItem, a: container, b: key, c: register)
    default: throw problem("can't assign to expression", line: target.line)
    }
  }

  private func emitInplace(
    _ op: BinaryOperator, _ left: Int, _ value: Expression, into destination: Int
  ) throws(SyntaxProblem) {
    if op == .add || op == .subtract, let constant = value.immediate {
      emit(op == .add ? .inplaceAddInt : .inplaceSubtractInt, a: destination, b: left, c: constant)
      return
    }
    let right = try operand(value)
    emit(op.inplaceOpcode, a: destination, b: left, c: right)
  }

  func compileDelete(_ target: Expression) throws(SyntaxProblem) {
    let mark = top
    defer { top = mark }
    switch target.kind {
    case .name(let name): deleteName(name)
    case .attribute(let object, let name):
      let register = try operand(object)
      emit(.deleteAttribute, a: register, b: nameIndex(name))
    case .item(let object, let index):
      let (container, key) = try operands(object, index)
      watchMethod("remove", receiver: container)
      emit(.deleteItem, a: container, b: key)
    case .tuple(let items) where !items.isEmpty:
      for item in items { try compileDelete(item) }
    default: throw problem("can't delete expression", line: target.line)
    }
  }
}

extension Expression {
  var isStarred: Bool {
    if case .starred = kind { true } else { false }
  }
}
