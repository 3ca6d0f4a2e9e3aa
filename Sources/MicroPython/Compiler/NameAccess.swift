/// Reading, binding and deleting names.
extension FunctionCompiler {
  enum Storage {
    case register(Int)
    /// The register holds the cell that holds the value.
    case cell(Int)
    case global
    case dictionary
  }

  func storage(of name: String) -> Storage {
    switch scope.bindings[name] {
    case .local where scope.isFunctionLike: if let register = registers[name] { return .register(register) }
    case .cell, .free: if let register = registers[name] { return .cell(register) }
    case .globalExplicit: return .global
    default: break
    }
    switch scope.kind {
    case .classBody: return .dictionary
    case .module: return options.usesNames ? .dictionary : .global
    default: return .global
    }
  }

  /// The register of a local that is not closed over.
  func localRegister(_ name: String) -> Int? {
    if case .register(let register) = storage(of: name) { register } else { nil }
  }

  /// Makes sure at run time that a local is bound, unless that is certain.
  func requireBound(_ register: Int) {
    guard let bound = boundRegisters, !bound.contains(register) else { return }
    emit(.checkBound, a: register)
    uncertainRegisters.insert(register)
    boundRegisters?.insert(register)
  }

  func loadName(_ name: String, into destination: Int) {
    switch storage(of: name) {
    case .register(let register):
      requireBound(register)
      emitMove(from: register, to: destination)
    case .cell(let register):
      watchCell(register)
      emit(.loadCell, a: destination, b: register)
    case .global:
      watchGlobal(name)
      loadGlobal(name, into: destination)
    case .dictionary: emit(.loadName, a: destination, b: nameIndex(name))
    }
  }

  func loadGlobal(_ name: String, into destination: Int) {
    emit(.loadGlobal, a: destination, b: nameIndex(name), c: globalCache(for: name, isStore: false))
  }

  func storeName(_ name: String, from source: Int) {
    switch storage(of: name) {
    case .register(let register):
      emitMove(from: source, to: register)
      boundRegisters?.insert(register)
    case .cell(let register):
      watchCell(register, writing: source)
      emit(.storeCell, a: register, b: source)
    case .global:
      watchGlobal(name, writing: source)
      emit(.storeGlobal, a: source, b: nameIndex(name), c: globalCache(for: name, isStore: true))
    case .dictionary: emit(.storeName, a: source, b: nameIndex(name))
    }
  }

  func deleteName(_ name: String) {
    switch storage(of: name) {
    case .register(let register):
      requireBound(register)
      unbind(register)
    case .cell(let register): emit(.deleteCell, a: register)
    case .global: emit(.deleteGlobal, a: 0, b: nameIndex(name))
    case .dictionary: emit(.deleteName, a: 0, b: nameIndex(name))
    }
  }

  /// Machine code does not check its locals: a deleted one becomes None.
  private func unbind(_ register: Int) {
    if flags.isDisjoint(with: [.native, .viper]) {
      emit(.unbind, a: register)
      boundRegisters?.remove(register)
    } else {
      emit(.loadNone, a: register)
    }
  }

  /// Unbinds a name that the code in between may have unbound already.
  func forgetName(_ name: String) {
    if case .register(let register) = storage(of: name) {
      unbind(register)
      return
    }
    let none = allocate()
    emit(.loadNone, a: none)
    storeName(name, from: none)
    deleteName(name)
    top = none
  }
}
