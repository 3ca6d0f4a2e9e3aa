extension Interpreter {
  /// Fills in what the built-in types, functions and hardware-free modules can do.
  package func installEverything() {
    installNumberTypes()
    installStringTypes()
    installArrayTypes()
    installContainerTypes()
    installObjectTypes()
    installExceptionTypes()
    installBuiltins()
    addStandardModules()
  }
}
