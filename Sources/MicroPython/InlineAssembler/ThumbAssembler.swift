/// Machine code of an inline assembler function.
final class ThumbCode: Sendable {
  /// The type that R0 is converted to when the function returns.
  enum Result: String, Sendable {
    case object, bool, int, uint
  }

  let bytes: [UInt8]
  let parameterCount: Int
  let result: Result
  /// (offset of an instruction, source line), in order.
  private let lines: [(offset: Int, line: Int)]

  init(bytes: [UInt8], parameterCount: Int, result: Result, lines: [(offset: Int, line: Int)]) {
    self.bytes = bytes
    self.parameterCount = parameterCount
    self.result = result
    self.lines = lines
  }

  /// The source line of an instruction.
  func line(at offset: Int) -> Int { (lines.last { $0.offset <= offset } ?? lines.first)?.line ?? 0 }
}

/// Makes machine code of a function that is decorated with `@micropython.asm_thumb`, with MicroPython's errors
/// (py/emitinlinethumb.c, py/compile.c).
struct ThumbAssembler {
  private let architecture: ThumbArchitecture
  private let scopeName: String

  private var bytes: [UInt8] = []
  private var lines: [(offset: Int, line: Int)] = []
  private var labels: [String: Int] = [:]
  /// Distances that are filled in when every label is known.
  private var references: [Reference] = []
  /// The last mistake of an instruction, which is the one that counts.
  private var mistake: String?

  private struct Reference {
    let offset: Int
    let instruction: ThumbInstruction
    let word: UInt32
    let field: Character
    let reach: ThumbBranchReach
    let label: String
    let line: Int
  }

  /// Saved around every function, so that it may use R1 and R4 to R7: `push {r1, r4-r7, lr}`, `pop {r1, r4-r7, pc}`.
  private static let entry: [UInt8] = [0xf2, 0xb5]
  private static let exit: [UInt8] = [0xf2, 0xbd]
  /// More than any board has.
  private static let sizeLimit = 1 << 16

  init(_ architecture: ThumbArchitecture, scopeName: String) {
    self.architecture = architecture
    self.scopeName = scopeName
  }

  mutating func assemble(_ definition: FunctionDefinition) throws(SyntaxProblem) -> ThumbCode {
    let parameterCount = try count(definition.parameters, line: definition.line)
    let result = try result(definition)
    bytes = Self.entry
    for statement in definition.body { try assemble(statement) }
    try resolveReferences()
    lines.append((bytes.count, definition.body.last?.line ?? definition.line))
    return ThumbCode(
      bytes: bytes + Self.exit, parameterCount: parameterCount, result: result, lines: lines)
  }

  private func problem(_ message: String, line: Int) -> SyntaxProblem {
    SyntaxProblem(message, line: line, scopeName: scopeName)
  }

  private func count(_ parameters: [Parameter], line: Int) throws(SyntaxProblem) -> Int {
    guard parameters.count <= 4 else {
      throw problem("can only have up to 4 parameters to Thumb assembly", line: line)
    }
    for (index, parameter) in parameters.enumerated() {
      let isPlain =
        parameter.kind == .positional && parameter.defaultValue == nil && parameter.annotation == nil
      guard isPlain, parameter.name == "r\(index)" else {
        throw problem("parameters must be registers in sequence r0 to r3", line: line)
      }
    }
    return parameters.count
  }

  private func result(_ definition: FunctionDefinition) throws(SyntaxProblem) -> ThumbCode.Result {
    guard let annotation = definition.returnAnnotation else { return .int }
    guard let name = annotation.identifier else {
      throw problem("return annotation must be an identifier", line: annotation.line)
    }
    guard let result = ThumbCode.Result(rawValue: name) else {
      throw problem("unknown type", line: annotation.line)
    }
    return result
  }

  // MARK: Statements

  private mutating func assemble(_ statement: Statement) throws(SyntaxProblem) {
    if case .pass = statement.kind { return }
    guard case .expression(let expression) = statement.kind,
      case .call(let callee, let arguments) = expression.kind, let name = callee.identifier
    else { throw problem("expecting an assembler instruction", line: statement.line) }
    let operands = arguments.map(\.value)
    switch name {
    case "label":
      guard operands.count == 1, let label = operands[0].identifier else {
        throw problem("'label' requires 1 argument", line: statement.line)
      }
      guard labels[label] == nil else { throw problem("label redefined", line: statement.line) }
      labels[label] = bytes.count
    case "align":
      guard operands.count == 1, let size = operands[0].integer else {
        throw problem("'align' requires 1 argument", line: statement.line)
      }
      if size > 0, size <= Self.sizeLimit {
        while bytes.count % size != 0 { bytes.append(0) }
      }
    case "data": try assembleData(operands, line: statement.line)
    default: try assemble(name, operands, line: statement.line)
    }
    guard bytes.count <= Self.sizeLimit else { throw problem("code too large", line: statement.line) }
  }

