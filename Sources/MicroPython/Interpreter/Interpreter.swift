import Timebase

/// One MicroPython machine: heap, built-ins, modules and the bytecode loop.
///
/// It belongs to the firmware thread. Only while that thread waits with the baton handed over (a hard interrupt
/// handler) may the `interrupt` thread use it.
package final class Interpreter {
  package let heap: Heap
  package let clock: Clock
  let costs: CostTable
  /// Invariant: allocated once, freed with the interpreter; only the thread that has the baton touches it.
  let state: UnsafeMutablePointer<MachineState>
  var account: UnsafeMutablePointer<Clock.Account> { state.pointee.account }

  /// Names that every module sees.
  package let builtins: DictHandle
  /// `sys.modules`: modules that were loaded from files, or are Python on a board.
  package let modules: DictHandle
  /// `__main__`, `builtins` and the native modules that were imported, which are not listed in `sys.modules` on a board.
  let builtInModules: DictHandle
  /// The globals of `__main__`.
  package let mainGlobals: DictHandle
  var exceptionTypes: [StandardException: TypeHandle] = [:]
  let names: WellKnownNames
  let memberCache = MemberCache()
  /// Native modules that were not imported yet.
  var moduleBuilders: [String: (ModuleBuilder) -> Void] = [:]
  var moduleAliases: [String: String] = [:]
  /// Native modules that were imported.
  var nativeModules: [String: Value] = [:]
  var frozenModules: [String: FrozenModule] = [:]
  /// Code that comes with the firmware is in flash and takes no memory.
  var isLoadingFrozenCode = false
  /// Sources of the firmware's compiled code, see `NameOrder`.
  var compiledSources: [[UInt8]] = []
  var importTime = ImportTime()
  /// The `__import__` that the board starts with; firmware may put its own in its place.
  var defaultImporter = Value.unbound
  /// Attributes of built-in modules that firmware may set although the modules are in flash.
  var settableAttributes: [(module: DictHandle, name: Value)] = []

  /// Output of `print`. The bytes are the board's own, line feeds as they are.
  package var standardOutput: ([UInt8]) -> Void = { _ in }
  /// The module that takes itself for `__main__` when it is imported: it is the program that runs.
  package var mainModuleName: String?
  /// Modules that `__main__` can use without importing them, as if the board's `boot.py` had. They are imported when they are
  /// first used, so that programs that do not need them find the board as it is without `boot.py`.
  package var presetModules: [String] = []
  /// The hardware's random generator, from which `random` starts, and `random.seed()` starts it anew. Without a board there is none.
  package var hardwareRandom: () -> UInt32 = {
    var draws: UInt32 = 0
    return {
      draws &+= 1
      return draws
    }
  }()
  /// Finds source files for `import`.
  package var sourceFinder: (any SourceFinder)?
  /// Work to do at safe points, in order: `micropython.schedule` and soft interrupt handlers.
  var scheduled: [(function: Value, argument: Value)] = []
  var isRunningScheduled = false
  /// How many hard interrupt handlers run, one interrupting the other.
  package var handlerDepth = 0
  var interruptRequest = PendingKeyboardInterrupt.none
  /// A collection that waits until no Swift code holds values.
  var deferredCollection = false
  /// Constructor arguments of objects whose `__init__` runs and whose native part may have to be made from them.
  var constructionArguments: [(object: Value, arguments: Value)] = []
  /// `__init__` of native bases, see `superAttribute`.
  var nativeInitializer = Value.unbound
  /// Threads of the firmware that do not run now.
  var parkedThreads: [ThreadState] = []
  /// Asked at every safe point that `requestAttention` announced, even while the heap is locked: lets other threads of
  /// the firmware have their turn. May raise (a thread that is to end).
  package var turnHook: (() throws(Raised) -> Void)?
  private var memoryObservation: Observation?
  /// See `hold`.
  var temporaryRoots: [Value] = []
  /// Value of the iterator that ended last, for `StopIteration.value` and `yield from`.
  var stopValue = Value.none
  /// The built-in `len`, which the loop answers itself for sequences.
  var lengthFunction = Value.unbound
  /// `__next__` of the built-in iterators.
  var iteratorNext = Value.unbound
  /// Called for every access to state that tasks can share, by code that was compiled while there was an
  /// observer.
  package let sharedAccesses = Observers<(SharedAccess) -> Void>()
  /// Called with an exception that ends a callback, a thread or a task, and that nobody catches.
  package let uncaughtExceptions = Observers<(Value) -> Void>()
  /// Modules that other interpreters have compiled; nil where each compiles its own.
  package var compiledCode: CompiledCodeCache?
  /// Takes note of what assertions compared, in code that is compiled while there is one.
  package var assertionNotes: AssertionNotes? { didSet { assertionNotes?.install(in: self) } }
  /// Called with the method when firmware calls `send`, `throw` or `close` of a coroutine that a task runs.
  package let forcedCoroutines = Observers<(GeneratorHandle, String) -> Void>()
  /// Handles interrupts, at the end of an instruction after which `requestInterrupt` was called. In a handler too: another one
  /// may preempt it.
  package var interruptHook: (() -> Void)?
  /// Whether the safe point stands behind an instruction that has made an interrupt, which need not be a jump.
  var isAtInstructionEnd = false
  /// Called at safe points where a slice of board time has ended.
  package let sliceEnds = Observers<() -> Void>()
  /// Asked at every safe point that `requestAttention` announced; may raise (Ctrl-C).
  package let attention = Observers<AttentionObserver>()
  /// Whether and how the loop goes from task to task (`runTasks`).
  package var coroutineScheduler: CoroutineScheduler? {
    didSet { state.pointee.coroutineScheduler = coroutineScheduler.map { .passUnretained($0) } }
  }
  /// Runs functions in inline assembler; made for the first of them.
  private(set) lazy var inlineAssembly = InlineAssembly(vm: self)
  /// The board around inline assembler and `machine.mem32`.
  package weak var processorEnvironment: (any ProcessorEnvironment)?
  /// The board as the compiler sees it.
  package var compilerTarget = CompilerTarget()
  /// The memory that firmware has addresses of.
  let memory = BoardMemory()
  /// Values that Swift code outside the heap holds (peripheral callbacks, tasks).
  package var rootVisitors: [((Value) -> Void) -> Void] = []

  /// The firmware ends here and now: no handler of its own runs any more.
  package var isHalted = false
  /// Code compiled from now on leaves out: nothing (0), assertions (1), line numbers too (3).
  package var optimisationLevel = 0
  /// The character that interrupts firmware (`micropython.kbd_intr`): Ctrl-C, or -1 for none.
  package var interruptCharacter = 3 { didSet { interruptCharacterChanged?(interruptCharacter) } }
  package var interruptCharacterChanged: ((Int) -> Void)?

  package init(heap: Heap, clock: Clock, costs: CostTable) {
    self.heap = heap
    self.clock = clock
    self.costs = costs
    state = .allocate(capacity: 1)
    state.initialize(to: MachineState(account: clock.account))
    builtins = heap.dict()
    modules = heap.dict()
    builtInModules = heap.dict()
    mainGlobals = heap.dict()
    names = WellKnownNames(heap)
    heap.permanentRoots += [builtins.value, modules.value, builtInModules.value, mainGlobals.value]
    heap.onPending = { [state] in state.pointee.attention.insert(.ordinary) }
    heap.onBulk = { [state] bytes in
      state.pointee.account.pointee.remaining &-= Int64(clamping: bytes) &* Interpreter.byteCost
    }
    let emptyCode = load(
      CompiledCode(name: "", file: "", firstLine: 0, instructions: [Instruction(.returnNone)]))
    heap.permanentRoots.append(emptyCode.value)
    state.pointee.frames.initialize(
      to: Frame(
        code: emptyCode.pointer, registers: state.pointee.stack,
        pc: UnsafePointer(emptyCode.pointer.pointee.instructions), globals: mainGlobals.pointer,
        closure: .unbound, locals: .unbound, generator: nil, result: state.pointee.stack,
        stackTop: state.pointee.stack + 1, extra: .unbound, kind: .call, isEntry: true))
    rootVisitors.append { [memory] visit in memory.visitValues(visit) }
    memoryObservation = heap.collections.add { [memory] isReachable in
      memory.forgetOwners(unless: isReachable)
    }
    makeExceptionTypes()
    mainGlobals.set(interned: names.name, to: heap.intern("__main__"), in: heap)
    builtInModules.set(
      interned: heap.intern("__main__"), to: heap.module(globals: mainGlobals).value, in: heap)
    heap.hasher = { [unowned self] key in
      do throws(Raised) { return try hash(key) } catch { return 0 }
    }
    for (name, type) in coreBuiltinTypes {
      builtins.set(interned: heap.intern(name), to: type.value, in: heap)
    }
    makeClassBuilder()
    makeNativeInitializer()
    builtins.set(interned: heap.intern("Ellipsis"), to: .ellipsis, in: heap)
    builtins.set(interned: heap.intern("NotImplemented"), to: .notImplemented, in: heap)
  }

  deinit {
    state.pointee.deallocate()
    state.deallocate()
    memberCache.deallocate()
  }

  private var coreBuiltinTypes: [(String, TypeHandle)] {
    let types = heap.types
    return [
      ("type", types.type), ("object", types.object), ("bool", types.bool), ("int", types.int),
      ("float", types.float), ("complex", types.complex), ("str", types.str), ("bytes", types.bytes),
      ("bytearray", types.bytearray), ("memoryview", types.memoryview), ("tuple", types.tuple),
      ("list", types.list), ("dict", types.dict), ("set", types.set), ("frozenset", types.frozenset),
      ("range", types.range), ("slice", types.slice), ("staticmethod", types.staticMethod),
      ("classmethod", types.classMethod), ("property", types.property), ("super", types.superType),
    ]
  }

  /// Asks for a look at the next safe point. Only the thread that has the baton may call it.
  package func requestAttention() { state.pointee.attention.insert(.ordinary) }

  /// Has the interrupts that are due handled (`interruptHook`) at the end of the instruction that is being executed.
  package func requestInterrupt() { state.pointee.attention.insert(.interrupt) }

  /// Whether something waits for the next safe point that no event of the clock brings, as it brings interrupts.
  package var awaitsSafePoint: Bool { state.pointee.attention.contains(.ordinary) }

  /// Whether `value(…)` can work.
  package func isCallable(_ value: Value) -> Bool { ObjectBuiltins.isCallable(value, self) }

  /// Writes to the board's standard output.
  package func write(_ bytes: [UInt8]) {
    account.pointee.remaining &-= costs.consoleByte &* Int64(bytes.count)
    standardOutput(bytes)
  }
}
