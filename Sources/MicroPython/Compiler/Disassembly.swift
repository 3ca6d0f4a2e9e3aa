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
    let operands = instruction.opcode.entry.operands.map { operand in
      switch operand {
      case .a: "r\(instruction.a)"
      case .b: "r\(instruction.b)"
      case .c: "r\(instruction.c)"
      case .numberB: String(instruction.b)
      case .numberC: String(instruction.c)
      case .signedB: String(instruction.signedB)
      case .signedC: String(instruction.signedC)
      case .signedBC: String(instruction.signedBC)
      case .constantB: text(of: code.constants[instruction.b])
      case .constantC: text(of: code.constants[instruction.c])
      case .nameB: code.names[instruction.b]
      case .nameC: code.names[instruction.c]
      case .cacheC: code.names[code.caches[instruction.c]]
      case .childB: code.children[instruction.b].name
      case .itemsAroundStar: "\(instruction.c & 0xff)+*+\(instruction.c >> 8)"
      case .shortTarget: "→\(address + 1 + instruction.signedC)"
      case .longTarget: "→\(address + 1 + instruction.signedBC)"
      }
    }
    return ([String(describing: instruction.opcode)] + operands).joined(separator: " ")
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
