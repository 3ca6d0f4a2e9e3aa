/// Imports.
extension FunctionCompiler {
  func compileImport(_ alias: ImportAlias) {
    let arguments = allocate(2)
    emit(.loadNone, a: arguments)
    emitConstant(.int(0), into: arguments + 1)
    let module = allocate()
    emit(.importName, a: module, b: nameIndex(alias.name), c: arguments)
    if let name = alias.alias {
      // The import gives the outermost package.
      for component in alias.name.split(separator: ".").dropFirst() {
        emit(.getAttribute, a: module, b: module, c: newCache(for: String(component)))
      }
      storeName(name, from: module)
    } else {
      storeName(alias.firstComponent, from: module)
    }
    top = arguments
  }

  func compileImport(from module: String, level: Int, _ names: [ImportAlias]) {
    let wanted = names.isEmpty ? ["*"] : names.map(\.name)
    let arguments = allocate(2)
    // The board makes the tuple anew each time.
    for name in wanted { emitString(name, into: allocate()) }
    emit(.buildTuple, a: arguments, b: arguments + 2, c: wanted.count)
    top = arguments + 2
    emitConstant(.int(level), into: arguments + 1)
    let register = allocate()
    emit(.importName, a: register, b: nameIndex(module), c: arguments)
    if names.isEmpty { emit(.importStar, a: register) }
    for alias in names {
      let destination = localRegister(alias.alias ?? alias.name)
      let value = destination ?? allocate()
      emit(.importFrom, a: value, b: register, c: nameIndex(alias.name))
      storeName(alias.alias ?? alias.name, from: value)
      top = register + 1
    }
  }
}
