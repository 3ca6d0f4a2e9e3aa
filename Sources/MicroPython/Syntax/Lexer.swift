/// Turns UTF-8 source into tokens, one at a time: `token`, `text` and `line` describe the current one.
///
/// It follows MicroPython's lexer where that differs from CPython's: adjacent string literals join into one token,
/// a tab moves to the next multiple of 8, and an f-string is rewritten into `"…".format(…)`, whose arguments
/// are read back as if they stood in the source after the literal.
struct Lexer {
  private(set) var line = 1
  /// The current token, the line on which it starts (1-based) and the text of a name or literal.
  var token = Token.end
  private(set) var tokenLine = 1
  var text: [UInt8] = []

  /// Source with line ends as LF, NUL replaced, a final LF, and three zero bytes to look ahead into.
  private let source: [UInt8]
  private var position = 0
  private var column = 1
  /// Rewritten f-string arguments to read before the rest of `source`; the next byte is the last one.
  private var injected: [UInt8] = []
  private var bracketLevel = 0
  /// Columns of the open blocks.
  private var indents = [0]
  /// Indent (positive) or dedent tokens still to deliver.
  private var pendingDents = 0

  init(_ bytes: [UInt8]) throws(SyntaxProblem) {
    source = Lexer.normalized(bytes)
    try advance()
    if tokenColumn != 1, token != .newline { token = .indent }
  }

  private var tokenColumn = 1

  /// The byte at `offset` (0…2) from the reading position; 0 at the end.
  func peek(_ offset: Int = 0) -> UInt8 {
    if injected.isEmpty { return source[min(position + offset, source.count - 1)] }
    let index = injected.count - 1 - offset
    if index >= 0 { return injected[index] }
    return source[min(position - index - 1, source.count - 1)]
  }

  var isAtEnd: Bool { peek() == 0 }

  mutating func nextByte() {
    switch peek() {
    case UInt8(ascii: "\n"):
      line += 1
      column = 1
    case UInt8(ascii: "\t"):
      column = ((column - 1 + Lexer.tabSize) / Lexer.tabSize) * Lexer.tabSize + 1
    default:
      column += 1
    }
    if injected.popLast() == nil, position < source.count - 1 { position += 1 }
  }

  /// Puts bytes in front of the rest of the source.
  mutating func inject(_ bytes: [UInt8]) {
    injected.append(contentsOf: bytes.reversed())
  }

  /// Moves to the next token.
  mutating func advance() throws(SyntaxProblem) {
    text.removeAll(keepingCapacity: true)
    let stoppedAtNewline = skipWhitespace(stoppingAtNewline: true)
    tokenLine = line
    tokenColumn = column
    if pendingDents != 0 {
      token = pendingDents < 0 ? .dedent : .indent
      pendingDents -= pendingDents.signum()
    } else if stoppedAtNewline {
      readNewline()
    } else if isAtEnd {
      token = .end
    } else if isAtString {
      try readStrings()
    } else if isIdentifierHead(peek()) {
      try readName()
    } else if isDigit(peek()) || peek() == UInt8(ascii: ".") && isDigit(peek(1)) {
      readNumber()
    } else {
      readOperator()
    }
  }

  /// Skips blanks, comments, joined lines and, inside brackets, line ends. True if it stopped at a line end.
  @discardableResult
  mutating func skipWhitespace(stoppingAtNewline: Bool) -> Bool {
    while true {
      switch peek() {
      case UInt8(ascii: "\n"):
        if stoppingAtNewline, bracketLevel == 0 { return true }
        nextByte()
      case 0x09...0x0d, UInt8(ascii: " "):
        nextByte()
      case UInt8(ascii: "#"):
        while !isAtEnd, peek() != UInt8(ascii: "\n") { nextByte() }
      case UInt8(ascii: "\\") where peek(1) == UInt8(ascii: "\n"):
        nextByte()
        nextByte()
      default:
        return false
      }
    }
  }

  private mutating func readNewline() {
    skipWhitespace(stoppingAtNewline: false)
    token = .newline
    let indent = column - 1
    if indent > indents[indents.count - 1] {
      indents.append(indent)
      pendingDents += 1
    } else {
      while indent < indents[indents.count - 1] {
        indents.removeLast()
        pendingDents -= 1
      }
      if indent != indents[indents.count - 1] { token = .dedentMismatch }
    }
  }

  private mutating func readName() throws(SyntaxProblem) {
    repeat {
      text.append(peek())
      nextByte()
    } while isIdentifierHead(peek()) || isDigit(peek())
    guard text.count <= Interpreter.nameLimit else {
      throw SyntaxProblem("name too long", line: line, kind: .tooDeep)
    }
    token = Token.keywords[text] ?? .name
  }

