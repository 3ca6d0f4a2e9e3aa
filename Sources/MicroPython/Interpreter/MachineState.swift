import Timebase

/// One activation of a function, class body, module or generator.
struct Frame {
  /// How a frame was entered, and so what its end means to the code that entered it.
  enum Kind: UInt8 {
    /// An ordinary call: the result goes to `result`.
    case call
    /// `__init__` of a new object, which is in `extra`: that object is the result.
    case construct
    /// A generator stepped by `forIterator`: its end is a jump in the caller.
    case forIterator
    /// A generator that the caller delegates to with `yieldFrom` or `await`.
    case delegate
    /// The method of an operator; `extra` holds the operation (`enterOperator`).
    case operation
    /// A generator whose values go to `result` and behind it; `extra` holds their number (`forEachAhead`).
    case batch
    /// The same, as long as the values are numbers and strings.
    case plainBatch
    /// A task's coroutine, entered from Swift: when it suspends, the next task's may take its place.
    case task
  }

  var code: UnsafeMutablePointer<CodeObject>
  var registers: UnsafeMutablePointer<Value>
  /// The next instruction; kept here whenever something other than the loop itself runs.
  var pc: UnsafePointer<Instruction>
  var globals: UnsafeMutablePointer<DictObject>
  /// Tuple of cells, or unbound.
  var closure: Value
  /// The locals dictionary of a class body or `exec`, or unbound.
  var locals: Value
  var generator: UnsafeMutablePointer<GeneratorObject>?
  var result: UnsafeMutablePointer<Value>
  /// The first register that belongs to no frame: where a call from here can put its own.
  var stackTop: UnsafeMutablePointer<Value>
  var extra: Value
  var kind: Kind
  /// Entered from Swift: leaving it ends `run`.
  var isEntry: Bool
  /// Set while the frame's generator parks at a `yieldFrom` or `await` that it will go on with.
  var isParkedAtDelegation = false
}

/// The part of the interpreter's state that the bytecode loop touches all the time, in raw memory of its own.
///
/// Invariants: `frames[0]` is a sentinel below the first real frame; `frame` points at the running frame;
/// registers from `stack` up to the running frame's `stackTop` belong to live frames (generators keep theirs in the
/// generator object). Registers may hold stale values, but never addresses of freed objects: a collection scans
/// everything below `stackTop` and clears everything above.
struct MachineState {
  let frames: UnsafeMutablePointer<Frame>
  var frame: UnsafeMutablePointer<Frame>
  /// The account of the board's clock.
  let account: UnsafeMutablePointer<Clock.Account>
  let lastFrame: UnsafeMutablePointer<Frame>
  let stack: UnsafeMutablePointer<Value>
  let stackEnd: UnsafeMutablePointer<Value>
  /// The first register that was never used since the last collection.
  var highWater: UnsafeMutablePointer<Value>
  /// The value with which a generator goes on; None unless `send` gave one.
  var sent: Value = .none
  /// The next `await` or `yieldFrom` goes on with the iterator that it finds in its register.
  var continuesDelegation = false
  /// Asked for the next task when one suspends; owned by the interpreter.
  var coroutineScheduler: Unmanaged<CoroutineScheduler>?
  /// A coroutine that `coroutineScheduler` named and the loop could not enter: it has not begun, or has an exception pending.
  var refusedCoroutine: UnsafeMutablePointer<GeneratorObject>?
  /// Requests for the interpreter's attention at the next safe point.
  var attention: Attention = []
  @inline(__always) var needsAttention: Bool { attention.rawValue != 0 }

  struct Attention: OptionSet {
    var rawValue: UInt8
    /// A collection, a scheduled callback, Ctrl-C.
    static let ordinary = Attention(rawValue: 1)
    /// An interrupt that the instruction has let become due, to be handled at its end.
    static let interrupt = Attention(rawValue: 2)
  }

  /// Whether the end of a slice is seen after each built-in too; see `Interpreter.stopsAfterBuiltIns`.
  var stopsAfterBuiltIns = false
  /// Depth of `run` on the host's stack.
  var nativeDepth = 0
  /// While above zero, Swift code holds values that the collector does not know; collections wait.
  var pinDepth = 0
  /// Comparisons and hashes of containers inside each other that are under way.
  var comparisonDepth = 0
  /// Steps of built-in iterators over each other that are under way.
  var iterationDepth = 0
  /// Nesting of containers being printed.
  var printDepth = 0

  static let frameCount = 400
  static let registerCount = 24_000

  init(
    account: UnsafeMutablePointer<Clock.Account>, frameCount: Int = MachineState.frameCount,
    registerCount: Int = MachineState.registerCount
  ) {
    self.account = account
    frames = .allocate(capacity: frameCount)
    stack = .allocate(capacity: registerCount)
    stack.initialize(repeating: .unbound, count: registerCount)
    stackEnd = stack + registerCount
    highWater = stack
    frame = frames
    lastFrame = frames + (frameCount - 1)
  }

  /// Frees the memory; nothing may use this state any more.
  func deallocate() {
    frames.deallocate()
    stack.deallocate()
  }
}
