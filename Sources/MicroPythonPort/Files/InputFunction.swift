import MicroPython

/// `input()`. Where keys come one by one, the line is edited here as the board's console does
/// (shared/readline/readline.c): left, right, home, end, backspace, delete, Ctrl-A, Ctrl-E, Ctrl-K, Ctrl-U.
struct InputFunction {
  let input: StandardInput
  /// Whether what is typed does not show by itself.
  let echoes: Bool

  func install(in vm: Interpreter) {
    vm.addBuiltinFunction("input", 0...1) { (vm, args) throws(Raised) in
      if args.count > 0 {
        var prompt = TextOutput()
        try vm.print(args[0], .str, into: &prompt)
        vm.write(prompt.bytes)
      }
      return try vm.string(ofUTF8: echoes ? try editedLine(vm) : try line(vm))
    }
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

  private func editedLine(_ vm: Interpreter) throws(Raised) -> [UInt8] {
    var editor = LineEditor()
    while true {
      guard let byte = try input.readByte(vm) else { throw vm.error(.eofError, arguments: []) }
      let (echo, end) = editor.type(byte)
      vm.write(echo)
      switch end {
      case .line: return editor.line
      case .endOfFile: throw vm.error(.eofError, arguments: [])
      case nil: break
      }
    }
  }
}
