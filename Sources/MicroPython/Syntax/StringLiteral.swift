/// String, bytes and f-string literals.
extension Lexer {
  private struct Prefix {
    var isBytes = false
    var isRaw = false
    var isFormatted = false
    var length = 0
  }

  var isAtString: Bool { stringPrefix != nil }

  /// The prefix of the string literal that starts here, or nil if none does. As in MicroPython, prefixes are in
  /// lower case.
  private var stringPrefix: Prefix? {
    if isQuote(peek()) { return Prefix() }
    let first = peek()
    let second = peek(1)
    var prefix = Prefix()
    func apply(_ byte: UInt8) -> Bool {
      switch byte {
      case UInt8(ascii: "b"): prefix.isBytes = true
      case UInt8(ascii: "r"): prefix.isRaw = true
      case UInt8(ascii: "f"): prefix.isFormatted = true
      default: return false
      }
      return true
    }
    if isQuote(second) {
      prefix.length = 1
      return first == UInt8(ascii: "u") || apply(first) ? prefix : nil
    }
    guard isQuote(peek(2)), apply(first), apply(second), prefix.isRaw, first != second else { return nil }
    prefix.length = 2
    return prefix
  }

  /// Reads a run of adjacent literals of one type into `text`; the first sets the type.
  mutating func readStrings() throws(SyntaxProblem) {
    var formatArguments: [UInt8] = []
    token = .end
    while let prefix = stringPrefix {
      let kind = prefix.isBytes ? Token.bytes : .string
      if token == .end {
        token = kind
      } else if token != kind {
        break
      }
      for _ in 0..<prefix.length { nextByte() }
      try readString(prefix, &formatArguments)
      skipWhitespace(stoppingAtNewline: true)
    }
    if !formatArguments.isEmpty {
      inject(formatArguments + [UInt8(ascii: ")")])
    }
  }

  private mutating func readString(_ prefix: Prefix, _ formatArguments: inout [UInt8]) throws(SyntaxProblem) {
    let quote = peek()
    nextByte()
    var quoteCount = 1
    if peek() == quote, peek(1) == quote {
      nextByte()
      nextByte()
      quoteCount = 3
    }
    if prefix.isFormatted, formatArguments.isEmpty {
      formatArguments = Array(".format(".utf8)
    }
    var closing = 0
    while !isAtEnd, quoteCount > 1 || peek() != UInt8(ascii: "\n"), closing < quoteCount {
      if peek() == quote {
        closing += 1
        text.append(quote)
        nextByte()
        continue
      }
      closing = 0
      if prefix.isFormatted, peek() == UInt8(ascii: "{") {
        readReplacementField(&formatArguments)
      } else if peek() == UInt8(ascii: "\\") {
        nextByte()
        try readEscape(isRaw: prefix.isRaw)
        nextByte()
      } else {
        text.append(peek())
        nextByte()
      }
    }
    if closing < quoteCount { token = .unterminatedString }
    text.removeLast(closing)
  }

  /// Moves the expression of `{expression}` to the arguments of `format`, and leaves `{` with the rest behind
  /// the expression (conversion, specification, `}`) in the text. MicroPython finds the expression's end
  /// without regard to its syntax: at the first `:` or `}` outside square brackets and braces.
  private mutating func readReplacementField(_ formatArguments: inout [UInt8]) {
    nextByte()
    text.append(UInt8(ascii: "{"))
    if peek() == UInt8(ascii: "{") {
      text.append(UInt8(ascii: "{"))
      nextByte()
      return
    }
    var argument: [UInt8] = []
    var nesting = 0
    while !isAtEnd, nesting != 0 || !isAtReplacementFieldEnd {
      switch peek() {
      case UInt8(ascii: "["), UInt8(ascii: "{"): nesting += 1
      case UInt8(ascii: "]"), UInt8(ascii: "}"): nesting -= 1
      default: break
      }
      argument.append(peek())
      nextByte()
    }
    if argument.last == UInt8(ascii: "=") {
      text.insert(contentsOf: argument, at: text.count - 1)
      argument.removeLast()
    }
    if argument.isEmpty { token = .malformedFormattedString }
    formatArguments.append(UInt8(ascii: "("))
    formatArguments.append(contentsOf: argument)
    formatArguments.append(contentsOf: [UInt8(ascii: ")"), UInt8(ascii: ",")])
  }

  private var isAtReplacementFieldEnd: Bool {
    switch peek() {
    case UInt8(ascii: ":"), UInt8(ascii: "}"):
      return true
    case UInt8(ascii: "!"):
      return (peek(1) == UInt8(ascii: "r") || peek(1) == UInt8(ascii: "s"))
        && (peek(2) == UInt8(ascii: ":") || peek(2) == UInt8(ascii: "}"))
    default:
      return false
    }
  }

  /// Resolves the escape whose character after the backslash is the current byte; leaves the reading position
  /// on its last byte.
  private mutating func readEscape(isRaw: Bool) throws(SyntaxProblem) {
    var value = UInt32(peek())
    if isRaw {
      text.append(UInt8(ascii: "\\"))
      appendCharacter(value)
      return
    }
    switch peek() {
    case UInt8(ascii: "\n"): return
    case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""): break
    case UInt8(ascii: "a"): value = 0x07
    case UInt8(ascii: "b"): value = 0x08
    case UInt8(ascii: "t"): value = 0x09
    case UInt8(ascii: "n"): value = 0x0a
    case UInt8(ascii: "v"): value = 0x0b
    case UInt8(ascii: "f"): value = 0x0c
    case UInt8(ascii: "r"): value = 0x0d
    case UInt8(ascii: "u") where token == .bytes, UInt8(ascii: "U") where token == .bytes:
      text.append(UInt8(ascii: "\\"))
    case UInt8(ascii: "x"): value = readHexadecimal(2)
    case UInt8(ascii: "u"): value = readHexadecimal(4)
    case UInt8(ascii: "U"): value = readHexadecimal(8)
    case UInt8(ascii: "N"):
      throw SyntaxProblem("unicode name escapes", line: line, kind: .notImplemented)
    case UInt8(ascii: "0")...UInt8(ascii: "7"):
      value -= 0x30
      var digits = 1
      while digits < 3, peek(1) >= UInt8(ascii: "0"), peek(1) <= UInt8(ascii: "7") {
        nextByte()
        value = value * 8 + UInt32(peek() - 0x30)
        digits += 1
      }
    default:
      text.append(UInt8(ascii: "\\"))
    }
    appendCharacter(value)
  }

  private mutating func readHexadecimal(_ digits: Int) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<digits {
      nextByte()
      guard let digit = Character(Unicode.Scalar(peek())).hexDigitValue else {
        token = .invalid
        return 0
      }
      value = value << 4 + UInt32(digit)
    }
    return value
  }

  /// Appends a character as UTF-8 (surrogates, too), or a byte to a bytes literal; beyond its range the token
  /// becomes invalid.
  private mutating func appendCharacter(_ value: UInt32) {
    switch (token, value) {
    case (.bytes, 0..<0x100): text.append(UInt8(value))
    case (.string, 0..<0x11_0000): text.append(contentsOf: UTF8Encoding.bytes(of: value))
    default: token = .invalid
    }
  }

  private func isQuote(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") }
}
