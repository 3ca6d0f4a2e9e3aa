/// A literal value as it stands in source code, before any heap exists.
package enum Constant: Hashable, Sendable {
  case none, `true`, `false`, ellipsis
  case int(Int)
  case bigInt(BigInt)
  case float(Double)
  /// The imaginary part of a literal such as `2j`.
  case imaginary(Double)
  /// UTF-8, which may hold surrogates written as escapes.
  case string([UInt8])
  case bytes([UInt8])
  case tuple([Constant])
}

/// An expression and the line on which it starts (1-based).
struct Expression: Sendable {
  var line: Int
  indirect enum Kind: Sendable {
    case constant(Constant)
    case name(String)
    case unary(UnaryOperator, Expression)
    case binary(BinaryOperator, Expression, Expression)
    case not(Expression)
    case and([Expression])
    case or([Expression])
    /// `first op1 e1 op2 e2 …`, each operand evaluated once.
    case compare(Expression, [(ComparisonOperator, Expression)])
    case conditional(test: Expression, then: Expression, else: Expression)
    case lambda(FunctionDefinition)
    case call(Expression, [Argument])
    case attribute(Expression, String)
    case item(Expression, Expression)
    /// Only as (part of) a subscript's index.
    case slice(lower: Expression?, upper: Expression?, step: Expression?)
    case tuple([Expression])
    case list([Expression])
    case set([Expression])
    /// A nil key is `**value`.
    case dict([(key: Expression?, value: Expression)])
    case starred(Expression)
    case comprehension(Comprehension)
    case yield(Expression?)
    case yieldFrom(Expression)
    case await(Expression)
    /// `name := value`
    case namedExpression(String, Expression)
    /// Only what `ViperTyping` makes.
    case word(WordOperation)
  }
  var kind: Kind
  /// Of a call, a subscript or an attribute: the line of its parenthesis, bracket or point, 0 of anything else.
  var trailerLine = 0
}

enum UnaryOperator: Sendable { case plus, minus, invert }

enum BinaryOperator: UInt8, CaseIterable, Sendable {
  case add, subtract, multiply, floorDivide, modulo, trueDivide, power
  case bitAnd, bitOr, bitXor, shiftLeft, shiftRight, matrixMultiply
}

enum ComparisonOperator: UInt8, Sendable {
  case less, lessOrEqual, greater, greaterOrEqual, equal, notEqual, `is`, isNot, `in`, notIn
}

struct Argument: Sendable {
  enum Kind: Sendable {
    case positional
    case keyword(String)
    case star, doubleStar
  }
  var kind: Kind
  var value: Expression
}

struct Comprehension: Sendable {
  enum Kind: Sendable { case list, set, dict, generator }
  var kind: Kind
  var element: Expression
  /// The value of a dictionary comprehension, whose `element` is the key.
  var value: Expression?
  var clauses: [Clause]
  struct Clause: Sendable {
    var isAsync: Bool
    var target: Expression
    var iterable: Expression
    var conditions: [Expression]
  }
  /// Given by the compiler, which finds the scope of the node by it.
  var scopeID = 0
}

struct Parameter: Sendable {
  enum Kind: Sendable { case positionalOnly, positional, star, keywordOnly, doubleStar }
  var name: String
  var kind: Kind
  var defaultValue: Expression?
  var annotation: Expression?
}

struct FunctionDefinition: Sendable {
  var name: String
  var line: Int
  var parameters: [Parameter]
  var body: [Statement]
  var isAsync: Bool
  /// Names as written, innermost last; `micropython.native`, `.viper` and the `asm_` family are
  /// recognised by the compiler.
  var decorators: [Expression]
  var returnAnnotation: Expression?
  /// Given by the compiler, which finds the scope of the node by it.
  var scopeID = 0
}

struct ClassDefinition: Sendable {
  var name: String
  var line: Int
  var bases: [Argument]
  var body: [Statement]
  var decorators: [Expression]
  /// Given by the compiler, which finds the scope of the node by it.
  var scopeID = 0
}

struct ExceptionHandler: Sendable {
  var line: Int
  var type: Expression?
  var name: String?
  var body: [Statement]
}

struct WithItem: Sendable {
  var context: Expression
  var target: Expression?
}

struct ImportAlias: Sendable {
  /// Dotted as written.
  var name: String
  var alias: String?
}

/// One of the items of `a, b = c, d`. All values are complete before the first of them is assigned.
struct EachAssignment: Sendable {
  var target: Expression
  var value: Expression
  /// Only what `ViperTyping` makes, in place of the target: its value is that of the assignment.
  var store: WordStore?
}

/// A statement and the line on which it starts (1-based).
struct Statement: Sendable {
  var line: Int
  indirect enum Kind: Sendable {
    case expression(Expression)
    case assign(targets: [Expression], value: Expression)
    /// `a, b = c, d` and `a, b, c = d, e, f`, which MicroPython assigns without making a tuple. With more items, or
    /// parentheses around either side, it makes one.
    case assignEach([EachAssignment])
    case augmentedAssign(target: Expression, BinaryOperator, value: Expression)
    case annotatedAssign(target: Expression, annotation: Expression, value: Expression?)
    case `return`(Expression?)
    case raise(Expression?, cause: Expression?)
    case delete([Expression])
    case pass, `break`, `continue`
    case `import`([ImportAlias])
    /// `names` empty means `*`; `level` counts the leading dots.
    case importFrom(module: String, level: Int, names: [ImportAlias])
    case global([String])
    case nonlocal([String])
    case assert(Expression, message: Expression?)
    case `if`(Expression, then: [Statement], else: [Statement])
    case `while`(Expression, body: [Statement], else: [Statement])
    case `for`(target: Expression, iterable: Expression, body: [Statement], else: [Statement], isAsync: Bool)
    case `try`(body: [Statement], handlers: [ExceptionHandler], else: [Statement], finally: [Statement])
    case with([WithItem], body: [Statement], isAsync: Bool)
    case function(FunctionDefinition)
    case `class`(ClassDefinition)
    /// Only what `ViperTyping` makes.
    case wordStore(WordStore)
  }
  var kind: Kind
}
