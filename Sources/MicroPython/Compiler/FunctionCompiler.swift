/// Compiles one scope to code.
///
/// Registers: parameters, then the other locals and cells, then temporaries as a stack. A temporary that is
/// handed to `evaluate(_:into:)` may be used as scratch until the value is complete; a local is written
/// only by the last instruction, so that it keeps its value when the expression raises.
final class FunctionCompiler {
  let scope: Scope
  let compilation: Compilation
  let usesLongJumps: Bool

  var instructions: [Instruction] = []
  var constants: [Constant] = []
  var constantIndices: [Constant: Int] = [:]
  var names: [String] = []
  var nameIndices: [String: Int] = [:]
  var caches: [Int] = []
  var globalCaches: [String: Int] = [:]
  var children: [CompiledCode] = []
  var childIndices: [Int: Int] = [:]
  var exceptionTable: [CompiledCode.ExceptionRegion] = []
  var handlerRegions: [Range<Int>] = []
  var lines: [CompiledCode.LineEntry] = []
  var fixups: [(address: Int, label: Label)] = []
  var blocks: [Block] = []
  var parameters = ParameterLayout()
  var flags: CompiledCode.Flags = []
  var assembly: ThumbCode?
  /// The line that instructions are recorded for, see `advance(to:)`.
  var line: Int

  /// The register of each variable of the scope that has one.
  let registers: [String: Int]
  let localCount: Int
  /// The first free temporary.
  var top: Int
  private var registerCount: Int
  /// Whether the assignment that is being compiled stores something that no earlier reading is in, see `StaleReadAnalysis.swift`.
  var assignsNewData = false
  /// The locals that are bound for sure at this point; nil where the code cannot be reached.
  var boundRegisters: Set<Int>?
  /// Locals that are read where they may be unbound, so that the code has to begin by unbinding them.
  var uncertainRegisters: Set<Int> = []

  init(scope: Scope, compilation: Compilation, usesLongJumps: Bool) {
    self.scope = scope
    self.compilation = compilation
    self.usesLongJumps = usesLongJumps
    line = scope.line
    var registers: [String: Int] = [:]
    for name in scope.parameters { registers[name] = registers.count }
    for name in scope.names where registers[name] == nil {
      switch scope.bindings[name] {
      case .local where scope.isFunctionLike, .cell, .free: registers[name] = registers.count
      default: break
      }
    }
    self.registers = registers
    localCount = registers.count
    top = registers.count
    registerCount = registers.count
    boundRegisters = Set(0..<scope.parameters.count)
  }

  var options: CompilerOptions { compilation.options }

  func problem(_ message: String, line: Int? = nil) -> SyntaxProblem {
    SyntaxProblem(message, line: line ?? self.line, scopeName: scope.name)
  }

  // MARK: Registers

  func allocate(_ count: Int = 1) -> Int {
    let register = top
    top += count
    registerCount = max(registerCount, top)
    return register
  }

  func isTemporary(_ register: Int) -> Bool { register >= localCount }

  /// The register itself when it may hold intermediate values, else a new temporary.
  func scratch(_ register: Int) -> Int { isTemporary(register) ? register : allocate() }

  /// The first register of a call's window: `register` when it is the topmost temporary, else a new one.
  func window(for register: Int) -> Int {
    isTemporary(register) && register == top - 1 ? register : allocate()
  }

  /// Frees the temporaries that `body` allocates.
  func withTemporaries<Result>(
    _ body: () throws(SyntaxProblem) -> Result
  ) throws(SyntaxProblem) -> Result {
    let mark = top
    defer { top = mark }
    return try body()
  }

  // MARK: The end

  /// The finished code, or nil when a jump does not reach its target and long jumps are needed.
  func finish() throws(SyntaxProblem) -> CompiledCode? {
    for (address, label) in fixups {
      guard let position = label.position else { continue }
      let offset = position - address - 1
      let instruction = instructions[address]
      if instruction.opcode.hasShortJump {
        guard let short = Int16(exactly: offset) else { return nil }
        instructions[address] = Instruction(
          instruction.opcode, a: instruction.a, b: instruction.b, c: Int(short))
      } else {
        instructions[address] = Instruction(instruction.opcode, a: instruction.a, jump: offset)
      }
    }
    let limit = Int(UInt16.max)
    guard registerCount <= limit, constants.count <= limit, names.count <= limit, caches.count <= limit,
      children.count <= limit
    else { throw problem("code too large", line: scope.line) }

    let prologue = makePrologue()
    var code = CompiledCode(name: scope.name, file: compilation.file, firstLine: scope.line)
    code.assembly = assembly
    code.instructions = prologue + instructions
    code.constants = constants
    code.names = names
    code.caches = caches
    code.children = children
    code.exceptionTable = exceptionTable.map {
      var region = $0
      region.start += prologue.count
      region.end += prologue.count
      region.handler += prologue.count
      return region
    }
    code.handlerRegions = handlerRegions.map {
      $0.lowerBound + prologue.count..<$0.upperBound + prologue.count
    }
    code.localNames = registers.sorted { $0.value < $1.value }.map(\.key)
    code.lines = lines.map { entry in
      CompiledCode.LineEntry(instruction: entry.instruction + prologue.count, line: entry.line)
    }
    if !prologue.isEmpty || lines.isEmpty {
      code.lines.insert(CompiledCode.LineEntry(instruction: 0, line: scope.line), at: 0)
    }
    if options.optimisationLevel >= 3 { code.lines = [CompiledCode.LineEntry(instruction: 0, line: 1)] }
    code.registerCount = registerCount
    code.parameters = parameters
    code.flags = flags
    code.closureCellCount = scope.freeNames.count
    return code
  }

  private func makePrologue() -> [Instruction] {
    var prologue: [Instruction] = []
    if scope.isGenerator { prologue.append(Instruction(.generatorStart)) }
    for (index, name) in scope.freeNames.enumerated() {
      if let register = registers[name] {
        prologue.append(Instruction(.loadClosureCell, a: register, b: index))
      }
    }
    for name in scope.names where scope.bindings[name] == .cell {
      guard let register = registers[name] else { continue }
      if register >= scope.parameters.count { prologue.append(Instruction(.unbind, a: register)) }
      prologue.append(Instruction(.makeCell, a: register))
    }
    for register in uncertainRegisters.sorted() where register >= scope.parameters.count {
      prologue.append(Instruction(.unbind, a: register))
    }
    return prologue
  }
}
