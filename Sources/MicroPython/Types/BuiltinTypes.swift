extension Interpreter {
  /// Fills in the members of the built-in types, functions and hardware-free modules.
  package func installEverything() {
    installNumberTypes()
    installStringTypes()
    installArrayTypes()
    installContainerTypes()
    installObjectTypes()
    installExceptionTypes()
    installBuiltins()
    addModules(StandardModules.all, host: self)
  }

  /// Fills in lists, tuples, dicts, sets, ranges, slices and the iterators over them.
  private func installContainerTypes() {
    ListType.install(in: self)
    TupleType.install(in: self)
    DictType.install(in: self)
    SetType.install(in: self)
    RangeType.install(in: self)
    SliceType.install(in: self)
    installSequenceIterators()
    IteratorTypes.install(in: self)
  }

  /// Fills in classes, functions, modules and the singletons.
  private func installObjectTypes() {
    ObjectType.install(in: self)
    TypeType.install(in: self)
    SuperType.install(in: self)
    PropertyType.install(in: self)
    FunctionTypes.install(in: self)
    GeneratorType.install(in: self)
  }
}
