import MicroPython

/// A board that stays powered, with a prompt at its serial console.
extension PythonFirmware {
  /// Boots the board: `boot.py`, the program or `main.py`, then the prompt; again after each reset, until the power goes or
  /// nobody can type any more.
  /// - Parameters:
  ///   - program: the program on the board; it stands for `main.py` if it is a file.
  ///   - boots: how often the board begins to run at most.
  ///   - told: called with the board's state when it runs no firmware any more.
  public func stayPowered(
    _ program: PythonProgram, boots: Int = .max, told: (Sequel) -> Void = { _ in }
  ) {
    guard case .serial(let console) = console else { return }
    board.diagnostics.nameFiles(
      program.hostFileNames(flash: board.description.identity.machinePort.flashPath))
    insertCard(program)
    var mode = Prompt.Mode.friendly
    var boot = 1
    while true {
      live(program, console, &mode)
      runtime.end()
      if resets.pending == .soft {
        console.gather("MPY: sync filesystems\r\nMPY: soft reboot\r\n")
      } else {
        mode = .friendly
      }
      console.flush()
      if let rest = resets.rest { return told(rest.sequel) }
      guard let cause = resets.pending, boot < boots, !board.clock.isPoweredOff else { return }
      boot += 1
      guard self.boot(after: cause) else { return resets.rest.map { told($0.sequel) } ?? () }
    }
  }

  /// From one reset to the next.
  private func live(_ program: PythonProgram, _ console: BoardConsole, _ mode: inout Prompt.Mode) {
    let runtime = self.runtime
    do throws(Raised) {
      runtime.additions = additions
      try runtime.prepare(program)
    } catch {
      console.write(text: runtime.vm.tracebackText(of: error.exception))
    }
    let execution = ConsoleProgram(runtime, console: console)
    let standard = board.description.identity.machinePort.standardBootFile
    var outcome = ConsoleProgram.Outcome.finished
    if let bootFile = runtime.read("boot.py") ?? standard.map({ Array($0.utf8) }) {
      outcome = execution.run(.file(name: "boot.py", bootFile))
    }
    runtime.vm.mainModuleName = program.module
    // After an error in boot.py, main.py does not run.
    if outcome == .finished, mode == .friendly, let (name, source) = mainFile(of: program) {
      outcome = execution.run(.file(name: name, source))
    }
    switch outcome {
    case .halted: return
    case .exited: return resets.request(.soft)
    case .finished, .failed: break
    }
    let prompt = Prompt(vm: runtime.vm, program: execution, identity: BoardBanner(board).text)
    if prompt.run(mode: &mode, history: runtime.history) == .softReset { resets.request(.soft) }
  }
}
