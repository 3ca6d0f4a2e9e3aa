/// The end of an interpreter's life.
extension Interpreter {
  /// Lets go of everything that firmware has made, and of all callbacks of the interpreter: both may refer
  /// back to it. It cannot run any more.
  package func dismantle() {
    heap.releaseObjects()
    heap.releaseSlots()
    heap.permanentRoots = []
    heap.onPending = nil
    heap.onBulk = nil
    moduleBuilders = [:]
    nativeModules = [:]
    frozenModules = [:]
    rootVisitors = []
    scheduled = []
    sourceFinder = nil
    standardOutput = { _ in }
    turnHook = nil
    coroutineScheduler = nil
    interruptCharacterChanged = nil
  }
}
