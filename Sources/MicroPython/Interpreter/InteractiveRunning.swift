/// Functions of the interpreter for a prompt.
extension Interpreter {
  /// `__main__`
  package var mainModule: Value { builtInModules.get(interned: heap.intern("__main__")) }

  /// Ends what `micropython.heap_lock` has begun: with a locked heap nothing could be entered.
  package func unlockHeap() { heap.lockDepth = 0 }

  /// Whether calls wait for the next safe point (`micropython.schedule`).
  package var hasScheduledCalls: Bool { !scheduled.isEmpty }

  /// A native module that was imported; unbound when it was not.
  package func loadedModule(_ name: String) -> Value { nativeModules[name] ?? .unbound }

  /// Runs a statement that was entered at a prompt, in `__main__`: the value of an expression is printed and kept as `_`.
  package func runInteractive(_ source: [UInt8], file: String) throws(Raised) {
    let code = try compile(source, file: file, .single, watchesSharedState: watchesSharedState)
    _ = try callUnpinned(function(code, globals: mainGlobals), arguments: [])
    // Requests of the last bytecodes.
    try safePoint()
  }

  /// The names that `dir()` lists for an object.
  package func attributeNames(of object: Value) -> [String] {
    do throws(Raised) {
      return try collect(try call(builtins.get(interned: heap.intern("dir")), object))
        .compactMap { StringHandle($0)?.text }
    } catch { return [] }
  }

  /// One of `presetModules` that `__main__` uses for the first time; nil for any other name.
  func presetModule(_ name: Value, _ globals: DictHandle) throws(Raised) -> Value? {
    guard !presetModules.isEmpty, globals.pointer == mainGlobals.pointer else { return nil }
    let text = StringHandle(unchecked: name).text
    guard presetModules.contains(text) else { return nil }
    let module = try importModule(text, globals: globals, hasFromList: false, level: 0)
    globals.set(interned: name, to: module, in: heap)
    return module
  }

  /// Enters all of `presetModules` that `__main__` has not, before firmware looks at its names.
  func enterPresetModules(in names: DictHandle) throws(Raised) {
    guard !presetModules.isEmpty, names.pointer == mainGlobals.pointer else { return }
    for name in presetModules where names.get(interned: heap.intern(name)).isUnbound {
      _ = try presetModule(heap.intern(name), names)
    }
    presetModules = []
  }
}
