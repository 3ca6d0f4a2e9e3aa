import MicroPython

/// The prompt of a board, friendly or raw, from one reset to the next (shared/runtime/pyexec.c). Its output
/// and answers are a protocol that tools rely on, byte by byte.
final class Prompt {
  enum Mode { case friendly, raw }

  enum End {
    /// Ctrl-D on an empty line, or `SystemExit`.
    case softReset
    /// The power has gone, the board is being reset, or nobody can type any more.
    case over
  }

  /// Why one of the two prompts has ended.
  enum Departure {
    case toOtherMode
    case end(End)
  }

  let vm: Interpreter
  let console: BoardConsole
  let program: ConsoleProgram
  /// The banner's text before its second line.
  let identity: String
  /// Bytes of a command that fit into the board's memory.
  var capacity: Int { vm.heap.capacity }

  init(vm: Interpreter, program: ConsoleProgram, identity: String) {
    self.vm = vm
    self.program = program
    self.identity = identity
    console = program.console
  }

  /// Asks and answers until the board begins anew.
  /// - Parameter mode: kept from one reset to the next.
  func run(mode: inout Mode, history: LineHistory) -> End {
    while true {
      let departure: Departure
      do throws(Raised) {
        switch mode {
        case .friendly: departure = try runFriendly(LineEditor(history: history))
        case .raw: departure = try runRaw()
        }
      } catch {
        return .over
      }
      switch departure {
      case .toOtherMode: mode = mode == .raw ? .friendly : .raw
      case .end(let end): return end
      }
    }
  }

  /// Returns the consequence of a program's end for the prompt; nil to go on.
  func departure(after outcome: ConsoleProgram.Outcome) -> Departure? {
    switch outcome {
    case .finished, .failed: nil
    case .exited: .end(.softReset)
    case .halted: .end(.over)
    }
  }

  /// The board's error instead of taking in more than its memory holds.
  var memoryError: Raised {
    vm.error(.memoryError, "memory allocation failed, allocating \(capacity) bytes")
  }
}
