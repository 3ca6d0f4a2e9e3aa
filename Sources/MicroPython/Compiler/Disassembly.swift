/// Readable text of compiled code: one instruction per line, nested functions behind the code that makes them.
struct Disassembly: CustomStringConvertible {
  let code: CompiledCode

  var description: String { Self.text(of: code, path: code.name).joined(separator: "\n") }

  /// The instructions of the code itself, without addresses and lines.
  var instructions: [String] {
    code.instructions.enumerated().map { Self.text(of: $1, at: $0, in: code) }
  }

  private static func text(of code: CompiledCode, path: String) -> [String] {
    var lines = ["\(path): \(code.registerCount) registers"]
    var nextLine = 0
    for (address, instruction) in code.instructions.enumerated() {
      var number = ""
      if nextLine < code.lines.count, code.lines[nextLine].instruction == address {
        number = String(code.lines[nextLine].line)
        nextLine += 1
      }
      lines.append(
        pad(number, to: 6) + pad(String(address), to: 6) + "  " + text(of: instruction, at: address, in: code)
      )
    }
    for region in code.exceptionTable {
      lines.append("  exceptions \(region.start)..<\(region.end) to \(region.handler), r\(region.register)")
    }
    for child in code.children { lines += text(of: child, path: path + "." + child.name) }
    return lines
  }

  private static func pad(_ text: String, to width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  private static func text(of instruction: Instruction, at address: Int, in code: CompiledCode) -> String {
    let opcode = instruction.opcode
    let (a, b, c) = (instruction.a, instruction.b, instruction.c)
    let operands: [String]
    switch opcode {
    case .nop, .returnNone, .generatorStart, .raiseNothing: operands = []
    case .loadInt: operands = ["r\(a)", String(instruction.signedBC)]
    case .loadConstant: operands = ["r\(a)", text(of: code.constants[b])]
    case .loadNone, .unbind, .checkBound, .makeCell, .deleteCell, .returnValue, .raise, .reraise,
      .listToTuple, .importStar, .loadBuildClass, .runAssembly, .printExpression, .await, .yieldFrom,
      .callSpread:
      operands = ["r\(a)"]
    case .loadGlobal, .storeGlobal, .loadName, .storeName: operands = ["r\(a)", code.names[b]]
    case .deleteGlobal, .deleteName: operands = [code.names[b]]
    case .deleteAttribute: operands = ["r\(a)", code.names[b]]
    case .loadClosureCell: operands = ["r\(a)", String(b)]
    case .addInt, .subtractInt, .inplaceAddInt, .inplaceSubtractInt, .getItemInt:
      operands = ["r\(a)", "r\(b)", String(instruction.signedC)]
    case .call, .callMethod: operands = ["r\(a)", String(b)]
    case .callKeywords, .callMethodKeywords: operands = ["r\(a)", String(b), text(of: code.constants[c])]
    case .loadMethod, .loadSuperMethod, .getAttribute, .setAttribute:
      operands = ["r\(a)", "r\(b)", code.names[code.caches[c]]]
    case .buildTuple, .buildList, .buildSet, .buildDict: operands = ["r\(a)", "r\(b)", String(c)]
    case .unpack: operands = ["r\(a)", "r\(b)", String(c)]
    case .unpackStar: operands = ["r\(a)", "r\(b)", "\(c & 0xff)+*+\(c >> 8)"]
    case .importName: operands = ["r\(a)", code.names[b], "r\(c)"]
    case .importFrom: operands = ["r\(a)", "r\(b)", code.names[c]]
    case .makeFunction: operands = ["r\(a)", code.children[b].name, "r\(c)"]
    case _ where opcode.hasLongJump:
      let target = "→\(address + 1 + instruction.signedBC)"
      operands = opcode.jumpsAlways ? [target] : ["r\(a)", target]
    case _ where opcode.hasShortJump:
      let target = "→\(address + 1 + instruction.signedC)"
      operands = ["r\(a)", opcode.comparesWithInt ? String(instruction.signedB) : "r\(b)", target]
    case .move, .loadCell, .storeCell, .negate, .positive, .invert, .not, .buildSlice, .listAppend,
      .listExtend, .setAdd, .setUpdate, .dictUpdate, .dictMergeKeywords, .getIterator, .yieldValue,
      .raiseFrom, .exceptionTriple, .deleteItem:
      operands = ["r\(a)", "r\(b)"]
    default: operands = ["r\(a)", "r\(b)", "r\(c)"]
    }
    return ([String(describing: opcode)] + operands).joined(separator: " ")
  }

  private static func text(of constant: Constant) -> String {
    switch constant {
    case .none: "None"
    case .true: "True"
    case .false: "False"
    case .ellipsis: "..."
    case .int(let value): String(value)
    case .bigInt(let value): value.description
    case .float(let value): String(value)
    case .imaginary(let value): "\(value)j"
    case .string(let bytes): "'" + String(decoding: bytes, as: UTF8.self) + "'"
    case .bytes(let bytes): "b'" + String(decoding: bytes, as: UTF8.self) + "'"
    case .tuple(let items): "(" + items.map { text(of: $0) }.joined(separator: ", ") + ")"
    }
  }
}

extension Opcode {
  /// Whether the operand B is a small integer to compare with.
  var comparesWithInt: Bool {
    rawValue >= Opcode.jumpIfLessInt.rawValue && rawValue <= Opcode.jumpUnlessNotEqualInt.rawValue
  }
}