  private mutating func assembleData(_ operands: [Expression], line: Int) throws(SyntaxProblem) {
    guard operands.count >= 2, let size = operands[0].integer, (0...8).contains(size) else {
      throw problem("'data' requires at least 2 arguments", line: line)
    }
    lines.append((bytes.count, line))
    for operand in operands.dropFirst() {
      guard let value = operand.integer else {
        throw problem("'data' requires integer arguments", line: line)
      }
      for index in 0..<Int(size) {
        bytes.append(UInt8(truncatingIfNeeded: index < 4 ? value >> (8 * index) : value < 0 ? -1 : 0))
      }
    }
  }

  private mutating func resolveReferences() throws(SyntaxProblem) {
    for reference in references {
      guard let target = labels[reference.label] else {
        throw problem("label '\(reference.label)' not defined", line: reference.line)
      }
      // PC is four bytes ahead of the instruction that reads it.
      let distance = target - reference.offset - 4
      guard reference.reach.reaches(distance) else {
        throw problem("branch not in range", line: reference.line)
      }
      let encoding = reference.instruction.encoding
      let word = encoding.setting(
        reference.field, to: reference.reach.field(of: distance), in: reference.word)
      bytes.replaceSubrange(
        reference.offset..<reference.offset + encoding.byteCount, with: encoding.bytes(of: word))
    }
  }

  // MARK: Instructions

  private mutating func assemble(
    _ name: String, _ operands: [Expression], line: Int
  ) throws(SyntaxProblem) {
    mistake = nil
    lines.append((bytes.count, line))
    if name == "movwt", operands.count == 2, architecture >= .armv7em, operands[1].identifier == nil {
      // A convenience: the lower half, then the upper one.
      let value = integer(operands[1], name, mask: 0xffff_ffff)
      for (half, bits) in [("movw", value & 0xffff), ("movt", value >> 16)] {
        guard let instruction = ThumbTable.byName[half]?.first else { continue }
        let number = Expression(line: line, kind: .constant(.int(Int(bits))))
        encode(instruction, name, [operands[0], number], line: line)
      }
      if operands[1].integer == nil { mistake = "'\(name)' expects an integer" }
    } else if let instruction = choose(name, operands) {
      encode(instruction, name, operands, line: line)
    } else if mistake == nil {
      mistake = "unsupported Thumb instruction '\(name)' with \(operands.count) arguments"
    }
    if let mistake { throw problem(mistake, line: line) }
  }

  /// Returns the form of an instruction that its operands ask for: whether the last one is a name or not; the
  /// contents of a register list.
  private mutating func choose(_ name: String, _ operands: [Expression]) -> ThumbInstruction? {
    var forms = (ThumbTable.byName[name] ?? []).filter {
      $0.operands.count == operands.count && $0.architecture <= architecture
    }
    guard let last = operands.last else { return forms.first }
    let isFloat = name.hasPrefix("v")
    if isFloat && forms.count > 1 {
      let startsWithR = operands[0].identifier?.hasPrefix("r") == true
      forms.removeAll { $0.operands[0].isCoreRegister != startsWithR }
    } else if !isFloat && operands.count == 2 || operands.count == 3 && forms.count > 1 {
      forms.removeAll { $0.operands[operands.count - 1].isName != (last.identifier != nil) }
    }
    if case .registers? = forms.first?.operands.first {
      let list = registerList(last, name)
      forms.removeAll { !$0.encoding.isWide && list & ~(0xff | ($0.name == "push" ? 1 << 14 : 1 << 15)) != 0 }
    }
    if case .condition? = forms.first?.operands.first {
      let number = last.identifier.flatMap { ThumbCondition.names.firstIndex(of: $0) }
      forms.removeAll { number == nil || $0.encoding.value >> 4 & 1 != UInt32(number ?? 0) & 1 }
    }
    if case .word(let word)? = forms.first?.operands.last, last.identifier != word { return nil }
    // As MicroPython does, which goes on to look for another instruction.
    if case .address? = forms.first?.operands.last, forms.first?.encoding.isWide == false,
      last.addressParts == nil
    {
      return nil
    }
    return forms.first
  }

