/// Compiles a pattern by recursive descent. `size` follows how long MicroPython's own code would be, whose
/// jumps reach 127 bytes: a pattern that does not compile on a board must not compile here.
struct ReCompiler {
  typealias Instruction = ReMatcher.Instruction
  typealias Problem = ReMatcher.Problem

  private let pattern: [UInt8]
  private var index = 0
  private(set) var groupCount = 0
  private var depth = 0

  private struct Code {
    var instructions: [Instruction] = []
    /// Bytes that MicroPython's code would take.
    var size = 0

    mutating func append(_ other: Code) {
      instructions += ReMatcher.moved(other.instructions, by: instructions.count)
      size += other.size
    }
  }

  private static let reach = 127
  private static let depthLimit = 100

  init(_ pattern: [UInt8]) {
    self.pattern = pattern.split(separator: 0, omittingEmptySubsequences: false).first.map(Array.init) ?? []
  }

  mutating func compileAll() throws(Problem) -> [Instruction] {
    let code = try compileAlternatives()
    if index < pattern.count { throw .unmatchedParenthesis }
    return code.instructions
  }

  /// `sequence ('|' sequence)*` up to a closing parenthesis or the end.
  private mutating func compileAlternatives() throws(Problem) -> Code {
    depth += 1
    guard depth <= ReCompiler.depthLimit else { throw .tooComplex }
    var left = try compileSequence()
    while index < pattern.count, pattern[index] == UInt8(ascii: "|") {
      index += 1
      let right = try compileSequence()
      guard left.size + 2 <= ReCompiler.reach, right.size <= ReCompiler.reach
      else {
        throw .tooComplex
      }
      var code = Code(instructions: [.split(1, left.instructions.count + 2)], size: 4)
      code.append(left)
      code.instructions.append(.jump(left.instructions.count + 2 + right.instructions.count))
      code.append(right)
      left = code
    }
    depth -= 1
    return left
  }

  private mutating func compileSequence() throws(Problem) -> Code {
    var code = Code()
    /// The term that a quantifier would apply to; nil if there is none.
    var term: Code?
    while index < pattern.count {
      let byte = pattern[index]
      switch byte {
      case UInt8(ascii: ")"), UInt8(ascii: "|"):
        if let term { code.append(term) }
        return code
      case UInt8(ascii: "?"), UInt8(ascii: "*"), UInt8(ascii: "+"):
        guard let repeated = term, repeated.size > 0 else { throw .tooComplex }
        index += 1
        let isLazy = index < pattern.count && pattern[index] == UInt8(ascii: "?")
        if isLazy { index += 1 }
        code.append(try compileRepetition(of: repeated, byte, isLazy: isLazy))
        term = nil
      default:
        if let term { code.append(term) }
        let isAnchor = byte == UInt8(ascii: "^") || byte == UInt8(ascii: "$")
        let next = try compileTerm(byte)
        if isAnchor { code.append(next) }
        term = isAnchor ? nil : next
      }
    }
    if let term { code.append(term) }
    return code
  }

  private func compileRepetition(of term: Code, _ quantifier: UInt8, isLazy: Bool) throws(Problem) -> Code {
    let count = term.instructions.count
    let reach = ReCompiler.reach
    func split(_ enter: Int, _ leave: Int) -> Instruction {
      isLazy ? .split(leave, enter) : .split(enter, leave)
    }
    var code = Code()
    switch quantifier {
    case UInt8(ascii: "?"):
      guard term.size <= reach else { throw .tooComplex }
      code = Code(instructions: [split(1, count + 1)], size: 2)
      code.append(term)
    case UInt8(ascii: "*"):
      guard term.size + 4 <= reach + 1 else { throw .tooComplex }
      code = Code(instructions: [split(1, count + 2)], size: 4)
      code.append(term)
      code.instructions.append(.jump(0))
    default:
      guard term.size + 2 <= reach + 1 else { throw .tooComplex }
      code.append(term)
      code.instructions.append(split(0, count + 1))
      code.size += 2
    }
    return code
  }