  /// Takes all characters that look like part of a number; `NumberLiteral` judges it.
  private mutating func readNumber() {
    token = peek() == UInt8(ascii: ".") ? .floatOrImaginary : .integer
    let base = peek(1) | 0x20
    let hasBase =
      peek() == UInt8(ascii: "0")
      && (base == UInt8(ascii: "b") || base == UInt8(ascii: "o") || base == UInt8(ascii: "x"))
    text.append(peek())
    nextByte()
    while true {
      let byte = peek()
      if !hasBase, byte | 0x20 == UInt8(ascii: "e") {
        token = .floatOrImaginary
        text.append(UInt8(ascii: "e"))
        nextByte()
        if peek() == UInt8(ascii: "+") || peek() == UInt8(ascii: "-") {
          text.append(peek())
          nextByte()
        }
      } else if isLetter(byte) || isDigit(byte) || byte == UInt8(ascii: ".") {
        if byte == UInt8(ascii: ".") || byte | 0x20 == UInt8(ascii: "j") { token = .floatOrImaginary }
        text.append(byte)
        nextByte()
      } else if byte == UInt8(ascii: "_") {
        nextByte()
      } else {
        return
      }
    }
  }

  private mutating func readOperator() {
    let length: Int
    (token, length) = operatorAtPosition()
    for _ in 0..<length { nextByte() }
    switch token {
    case .parenOpen, .bracketOpen, .braceOpen: bracketLevel += 1
    case .parenClose, .bracketClose, .braceClose: bracketLevel -= 1
    default: break
    }
  }

  /// The longest operator that starts here, and its length.
  private func operatorAtPosition() -> (Token, Int) {
    let next = peek(1)
    let isDoubled = next == peek()
    let isDoubledEqual = isDoubled && peek(2) == UInt8(ascii: "=")
    let isEqual = next == UInt8(ascii: "=")
    /// For operators of the family `x`, `x=`, `xx`, `xx=`.
    func family(_ plain: Token, _ equal: Token, _ doubled: Token, _ doubledEqual: Token) -> (Token, Int) {
      isDoubledEqual ? (doubledEqual, 3) : isDoubled ? (doubled, 2) : isEqual ? (equal, 2) : (plain, 1)
    }
    func pair(_ plain: Token, _ equal: Token) -> (Token, Int) { isEqual ? (equal, 2) : (plain, 1) }
    switch peek() {
    case UInt8(ascii: "("): return (.parenOpen, 1)
    case UInt8(ascii: ")"): return (.parenClose, 1)
    case UInt8(ascii: "["): return (.bracketOpen, 1)
    case UInt8(ascii: "]"): return (.bracketClose, 1)
    case UInt8(ascii: "{"): return (.braceOpen, 1)
    case UInt8(ascii: "}"): return (.braceClose, 1)
    case UInt8(ascii: ","): return (.comma, 1)
    case UInt8(ascii: ";"): return (.semicolon, 1)
    case UInt8(ascii: "~"): return (.tilde, 1)
    case UInt8(ascii: ":"): return pair(.colon, .assignExpression)
    case UInt8(ascii: "<"): return family(.less, .lessEqual, .shiftLeft, .shiftLeftEqual)
    case UInt8(ascii: ">"): return family(.more, .moreEqual, .shiftRight, .shiftRightEqual)
    case UInt8(ascii: "*"): return family(.star, .starEqual, .starStar, .starStarEqual)
    case UInt8(ascii: "/"): return family(.slash, .slashEqual, .slashSlash, .slashSlashEqual)
    case UInt8(ascii: "+"): return pair(.plus, .plusEqual)
    case UInt8(ascii: "-"): return next == UInt8(ascii: ">") ? (.arrow, 2) : pair(.minus, .minusEqual)
    case UInt8(ascii: "&"): return pair(.ampersand, .ampersandEqual)
    case UInt8(ascii: "|"): return pair(.pipe, .pipeEqual)
    case UInt8(ascii: "%"): return pair(.percent, .percentEqual)
    case UInt8(ascii: "^"): return pair(.caret, .caretEqual)
    case UInt8(ascii: "@"): return pair(.at, .atEqual)
    case UInt8(ascii: "="): return pair(.equal, .equalEqual)
    case UInt8(ascii: "!"): return isEqual ? (.notEqual, 2) : (.invalid, 1)
    case UInt8(ascii: "."): return isDoubled && peek(2) == peek() ? (.ellipsis, 3) : (.period, 1)
    default: return (.invalid, 1)
    }
  }

  private static let tabSize = 8

  private static func normalized(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count + 4)
    var previous: UInt8 = 0
    for byte in bytes {
      switch byte {
      case 0: result.append(1)  // 0 marks the end; 1 is just as invalid
      case UInt8(ascii: "\r"): result.append(UInt8(ascii: "\n"))
      case UInt8(ascii: "\n") where previous == UInt8(ascii: "\r"): break
      default: result.append(byte)
      }
      previous = byte
    }
    if let last = result.last, last != UInt8(ascii: "\n") { result.append(UInt8(ascii: "\n")) }
    result.append(contentsOf: [0, 0, 0])
    return result
  }
}

func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

func isLetter(_ byte: UInt8) -> Bool { byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z") }

/// Any byte of a character beyond ASCII may be part of an identifier.
func isIdentifierHead(_ byte: UInt8) -> Bool { isLetter(byte) || byte == UInt8(ascii: "_") || byte >= 0x80 }
