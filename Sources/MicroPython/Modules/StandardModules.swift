/// The modules that every MicroPython has, whatever the hardware.
extension Interpreter {
  /// Makes the modules importable; they are built when they are first imported.
  /// - Parameter randomSeed: what `random` starts from, in place of a board's hardware generator.
  package func addStandardModules(randomSeed: UInt32 = 0) {
    addMathModule()
    addComplexMathModule()
    addStructModule()
    addArrayModule()
    addCollectionsModule()
    addStreamModule()
    addJSONModule()
    addErrorNumberModule()
    addRandomModule(seed: randomSeed)
    addRegularExpressionModule()
    addBinaryTextModule()
    addHeapQueueModule()
    addHashModule()
    addDeflateModule()
    addMemoryLayoutModule()
    addFrameBufferModule()
    for name in [
      "struct", "array", "collections", "io", "json", "errno", "random", "re", "binascii", "heapq", "hashlib",
    ] {
      addModuleAlias("u" + name, for: name)
    }
  }
}
