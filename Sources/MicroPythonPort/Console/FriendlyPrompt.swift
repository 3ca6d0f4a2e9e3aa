import MicroPython

/// The prompt for people: lines that are edited, statements of several lines, paste mode.
extension Prompt {
  func runFriendly(_ editor: consuming LineEditor) throws(Raised) -> Departure {
    var editor = editor
    showBanner()
    while true {
      vm.unlockHeap()
      console.gather(editor.begin(prompt: primaryPrompt))
      guard let ending = try readLine(&editor) else { return .end(.over) }
      let source: ConsoleProgram.Source
      switch ending {
      case .control(0x01):
        console.gather("\r\n")
        return .toOtherMode
      case .control(0x02):
        console.gather("\r\n")
        showBanner()
        continue
      case .control(0x04):
        console.gather("\r\n")
        return .end(.softReset)
      case .control(0x05):
        guard let pasted = try readPaste() else { continue }
        source = pasted
      case .control:
        console.gather("\r\n")
        continue
      case .line where editor.text.isEmpty: continue
      case .line:
        guard let statement = try readStatement(&editor) else { continue }
        source = statement
      }
      if console.hasEnded && source.isEmpty { return .end(.over) }
      if let departure = departure(after: program.run(source)) { return departure }
    }
  }

  private func showBanner() {
    console.gather("\(identity)\r\nType \"help()\" for more information.\r\n")
  }

  /// `sys.ps1` and `sys.ps2`, which firmware may set.
  private var primaryPrompt: String { systemText("ps1") ?? ">>> " }
  private var continuationPrompt: String { systemText("ps2") ?? "... " }

  private func systemText(_ name: String) -> String? {
    guard let module = ModuleHandle(vm.loadedModule("sys")) else { return nil }
    let value = module.globals.get(interned: vm.heap.intern(name))
    return value.isUnbound ? nil : StringHandle(value)?.text ?? ""
  }

  /// - Returns: nil when nobody can type any more.
  private func readLine(_ editor: inout LineEditor) throws(Raised) -> LineEditor.Ending? {
    let completion = NameCompletion(vm: vm)
    while let byte = try console.readByte(vm) {
      let (output, ending) = editor.type(byte) { completion.complete($0) }
      console.gather(output)
      if let ending { return ending }
      if editor.text.count > capacity { return .line }
    }
    return nil
  }

  /// Reads on until the statement is complete.
  /// - Returns: nil when it was given up.
  private func readStatement(_ editor: inout LineEditor) throws(Raised) -> ConsoleProgram.Source? {
    while InputContinuation.isNeeded(editor.text) {
      guard editor.text.count < capacity else { return .failed(memoryError) }
      console.gather(editor.goOn(prompt: continuationPrompt))
      switch try readLine(&editor) {
      case .line?: continue
      case .control(0x04)?, nil: return .statement(editor.text)
      case .control(0x03)?:
        console.gather("\r\n")
        return nil
      case .control?: continue
      }
    }
    return editor.text.count < capacity ? .statement(editor.text) : .failed(memoryError)
  }

  /// Reads pasted text, up to Ctrl-D.
  /// - Returns: nil when Ctrl-C has cancelled it.
  private func readPaste() throws(Raised) -> ConsoleProgram.Source? {
    console.gather("\r\npaste mode; Ctrl-C to cancel, Ctrl-D to finish\r\n=== ")
    var text: [UInt8] = []
    var isTooLong = false
    while let byte = try console.readByte(vm) {
      switch byte {
      case 0x03:
        console.gather("\r\n")
        return nil
      case 0x04:
        console.gather("\r\n")
        return isTooLong ? .failed(memoryError) : .file(name: ConsoleProgram.stdin, text)
      default:
        if text.count < capacity { text.append(byte) } else { isTooLong = true }
        console.gather(byte == 0x0d ? Array("\r\n=== ".utf8) : [byte])
      }
    }
    return nil
  }
}

extension ConsoleProgram.Source {
  fileprivate var isEmpty: Bool {
    switch self {
    case .file(_, let text), .statement(let text): text.isEmpty
    case .failed: false
    }
  }
}
