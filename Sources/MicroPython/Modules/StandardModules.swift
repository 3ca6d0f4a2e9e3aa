/// The modules that every MicroPython has, whatever the hardware.
extension Interpreter {
  /// Makes the modules importable; they are built when they are first imported.
  package func addStandardModules() {
    addMathModule()
    addCmathModule()
    addStructModule()
    addCollectionsModule()
    addIoModule()
    addJSONModule()
    addErrnoModule()
    // Without a board there is no hardware generator; a board's port puts its own in here.
    var draws: UInt32 = 0
    addRandomModule {
      draws &+= 1
      return draws
    }
    addReModule()
    addBinasciiModule()
    addHeapqModule()
    addHashlibModule()
    addDeflateModule()
    addUctypesModule()
    addFrameBufferModule()
    for name in [
      "struct", "array", "collections", "io", "json", "errno", "random", "re", "binascii", "heapq", "hashlib",
    ] {
      addModuleAlias("u" + name, for: name)
    }
  }
}
