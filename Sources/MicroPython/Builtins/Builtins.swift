extension Interpreter {
  /// Adds the built-in functions; `open` and `input` belong to the port.
  func installBuiltins() {
    NumberBuiltins.install(in: self)
    IterationBuiltins.install(in: self)
    ObjectBuiltins.install(in: self)
    TextBuiltins.install(in: self)
    SourceBuiltins.install(in: self)
    HelpBuiltin.install(in: self)
    addBuiltin("__name__", heap.intern("builtins"))
    builtInModules.set(interned: heap.intern("builtins"), to: heap.module(globals: builtins).value, in: heap)
  }

  /// Firmware overrides a built-in name: code that has remembered where it found one has to look again.
  func forgetRememberedBuiltins() {
    for entry in modules.entries + builtInModules.entries {
      if let module = ModuleHandle(entry.value) { module.globals.pointer.pointee.keyVersion &+= 1 }
    }
  }
}
