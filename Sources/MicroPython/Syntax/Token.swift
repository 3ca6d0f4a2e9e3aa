/// A token of the lexer for the parser: a kind, and for names and literals the text.
enum Token: UInt8, Sendable {
  // Structure
  case end, invalid, dedentMismatch, unterminatedString, malformedFormattedString
  case newline, indent, dedent
  // Names and literals; `Lexer.text` holds their text, of strings the content with escapes resolved.
  case name, integer, floatOrImaginary, string, bytes
  case ellipsis

  // Keywords
  case `false`, none, `true`, and, `as`, assert, async, await, `break`, `class`, `continue`, def, del
  case elif, `else`, except, finally, `for`, from, global, `if`, `import`, `in`, `is`, lambda, nonlocal
  case not, or, pass, raise, `return`, `try`, `while`, with, yield

  // Operators
  case assignExpression, tilde, less, more, equalEqual, lessEqual, moreEqual, notEqual
  case pipe, caret, ampersand, shiftLeft, shiftRight, plus, minus, star, at, slash, percent, slashSlash
  case starStar

  // Delimiters
  case parenOpen, parenClose, bracketOpen, bracketClose, braceOpen, braceClose
  case comma, colon, period, semicolon, equal, arrow
  case plusEqual, minusEqual, starEqual, atEqual, slashEqual, percentEqual, ampersandEqual, pipeEqual
  case caretEqual, shiftLeftEqual, shiftRightEqual, starStarEqual, slashSlashEqual

  /// Reserved words. `__debug__` is a keyword whose value is `True`, so that it can't be an attribute or target.
  static let keywords: [[UInt8]: Token] = {
    let spelled: [(String, Token)] = [
      ("False", .false), ("None", .none), ("True", .true), ("__debug__", .true), ("and", .and), ("as", .as),
      ("assert", .assert), ("async", .async), ("await", .await), ("break", .break), ("class", .class),
      ("continue", .continue), ("def", .def), ("del", .del), ("elif", .elif), ("else", .else),
      ("except", .except), ("finally", .finally), ("for", .for), ("from", .from), ("global", .global),
      ("if", .if), ("import", .import), ("in", .in), ("is", .is), ("lambda", .lambda),
      ("nonlocal", .nonlocal), ("not", .not), ("or", .or), ("pass", .pass), ("raise", .raise),
      ("return", .return), ("try", .try), ("while", .while), ("with", .with), ("yield", .yield),
    ]
    return Dictionary(uniqueKeysWithValues: spelled.map { (Array($0.utf8), $1) })
  }()

  /// The operation of an augmented assignment such as `+=`.
  var augmentedOperator: BinaryOperator? {
    switch self {
    case .plusEqual: .add
    case .minusEqual: .subtract
    case .starEqual: .multiply
    case .atEqual: .matrixMultiply
    case .slashEqual: .trueDivide
    case .percentEqual: .modulo
    case .ampersandEqual: .bitAnd
    case .pipeEqual: .bitOr
    case .caretEqual: .bitXor
    case .shiftLeftEqual: .shiftLeft
    case .shiftRightEqual: .shiftRight
    case .starStarEqual: .power
    case .slashSlashEqual: .floorDivide
    default: nil
    }
  }

  /// A left-associative binary operator and how tightly it binds (1 loosest).
  var binaryOperator: (operation: BinaryOperator, precedence: Int)? {
    switch self {
    case .pipe: (.bitOr, 1)
    case .caret: (.bitXor, 2)
    case .ampersand: (.bitAnd, 3)
    case .shiftLeft: (.shiftLeft, 4)
    case .shiftRight: (.shiftRight, 4)
    case .plus: (.add, 5)
    case .minus: (.subtract, 5)
    case .star: (.multiply, 6)
    case .at: (.matrixMultiply, 6)
    case .slash: (.trueDivide, 6)
    case .percent: (.modulo, 6)
    case .slashSlash: (.floorDivide, 6)
    default: nil
    }
  }
}
