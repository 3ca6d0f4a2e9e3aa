/// Instructions, labels, and the tables that instructions refer to.
extension FunctionCompiler {
  var address: Int { instructions.count }

  var isReachable: Bool { boundRegisters != nil }

  /// Appends an instruction, unless nothing leads here.
  func emit(_ opcode: Opcode, a: Int = 0, b: Int = 0, c: Int = 0) {
    append(Instruction(opcode, a: a, b: b, c: c))
    if opcode.endsFlow { boundRegisters = nil }
  }

  private func append(_ instruction: Instruction) {
    guard isReachable else { return }
    if lines.last?.line != line {
      lines.append(CompiledCode.LineEntry(instruction: address, line: line))
    }
    instructions.append(instruction)
  }

  /// Lets the slice that was built last be used more than once.
  func keepSlice() {
    guard let slice = instructions.last, slice.opcode == .buildSlice else { return }
    instructions[instructions.count - 1] = Instruction(.buildSlice, a: slice.a, b: slice.b, c: 2)
  }

  func emitMove(from source: Int, to destination: Int) {
    if source != destination { emit(.move, a: destination, b: source) }
  }

  // MARK: Lines

  /// Records what follows for `newLine`. A board's line table only goes forward: the instructions of an outer
  /// expression behind those of an inner one count for the inner one's line, the test of a `while` at its
  /// bottom for the last line of the body.
  func advance(to newLine: Int) { line = max(line, newLine) }

  /// Records an instruction that is there already for the current line, with which it stands on the board.
  func moveToCurrentLine(instructionAt address: Int) {
    guard address < self.address,
      let index = lines.lastIndex(where: { $0.instruction <= address }), lines[index].line != line
    else { return }
    let old = lines[index]
    var entries = [CompiledCode.LineEntry(instruction: address, line: line)]
    if index + 1 == lines.count || lines[index + 1].instruction > address + 1 {
      entries.append(CompiledCode.LineEntry(instruction: address + 1, line: old.line))
    }
    if old.instruction < address { entries.insert(old, at: 0) }
    lines.replaceSubrange(index...index, with: entries)
  }

  // MARK: Jumps

  /// Appends a jump of any kind to `label`.
  func emitJump(_ opcode: Opcode, a: Int = 0, b: Int = 0, to label: Label) {
    guard isReachable else { return }
    if opcode.hasShortJump && usesLongJumps {
      // The short jump only leads to a long one behind it.
      append(Instruction(opcode, a: a, b: b, c: 1))
      append(Instruction(.jump, jump: 1))
      appendJump(Instruction(.jump, jump: 0), to: label)
    } else if opcode.hasShortJump {
      appendJump(Instruction(opcode, a: a, b: b, c: 0), to: label)
    } else {
      appendJump(Instruction(opcode, a: a, jump: 0), to: label)
    }
    if opcode.jumpsAlways { boundRegisters = nil }
  }

  private func appendJump(_ instruction: Instruction, to label: Label) {
    fixups.append((address, label))
    append(instruction)
    guard label.position == nil, let bound = boundRegisters else { return }
    label.boundRegisters = label.boundRegisters?.intersection(bound) ?? bound
  }

  /// Places a label that only jumps from before lead to.
  func place(_ label: Label) {
    label.position = address
    guard let arriving = label.boundRegisters else { return }
    boundRegisters = boundRegisters?.intersection(arriving) ?? arriving
  }

  /// Places a label that jumps from behind lead back to; the code between may unbind locals.
  func placeLoopStart(_ label: Label) {
    forgetDeletedNames()
    place(label)
  }

  /// Names that may have been unbound by code that is not looked at count as unbound.
  func forgetDeletedNames() {
    for name in scope.deletedNames {
      if let register = registers[name] { boundRegisters?.remove(register) }
    }
  }

  // MARK: Pools

  func constantIndex(_ constant: Constant) -> Int {
    // Equal floats need not be the same (0.0 and -0.0), so they are not shared.
    if !constant.holdsFloat, let index = constantIndices[constant] { return index }
    constants.append(constant)
    constantIndices[constant] = constants.count - 1
    return constants.count - 1
  }

  func nameIndex(_ name: String) -> Int {
    if let index = nameIndices[name] { return index }
    names.append(name)
    nameIndices[name] = names.count - 1
    return names.count - 1
  }

  /// A cache of its own for one place in the code.
  func newCache(for name: String) -> Int {
    caches.append(nameIndex(name))
    return caches.count - 1
  }

  /// The cache that all loads, or all stores, of a global share.
  func globalCache(for name: String, isStore: Bool) -> Int {
    let key = isStore ? "=" + name : name
    if let cache = globalCaches[key] { return cache }
    let cache = newCache(for: name)
    globalCaches[key] = cache
    return cache
  }

  // MARK: Constants

  func emitConstant(_ constant: Constant, into register: Int) {
    switch constant {
    case .none: emit(.loadNone, a: register)
    case .int(let value):
      if let small = Int32(exactly: value) {
        append(Instruction(.loadInt, a: register, jump: Int(small)))
      } else {
        emit(.loadConstant, a: register, b: constantIndex(constant))
      }
    default: emit(.loadConstant, a: register, b: constantIndex(constant))
    }
  }

  func emitString(_ text: String, into register: Int) {
    emitConstant(.string(Array(text.utf8)), into: register)
  }
}

extension Constant {
  fileprivate var holdsFloat: Bool {
    switch self {
    case .float, .imaginary: true
    case .tuple(let items): items.contains(where: \.holdsFloat)
    default: false
    }
  }
}
