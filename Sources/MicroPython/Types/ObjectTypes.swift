extension Interpreter {
  /// Fills in classes, functions, modules and the singletons.
  func installObjectTypes() {
    ObjectType.install(in: self)
    TypeType.install(in: self)
    SuperType.install(in: self)
    PropertyType.install(in: self)
    FunctionTypes.install(in: self)
    GeneratorType.install(in: self)
  }
}
