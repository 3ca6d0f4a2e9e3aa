/// The compiler's result for a module, function, class body, lambda or comprehension: plain data, free of any
/// heap. The interpreter loads it into a `Code`.
struct CompiledCode: Sendable {
  /// As tracebacks show it: `<module>`, `<lambda>`, `<listcomp>`, a function's or class's name.
  var name: String
  var file: String
  var firstLine: Int
  var instructions: [Instruction] = []
  var constants: [Constant] = []
  /// Identifiers that instructions refer to by index; interned when the code is loaded.
  var names: [String] = []
  /// One entry per inline cache: the index in `names` of the attribute or global that it is for.
  var caches: [Int] = []
  var children: [CompiledCode] = []
  var exceptionTable: [ExceptionRegion] = []
  /// Instructions that only run while an exception is being handled: bodies of `except`, and of `finally` and
  /// `with` on the way of an exception.
  var handlerRegions: [Range<Int>] = []
  /// (first instruction, source line), in order of instructions.
  var lines: [LineEntry] = []
  var registerCount = 0
  /// Names of the locals and cells, by register.
  var localNames: [String] = []
  var parameters = ParameterLayout()
  var flags: Flags = []
  /// The code of a function in inline assembler; `runAssembly` runs it.
  var assembly: ThumbCode?
  /// How many cells the function takes from its closure (`loadClosureCell`).
  var closureCellCount = 0

  /// The bytes of the host's memory that it takes with the code object that it is loaded into, about. Both have the instructions.
  var hostBytes: Int {
    1500 + 2 * MemoryLayout<Instruction>.stride * instructions.count
      + (MemoryLayout<InlineCache>.stride + 8) * caches.count
      + (MemoryLayout<Constant>.stride + 8) * constants.count + 24 * names.count + 16 * localNames.count
      + MemoryLayout<LineEntry>.stride * lines.count + MemoryLayout<CompiledCode>.stride * children.count
  }

  struct Flags: OptionSet, Sendable {
    var rawValue: UInt8
    static let generator = Flags(rawValue: 1)
    /// An `async def`; always together with `generator`.
    static let coroutine = Flags(rawValue: 2)
    /// Names go to the frame's locals dictionary (class bodies; modules use globals directly).
    static let usesNames = Flags(rawValue: 4)
    static let viper = Flags(rawValue: 8)
    static let native = Flags(rawValue: 16)
    /// Part of the firmware's image rather than of the user's program.
    static let frozen = Flags(rawValue: 32)
  }

  /// An exception raised at an instruction in `start..<end` goes to `handler` with the exception object in
  /// R[register]. Inner regions stand before outer ones.
  struct ExceptionRegion: Sendable {
    var start: Int
    var end: Int
    var handler: Int
    var register: Int
    /// Whether the handler is the end of an `async for` rather than something that was written.
    var endsLoop = false
    /// The line of the `except` that catches a cancellation of asyncio's, by its name or by naming none.
    var cancellationCatch: Int?
  }

  struct LineEntry: Sendable {
    var instruction: Int
    var line: Int
  }
}

/// How arguments are laid out in a function's first registers: positional parameters (positional-only ones
/// first), keyword-only parameters, then the `*args` tuple, then the `**kwargs` dict.
struct ParameterLayout: Sendable {
  /// Names in register order without the starred ones.
  var names: [String] = []
  var positionalOnlyCount = 0
  /// Positional parameters, the positional-only ones among them.
  var positionalCount = 0
  var keywordOnlyCount = 0
  var hasVariadicPositional = false
  var hasVariadicKeyword = false
  var count: Int {
    positionalCount + keywordOnlyCount + (hasVariadicPositional ? 1 : 0) + (hasVariadicKeyword ? 1 : 0)
  }
}