  private mutating func encode(
    _ instruction: ThumbInstruction, _ name: String, _ operands: [Expression], line: Int
  ) {
    let encoding = instruction.encoding
    var word = encoding.value
    func set(_ letter: Character, _ field: UInt32) { word = encoding.setting(letter, to: field, in: word) }
    for (operand, expression) in zip(instruction.operands, operands) {
      switch operand {
      case .register(let letter, let most): set(letter, register(expression, name, most: most))
      case .doubledRegister(let letter):
        let number = register(expression, name, most: 15)
        set(letter, number << 4 | number)
      case .float(let letter, let isLowestFirst):
        let number = floatRegister(expression, name)
        set(letter, isLowestFirst ? number >> 1 | (number & 1) << 4 : number)
      case .integer(let letter, let mask, let shift):
        set(letter, integer(expression, name, mask: mask) >> shift)
      case .halfword(let letter):
        let value = integer(expression, name, mask: 0xffff)
        set(letter, (value >> 11 & 1) << 15 | (value >> 12) << 11 | value & 0x7ff)
      case .address(let base, let most, let offset, let mask, let shift):
        guard let (register, distance) = expression.addressParts else {
          mistake = "'\(name)' expects an address of the form [a, b]"
          continue
        }
        set(base, self.register(register, name, most: most))
        set(offset, integer(distance, name, mask: mask) >> shift)
      case .registers(let letter):
        let list = registerList(expression, name)
        set(letter, encoding.isWide ? list : list & 0xff | (list > 0xff ? 0x100 : 0))
      case .label(let letter, let reach):
        guard let label = expression.identifier else {
          mistake = "'\(name)' expects a label"
          continue
        }
        references.append(
          Reference(
            offset: bytes.count, instruction: instruction, word: word, field: letter, reach: reach,
            label: label, line: line))
      case .condition(let letter):
        let number = ThumbCondition.names.firstIndex(of: expression.identifier ?? "") ?? 0
        set(letter, UInt32(number >> 1))
      case .specialRegister(let letter):
        switch expression.identifier {
        case "IPSR": set(letter, 5)
        case "BASEPRI": set(letter, 17)
        default: mistake = "'\(name)' expects a special register"
        }
      case .flagsOrRegister(let letter):
        set(letter, expression.identifier == "APSR_nzcv" ? 15 : register(expression, name, most: 15))
      case .word, .ignored: break
      }
    }
    bytes += encoding.bytes(of: word)
  }

  // MARK: Operands

  private static let registerNames: [String: UInt32] = {
    var names: [String: UInt32] = ["sl": 10, "fp": 11, "sp": 13, "lr": 14, "pc": 15]
    for number in 0..<16 { names["r\(number)"] = UInt32(number) }
    return names
  }()

  private mutating func register(_ expression: Expression, _ name: String, most: Int) -> UInt32 {
    guard let number = expression.identifier.flatMap({ Self.registerNames[$0] }) else {
      mistake = "'\(name)' expects a register"
      return 0
    }
    if number > most {
      mistake = "'\(name)' expects at most r\(most)"
      return 0
    }
    return number
  }

  private mutating func floatRegister(_ expression: Expression, _ name: String) -> UInt32 {
    let digits = expression.identifier.map { $0.hasPrefix("s") ? $0.dropFirst() : "" } ?? ""
    guard !digits.isEmpty, digits.allSatisfy({ ("0"..."9").contains($0) }) else {
      mistake = "'\(name)' expects an FPU register"
      return 0
    }
    guard let number = UInt32(digits), number < 32 else {
      mistake = "'\(name)' expects at most r31"
      return 0
    }
    return number
  }

  private mutating func integer(_ expression: Expression, _ name: String, mask: UInt32) -> UInt32 {
    guard let value = expression.integer else {
      mistake = "'\(name)' expects an integer"
      return 0
    }
    let word = UInt32(truncatingIfNeeded: value)
    if word & ~mask != 0 {
      mistake =
        "'\(name)' integer 0x\(String(word, radix: 16)) doesn't fit in mask 0x\(String(mask, radix: 16))"
      return 0
    }
    return word
  }

  private mutating func registerList(_ expression: Expression, _ name: String) -> UInt32 {
    guard case .set(let items) = expression.kind else {
      mistake = "'\(name)' expects {r0, r1, ...}"
      return 0
    }
    return items.reduce(0) { $0 | 1 << register($1, name, most: 15) }
  }
}

extension ThumbOperand {
  /// Whether it is written as a name.
  fileprivate var isName: Bool {
    switch self {
    case .register, .doubledRegister, .float, .label, .condition, .specialRegister, .word, .flagsOrRegister:
      true
    case .integer, .halfword, .address, .registers, .ignored: false
    }
  }

  fileprivate var isCoreRegister: Bool {
    if case .register = self { true } else { false }
  }
}

extension Expression {
  fileprivate var identifier: String? {
    if case .name(let name) = kind { name } else { nil }
  }

  /// The lowest 64 bits of an integer.
  fileprivate var integer: Int? {
    switch constant {
    case .int(let value): value
    case .bigInt(let value): Int(truncatingIfNeeded: value)
    default: nil
    }
  }

  /// `[a, b]`
  fileprivate var addressParts: (Expression, Expression)? {
    guard case .list(let items) = kind, items.count == 2 else { return nil }
    return (items[0], items[1])
  }
}
