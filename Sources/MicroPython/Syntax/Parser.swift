/// The statements of a module (also of `exec`).
/// - Parameters:
///   - file: the name of the source, which only problems carry.
///   - singleFloats: whether float literals are read as a board reads them, in single precision.
///   - isDebug: the value of `__debug__`.
/// - Throws: the first problem in the source, with MicroPython's text and line.
func parseModule(
  _ source: [UInt8], file: String, singleFloats: Bool = false, isDebug: Bool = true,
  limits: CompilerLimits = .usual
) throws(SyntaxProblem) -> [Statement] {
  try parse(source, file: file, singleFloats: singleFloats, isDebug: isDebug, limits: limits) {
    (parser: inout Parser) throws(SyntaxProblem) in
    var statements: [Statement] = []
    while parser.token != .end {
      if parser.token == .newline {
        try parser.advance()
      } else {
        try parser.parseStatement(into: &statements)
      }
    }
    return statements
  }
}

/// The expression given to `eval`.
func parseExpression(
  _ source: [UInt8], file: String, singleFloats: Bool = false, isDebug: Bool = true,
  limits: CompilerLimits = .usual
) throws(SyntaxProblem) -> Expression {
  try parse(source, file: file, singleFloats: singleFloats, isDebug: isDebug, limits: limits) {
    (parser: inout Parser) throws(SyntaxProblem) in
    let expression = try parser.parseTestList()
    try parser.accept(.newline)
    return expression
  }
}

/// One interactive statement (or several simple ones on a line), as a REPL compiles them.
func parseInteractive(
  _ source: [UInt8], file: String, singleFloats: Bool = false, isDebug: Bool = true,
  limits: CompilerLimits = .usual
) throws(SyntaxProblem) -> [Statement] {
  try parse(source, file: file, singleFloats: singleFloats, isDebug: isDebug, limits: limits) {
    (parser: inout Parser) throws(SyntaxProblem) in
    var statements: [Statement] = []
    if try !parser.accept(.newline) { try parser.parseStatement(into: &statements) }
    return statements
  }
}

private func parse<Tree>(
  _ source: [UInt8], file: String, singleFloats: Bool, isDebug: Bool, limits: CompilerLimits,
  _ body: (inout Parser) throws(SyntaxProblem) -> Tree
) throws(SyntaxProblem) -> Tree {
  do throws(SyntaxProblem) {
    var parser = Parser(
      lexer: try Lexer(source), singleFloats: singleFloats, isDebug: isDebug, limits: limits)
    let tree = try body(&parser)
    guard parser.token == .end else { throw parser.unexpectedToken() }
    if let problem = parser.deferredProblem { throw problem }
    return tree
  } catch {
    var problem = error
    problem.file = file
    throw problem
  }
}

/// Recursive descent over MicroPython's grammar (py/grammar.h of MicroPython 1.29, from which names such as "test",
/// "test list" and "expression list" come). The grammar never needs more than the current token to decide.
struct Parser {
  private(set) var lexer: Lexer
  /// A mistake that MicroPython only finds after parsing all of the source; a plain syntax error anywhere goes first.
  private(set) var deferredProblem: SyntaxProblem?
  /// The functions, lambdas and classes that the parser is inside, the innermost last.
  private var scopeNames: [String] = []
  /// How deeply the parser is inside brackets, blocks and other constructs that it recurses into.
  private var nesting = 0
  /// Whether the list of expressions that was parsed last is a tuple without parentheses.
  var endedBareTuple = false
  /// The height of the highest tree made since it was last set to 0.
  private var height = 0

  private var tokenCount = 0
  let limits: CompilerLimits

  /// Whether float literals are read in single precision.
  let singleFloats: Bool
  /// The value of `__debug__`.
  let isDebug: Bool

  init(
    lexer: Lexer, singleFloats: Bool = false, isDebug: Bool = true, limits: CompilerLimits = .usual
  ) {
    self.lexer = lexer
    self.limits = limits
    self.singleFloats = singleFloats
    self.isDebug = isDebug
  }

  var token: Token { lexer.token }
  var line: Int { lexer.tokenLine }

  mutating func advance() throws(SyntaxProblem) {
    tokenCount += 1
    guard tokenCount <= limits.tokens else { throw tooLarge() }
    try lexer.advance()
  }

  /// Moves on if the current token is `expected`; returns whether it was.
  @discardableResult
  mutating func accept(_ expected: Token) throws(SyntaxProblem) -> Bool {
    guard token == expected else { return false }
    try advance()
    return true
  }

  mutating func expect(_ expected: Token) throws(SyntaxProblem) {
    guard try accept(expected) else { throw unexpectedToken() }
  }

  mutating func expectName() throws(SyntaxProblem) -> String {
    guard token == .name else { throw unexpectedToken() }
    let name = String(decoding: lexer.text, as: UTF8.self)
    try advance()
    return name
  }

  func unexpectedToken() -> SyntaxProblem {
    switch token {
    case .indent:
      SyntaxProblem("unexpected indent", line: line, kind: .indentation)
    case .dedentMismatch:
      SyntaxProblem("unindent doesn't match any outer indent level", line: line, kind: .indentation)
    case .malformedFormattedString:
      SyntaxProblem("malformed f-string", line: line)
    default:
      SyntaxProblem("invalid syntax", line: line)
    }
  }

  /// Notes a mistake that only counts if the rest of the source has no plain syntax error.
  mutating func deferProblem(_ message: String, line: Int) {
    if deferredProblem == nil {
      deferredProblem = SyntaxProblem(message, line: line, scopeName: scopeNames.last ?? "<module>")
    }
  }

  /// Runs `body`, which parses parameters and code of a function, lambda or class.
  mutating func inScope<Tree>(
    _ name: String, _ body: (inout Parser) throws(SyntaxProblem) -> Tree
  ) throws(SyntaxProblem) -> Tree {
    scopeNames.append(name)
    let tree = try body(&self)
    scopeNames.removeLast()
    return tree
  }

  /// Runs `body` one level deeper; its result counts for the height of the tree around it.
  mutating func nested<Tree>(
    _ body: (inout Parser) throws(SyntaxProblem) -> Tree
  ) throws(SyntaxProblem) -> Tree {
    nesting += 1
    guard nesting <= limits.nesting else { throw tooDeep() }
    let outerHeight = height
    height = 0
    let tree = try body(&self)
    try growTree()
    height = max(height, outerHeight)
    nesting -= 1
    return tree
  }

  /// Runs `body`, in which `growTree` counts from 0.
  mutating func measured<Tree>(
    _ body: (inout Parser) throws(SyntaxProblem) -> Tree
  ) throws(SyntaxProblem) -> Tree {
    let outerHeight = height
    height = 0
    let tree = try body(&self)
    height = max(height, outerHeight)
    return tree
  }

  /// Must be called when a node is put on top of the last one.
  mutating func growTree() throws(SyntaxProblem) {
    height += 1
    guard height <= limits.height else { throw tooDeep() }
  }

  /// Returns the error for a source that no board's memory would hold.
  func tooLarge() -> SyntaxProblem {
    SyntaxProblem("memory allocation failed", line: line, kind: .tooLarge)
  }

  private func tooDeep() -> SyntaxProblem {
    SyntaxProblem("maximum recursion depth exceeded", line: line, kind: .tooDeep)
  }
}
