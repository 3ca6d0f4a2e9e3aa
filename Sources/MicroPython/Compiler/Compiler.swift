/// Inputs of a compilation besides the source.
struct CompilerOptions: Sendable {
  /// Module code keeps its names in the frame's locals dictionary: `exec` and `eval` with locals of their own.
  var usesNames = false
  /// Floating-point constants are folded in single precision, as on a Pyboard V1.1.
  var singlePrecision = false
  /// Reads and writes of state that tasks can share are reported to an observer.
  var watchesSharedState = false
  /// Assertions report their operands to an observer (`AssertionNotes`).
  var notesAssertions = false
  /// `micropython.opt_level`: from 1 on without assertions, from 3 on without line numbers.
  var optimisationLevel = 0
  var target = CompilerTarget()

  init(
    usesNames: Bool = false, singlePrecision: Bool = false, watchesSharedState: Bool = false,
    notesAssertions: Bool = false, optimisationLevel: Int = 0, target: CompilerTarget = CompilerTarget()
  ) {
    self.usesNames = usesNames
    self.singlePrecision = singlePrecision
    self.watchesSharedState = watchesSharedState
    self.notesAssertions = notesAssertions
    self.optimisationLevel = optimisationLevel
    self.target = target
  }
}

/// The kind of text to compile: a module, an expression, a statement from the prompt.
enum SourceMode: String {
  case exec, eval, single
}

/// The board as the compiler sees it.
package struct CompilerTarget: Sendable {
  /// The instructions of inline assembler; nil where MicroPython has none.
  package var assembler: ThumbArchitecture?
  /// Constants of a module that are known without an import, by name: `stm.GPIOA`. Asked only for names that a program uses.
  package var constants: @Sendable (_ module: String) -> [String: Int]?

  package init(
    assembler: ThumbArchitecture? = .armv7em,
    constants: @escaping @Sendable (_ module: String) -> [String: Int]? = { _ in nil }
  ) {
    self.assembler = assembler
    self.constants = constants
  }
}

/// Turns a syntax tree into code for the register machine, with MicroPython's rules for names and constants
/// and its compile-time errors.
enum Compiler {
  /// Compiles a file or the text given to `exec`.
  static func compile(
    module: [Statement], file: String, options: CompilerOptions = CompilerOptions()
  ) throws(SyntaxProblem) -> CompiledCode {
    try compilation(file, options) { (compilation) throws(SyntaxProblem) in
      try compilation.compileModule(module, isInteractive: false)
    }
  }

  /// Compiles the text given to `eval`; the code returns the value.
  static func compile(
    expression: Expression, file: String, options: CompilerOptions = CompilerOptions()
  ) throws(SyntaxProblem) -> CompiledCode {
    try compilation(file, options) { (compilation) throws(SyntaxProblem) in
      try compilation.compileExpression(expression)
    }
  }

  /// Compiles a line typed at the prompt; the values of expression statements are printed.
  static func compile(
    interactive: [Statement], file: String, options: CompilerOptions = CompilerOptions()
  ) throws(SyntaxProblem) -> CompiledCode {
    try compilation(file, options) { (compilation) throws(SyntaxProblem) in
      try compilation.compileModule(interactive, isInteractive: true)
    }
  }

  private static func compilation(
    _ file: String, _ options: CompilerOptions,
    _ body: (Compilation) throws(SyntaxProblem) -> CompiledCode
  ) throws(SyntaxProblem) -> CompiledCode {
    do throws(SyntaxProblem) {
      return try body(Compilation(file: file, options: options))
    } catch {
      var problem = error
      problem.file = file
      throw problem
    }
  }
}

/// One run of the compiler: folding, then scope analysis, then one `FunctionCompiler` for each scope.
final class Compilation {
  let file: String
  let options: CompilerOptions
  private(set) var analysis = ScopeAnalysis()
  private(set) var isInteractive = false

  init(file: String, options: CompilerOptions) {
    self.file = file
    self.options = options
  }

  func compileModule(
    _ body: [Statement], isInteractive: Bool
  ) throws(SyntaxProblem) -> CompiledCode {
    self.isInteractive = isInteractive
    var folder = ConstantFolder(options: options)
    let folded = try folder.fold(body)
    let module = try analysis.analyse(module: folded)
    return try code(for: module) { compiler throws(SyntaxProblem) in
      if self.options.usesNames { compiler.flags.insert(.usesNames) }
      try compiler.compile(folded)
      compiler.emit(.returnNone)
    }
  }

  func compileExpression(_ expression: Expression) throws(SyntaxProblem) -> CompiledCode {
    var folder = ConstantFolder(options: options)
    let folded = try folder.fold(expression)
    let module = try analysis.analyse(expression: folded)
    return try code(for: module) { compiler throws(SyntaxProblem) in
      if self.options.usesNames { compiler.flags.insert(.usesNames) }
      try compiler.emitReturn(of: folded)
    }
  }

  /// Compiles one scope; when a fused jump turns out not to reach its target, once more with long jumps.
  func code(
    for scope: Scope, _ compileBody: (FunctionCompiler) throws(SyntaxProblem) -> Void
  ) throws(SyntaxProblem) -> CompiledCode {
    for usesLongJumps in [false, true] {
      let compiler = FunctionCompiler(scope: scope, compilation: self, usesLongJumps: usesLongJumps)
      try compileBody(compiler)
      if let code = try compiler.finish() { return code }
    }
    throw SyntaxProblem("code too large", line: scope.line, scopeName: scope.name)
  }
}
