import MicroPython

/// Runs what a board runs by itself or is sent by its console, and prints how it ended (`parse_compile_execute`,
/// shared/runtime/pyexec.c).
struct ConsoleProgram {
  enum Source {
    /// `boot.py`, `main.py`; a paste, a command of the raw prompt: `<stdin>`.
    case file(name: String, [UInt8])
    /// A statement from the prompt: the value of an expression is printed.
    case statement([UInt8])
    /// Nothing: it could not be received.
    case failed(Raised)
  }

  enum Outcome {
    case finished
    /// With an exception, which was printed.
    case failed
    /// `SystemExit`: the board begins anew.
    case exited
    /// The power has gone, or the board is being reset.
    case halted
  }

  static let stdin = "<stdin>"
  private static let endOfPart: [UInt8] = [0x04]

  let runtime: PythonRuntime
  let console: BoardConsole
  private var vm: Interpreter { runtime.vm }

  init(_ runtime: PythonRuntime, console: BoardConsole) {
    self.runtime = runtime
    self.console = console
  }

  /// - Parameter marksParts: whether the program's output and its exception's each end with Ctrl-D.
  func run(_ source: Source, marksParts: Bool = false) -> Outcome {
    console.flush()
    // At a prompt with a locked heap nothing could be entered any more.
    vm.unlockHeap()
    vm.interruptCharacter = 3
    let outcome: Outcome
    let began = runtime.board.clock.now.milliseconds
    do throws(Raised) {
      switch source {
      case .file(let name, let text): try vm.runMain(text, file: name)
      case .statement(let text): try vm.runInteractive(text, file: Self.stdin)
      case .failed(let raised): throw raised
      }
      // An interrupt that came too late to be raised by the program.
      try runtime.raiseInterrupt()
      vm.interruptCharacter = -1
      if marksParts { console.gather(Self.endOfPart) }
      outcome = .finished
    } catch {
      vm.interruptCharacter = -1
      runtime.forgetInterrupt()
      outcome = end(error, marksParts: marksParts)
    }
    if case .statement = source, runtime.resets.showsReplInformation, outcome != .halted {
      let milliseconds = runtime.board.clock.now.milliseconds - began
      let text = "took \(milliseconds) ms\n" + MachineInformation.memoryInformation(vm.heap)
      console.write(text: Array(text.utf8))
    }
    if marksParts, outcome != .halted { console.gather(Self.endOfPart) }
    return outcome
  }

  private func end(_ raised: Raised, marksParts: Bool) -> Outcome {
    if vm.isHalted { return .halted }
    if marksParts { console.gather(Self.endOfPart) }
    if vm.isException(raised.exception, .systemExit) { return .exited }
    console.flush()
    console.write(text: vm.tracebackText(of: raised.exception))
    return .failed
  }
}
