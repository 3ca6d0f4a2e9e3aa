import MicroPython

/// The prompt for programs: no echo, a command ends with Ctrl-D, and so does each part of the answer.
extension Prompt {
  func runRaw() throws(Raised) -> Departure {
    reset: while true {
      console.gather("raw REPL; CTRL-B to exit\r\n")
      while true {
        console.gather(">")
        guard let command = try readCommand() else { return .end(.over) }
        let outcome: ConsoleProgram.Outcome
        switch command {
        case .reset: continue reset
        case .leave:
          console.gather("\r\n")
          return .toOtherMode
        case .paste(let letter):
          guard let pasted = try runPaste(letter) else { continue }
          outcome = pasted
        case .run(let source):
          console.gather("OK")
          if case .file(_, let text) = source, text.isEmpty {
            console.gather("\r\n")
            return .end(.softReset)
          }
          outcome = program.run(source, marksParts: true)
        }
        if let departure = departure(after: outcome) { return departure }
      }
    }
  }

  private enum Command {
    /// Ctrl-A
    case reset
    /// Ctrl-B
    case leave
    /// Ctrl-E, a command character, Ctrl-A: the command follows with flow control.
    case paste(UInt8)
    /// A command, or nothing for a soft reset.
    case run(ConsoleProgram.Source)
  }

  /// - Returns: nil when nobody can send any more.
  private func readCommand() throws(Raised) -> Command? {
    var line: [UInt8] = []
    var isTooLong = false
    while let byte = try console.readByte(vm) {
      switch byte {
      case 0x01: return line.count == 2 && line[0] == 0x05 ? .paste(line[1]) : .reset
      case 0x02: return .leave
      case 0x03:
        line.removeAll()
        isTooLong = false
      case 0x04: return .run(isTooLong ? .failed(memoryError) : .file(name: ConsoleProgram.stdin, line))
      default:
        if line.count < capacity { line.append(byte) } else { isTooLong = true }
      }
    }
    return nil
  }

  // MARK: Raw paste

  /// Half of the 256 bytes that a board keeps: the other end may send so many without waiting. It may always
  /// have two of these under way.
  private static let window = 128

  /// - Returns: nil when there is no such kind of paste.
  private func runPaste(_ letter: UInt8) throws(Raised) -> ConsoleProgram.Outcome? {
    guard letter == UInt8(ascii: "A") else {
      console.gather([UInt8(ascii: "R"), 0])
      return nil
    }
    let window = Self.window
    console.gather([UInt8(ascii: "R"), 1, UInt8(window & 0xff), UInt8(window >> 8), 1])
    guard let source = try readPaste() else { return .halted }
    return program.run(source, marksParts: true)
  }

  /// Reads a command and grants a window for each that was used up. A command is compiled when it is complete.
  private func readPaste() throws(Raised) -> ConsoleProgram.Source? {
    var text: [UInt8] = []
    var isTooLong = false
    var left = Self.window
    while let byte = try console.readByte(vm) {
      switch byte {
      case 0x03:
        console.gather([0x04])
        return .failed(vm.error(.keyboardInterrupt, arguments: []))
      case 0x04:
        console.gather([0x04])
        return isTooLong ? .failed(memoryError) : .file(name: ConsoleProgram.stdin, text)
      default:
        if text.count < capacity { text.append(byte) } else { isTooLong = true }
        left -= 1
        if left == 0 {
          console.gather([0x01])
          left = Self.window
        }
      }
    }
    return nil
  }
}
