/// Source text of callees, found from the code that loads them; for diagnostics.
extension CodeHandle {
  /// Returns the callee of the call instruction at `index`, as far as that is names and dots.
  func calledName(at index: Int) -> String? {
    let instructions = pointer.pointee.instructions
    guard index < pointer.pointee.instructionCount else { return nil }
    switch instructions[index].opcode {
    case .call, .callKeywords, .callSpread, .callMethod, .callMethodKeywords:
      return expression(in: instructions[index].a, before: index)
    default: return nil
    }
  }

  /// Returns the callee of the last call before `index` that left its result in `register`.
  func calledName(before index: Int, in register: Int) -> String? {
    var position = index - 1
    while position >= 0 {
      let instruction = pointer.pointee.instructions[position]
      if instruction.a == register {
        if let name = calledName(at: position) { return name }
        if instruction.opcode != .move { return nil }
      }
      position -= 1
    }
    return nil
  }

  /// Returns the name that a `watch…` instruction reports.
  func accessedName(at index: Int) -> String {
    let instruction = pointer.pointee.instructions[index]
    func name() -> String { StringHandle(pointer.pointee.names[instruction.b])?.text ?? "" }
    func object() -> String { expression(in: instruction.a, before: index) ?? "the container" }
    return switch instruction.opcode {
    case .watchGlobalRead, .watchGlobalWrite: name()
    case .watchCellRead, .watchCellWrite: details.compiled.localNames[instruction.a]
    case .watchAttributeRead, .watchAttributeWrite: object() + "." + name()
    case .watchItemIntRead: object() + "[\(instruction.signedC)]"
    case .watchItemRead, .watchItemWrite: object() + "[…]"
    default: object()
    }
  }

  /// The names that were loaded into a register last.
  private func expression(in register: Int, before index: Int) -> String? {
    if register < details.compiled.localNames.count { return details.compiled.localNames[register] }
    var position = index - 1
    while position >= 0 {
      let instruction = pointer.pointee.instructions[position]
      defer { position -= 1 }
      if instruction.opcode == .loadMethod && instruction.a + 1 == register {
        return expression(in: instruction.b, before: position)
      }
      guard instruction.a == register else { continue }
      func name(_ index: Int) -> String {
        StringHandle(pointer.pointee.caches[index].name)?.text ?? ""
      }
      switch instruction.opcode {
      case .loadGlobal, .loadGlobalForMethod: return name(instruction.c)
      case .loadCell: return details.compiled.localNames[instruction.b]
      case .getAttribute, .loadMethod:
        let object = expression(in: instruction.b, before: position)
        return object.map { $0 + "." + name(instruction.c) } ?? name(instruction.c)
      case .loadName: return StringHandle(pointer.pointee.names[instruction.b])?.text
      case .move: return expression(in: instruction.b, before: position)
      case .call, .callMethod, .callKeywords, .callMethodKeywords:
        return expression(in: register, before: position).map { $0 + "()" }
      default:
        // Arguments lie in higher registers, so this is something other than a name.
        return nil
      }
    }
    return nil
  }
}
