import MicroPython

/// `input()`. On a terminal that delivers single keys, the line is edited here as the board's console does.
struct InputFunction {
  let input: StandardInput
  /// Echoes typed bytes; nil where the terminal does that itself.
  let echo: (([UInt8]) -> Void)?
  let history: LineHistory

  func install(in vm: Interpreter) {
    vm.addBuiltinFunction("input", 0...1) { (vm, args) throws(Raised) in
      if args.count > 0 {
        var prompt = TextOutput()
        try vm.print(args[0], .str, into: &prompt)
        vm.write(prompt.bytes)
      }
      return try vm.string(ofUTF8: try typedLine(vm))
    }
  }

  private func typedLine(_ vm: Interpreter) throws(Raised) -> [UInt8] {
    if let echo { return try editedLine(vm, echo) }
    return try line(vm)
  }

  private func line(_ vm: Interpreter) throws(Raised) -> [UInt8] {
    var line: [UInt8] = []
    while let byte = try input.readByte(vm) {
      if byte == UInt8(ascii: "\n") { return line }
      try vm.requireBoardMemory(line.count + 1)
      line.append(byte)
    }
    guard !line.isEmpty else { throw vm.error(.eofError, arguments: []) }
    return line
  }

  private func editedLine(_ vm: Interpreter, _ echo: ([UInt8]) -> Void) throws(Raised) -> [UInt8] {
    var editor = LineEditor(history: history)
    let completion = NameCompletion(vm: vm)
    while true {
      guard let byte = try input.readByte(vm) else { throw vm.error(.eofError, arguments: []) }
      let (output, ending) = editor.type(byte) { completion.complete($0) }
      echo(output)
      switch ending {
      case .line: return Array(editor.line)
      case .control(0x03):
        echo(Array("\r\n".utf8))
        throw vm.error(.keyboardInterrupt, arguments: [])
      case .control(0x04):
        echo(Array("\r\n".utf8))
        throw vm.error(.eofError, arguments: [])
      case .control, nil: break
      }
    }
  }
}