  private mutating func compileTerm(_ byte: UInt8) throws(Problem) -> Code {
    index += 1
    switch byte {
    case UInt8(ascii: "\\"):
      guard index < pattern.count else { throw .tooComplex }
      let escaped = pattern[index]
      index += 1
      if let set = ReCompiler.namedSet(escaped) {
        return Code(instructions: [.set(set)], size: 2)
      }
      return Code(instructions: [.byte(escaped)], size: 2)
    case UInt8(ascii: "."): return Code(instructions: [.any], size: 1)
    case UInt8(ascii: "^"): return Code(instructions: [.start], size: 1)
    case UInt8(ascii: "$"): return Code(instructions: [.end], size: 1)
    case UInt8(ascii: "["): return try compileSet()
    case UInt8(ascii: "("): return try compileGroup()
    default: return Code(instructions: [.byte(byte)], size: 2)
    }
  }

  private mutating func compileGroup() throws(Problem) -> Code {
    var group: Int?
    if pattern[index...].starts(with: "?:".utf8) {
      index += 2
    } else {
      groupCount += 1
      group = groupCount
    }
    var code = Code()
    if let group {
      guard 2 * group + 1 <= ReCompiler.reach else { throw .tooComplex }
      code = Code(instructions: [.save(2 * group)], size: 4)
    }
    code.append(try compileAlternatives())
    guard index < pattern.count, pattern[index] == UInt8(ascii: ")") else { throw .tooComplex }
    index += 1
    if let group { code.instructions.append(.save(2 * group + 1)) }
    return code
  }

  private mutating func compileSet() throws(Problem) -> Code {
    var set = ByteSet()
    var isInverted = false
    if index < pattern.count, pattern[index] == UInt8(ascii: "^") {
      isInverted = true
      index += 1
    }
    var pairCount = 0
    while true {
      guard index < pattern.count else { throw .tooComplex }
      var byte = pattern[index]
      if byte == UInt8(ascii: "]") { break }
      pairCount += 1
      if byte == UInt8(ascii: "\\") {
        index += 1
        guard index < pattern.count else { throw .tooComplex }
        byte = pattern[index]
        if let named = ReCompiler.namedSet(byte) {
          for candidate in UInt8.min...UInt8.max where named.contains(candidate) { set.insert(candidate) }
          index += 1
          continue
        }
      }
      var last = byte
      if index + 2 < pattern.count, pattern[index + 1] == UInt8(ascii: "-"),
        pattern[index + 2] != UInt8(ascii: "]")
      {
        index += 2
        last = pattern[index]
      }
      if byte <= last { set.insert(contentsOf: byte...last) }
      index += 1
    }
    index += 1
    guard pairCount <= ReCompiler.reach else { throw .tooComplex }
    if isInverted { set.invert() }
    return Code(instructions: [.set(set)], size: 2 + 2 * pairCount)
  }

  /// `\d`, `\s`, `\w` and in capitals their opposites.
  private static func namedSet(_ name: UInt8) -> ByteSet? {
    var set = ByteSet()
    switch name | 0x20 {
    case UInt8(ascii: "d"): set.insert(contentsOf: UInt8(ascii: "0")...UInt8(ascii: "9"))
    case UInt8(ascii: "s"):
      set.insert(contentsOf: 0x09...0x0d)
      set.insert(UInt8(ascii: " "))
    case UInt8(ascii: "w"):
      set.insert(contentsOf: UInt8(ascii: "0")...UInt8(ascii: "9"))
      set.insert(contentsOf: UInt8(ascii: "A")...UInt8(ascii: "Z"))
      set.insert(contentsOf: UInt8(ascii: "a")...UInt8(ascii: "z"))
      set.insert(UInt8(ascii: "_"))
    default: return nil
    }
    if name & 0x20 == 0 { set.invert() }
    return set
  }
}
