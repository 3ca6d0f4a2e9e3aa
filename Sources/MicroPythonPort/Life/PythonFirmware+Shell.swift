import MicroPython

/// A program that a shell runs, on a board that has no prompt.
extension PythonFirmware {
  /// The action when a program has come to its end.
  public enum Afterwards {
    /// Nothing: that was the run.
    case end
    /// Its timers and handlers go on, as on a board, until nothing can happen any more. The closure is called
    /// then.
    case goOn(told: (Sequel) -> Void)
  }

  /// The board's state when a program has come to its end.
  public enum Sequel: Sendable {
    case handlersGoOn
    case nothingCanHappen
    /// The board was reset, and its program is not on its flash.
    case resetEndsRun
    case sleepsForEver
    case isInBootloader
  }

  /// Runs a program to its end, again after each reset.
  ///
  /// A reset ends the run of a program that was handed to the board and is not on its flash, as it does on a
  /// board: unless `boots` gives the number of times it is handed over, or the program had not come to its
  /// end and asks for the cause of the reset.
  /// - Parameter boots: how often the board begins to run at most.
  public func run(_ program: PythonProgram, afterwards: Afterwards = .end, boots: Int? = nil) -> End {
    board.diagnostics.nameFiles(
      program.hostFileNames(flash: board.description.identity.machinePort.flashPath))
    insertCard(program)
    var boot = 1
    while true {
      var end = runOnce(program)
      let isComplete = end == .finished && !runtime.vm.isHalted
      if isComplete, case .goOn(let tell) = afterwards { end = goOn(tell) }
      runtime.end()
      if let rest = resets.rest { return finish(rest.sequel, afterwards) }
      guard let cause = resets.pending else { return end }
      guard boot < boots ?? .max, !board.clock.isPoweredOff else { return .finished }
      guard program.runsBootFile || boots != nil || (resets.isCauseAskedFor && !isComplete) else {
        return finish(.resetEndsRun, afterwards)
      }
      boot += 1
      guard self.boot(after: cause) else { return finish(resets.rest?.sequel, afterwards) }
    }
  }

  private func finish(_ sequel: Sequel?, _ afterwards: Afterwards) -> End {
    if let sequel, case .goOn(let tell) = afterwards { tell(sequel) }
    return .finished
  }

  private func runOnce(_ program: PythonProgram) -> End {
    let vm = runtime.vm
    do throws(Raised) {
      runtime.additions = additions
      try runtime.prepare(program)
      if program.runsBootFile, let source = runtime.read("boot.py") {
        try vm.runMain(source, file: "boot.py")
      } else {
        vm.presetModules = board.description.identity.machinePort.bootModules
      }
      vm.mainModuleName = program.module
      if let (name, source) = mainFile(of: program) { try vm.runMain(source, file: name) }
      return .finished
    } catch {
      let end = self.end(error.exception)
      if case .failed = end { runtime.asyncio.pitfalls?.explain(error.exception) }
      return end
    }
  }

  /// Returns the file to run after `boot.py`: the program, or the one that `boot.py` has named by `pyb.main`.
  func mainFile(of program: PythonProgram) -> (name: String, source: [UInt8])? {
    if let source = program.source, resets.mainFile == nil || resets.mainFile == program.name {
      return (program.name, source)
    }
    let name = resets.mainFile ?? "main.py"
    return runtime.read(name).map { (name, $0) }
  }

  private func end(_ exception: Value) -> End {
    let vm = runtime.vm
    if vm.isHalted {
      return runtime.asyncio.isDeadlocked || runtime.threads.isDeadlocked ? .deadlocked : .finished
    }
    if vm.isException(exception, .systemExit) {
      if resets.isSoftResetRaised {
        resets.request(.soft)
        return .finished
      }
      let arguments = vm.exceptionPart(of: exception)?.arguments
      guard let code = arguments.flatMap({ $0.count > 0 ? $0[0] : nil }), !code.isNone else {
        return .exited(0)
      }
      if code.isSmallInt { return .exited(Int32(truncatingIfNeeded: code.smallInt) & 0xff) }
      return .exited(code.isBool && code == .false ? 0 : 1)
    }
    return .failed(traceback: String(decoding: vm.tracebackText(of: exception), as: UTF8.self))
  }

  /// Lets handlers run until nothing can happen any more or the power goes.
  private func goOn(_ tell: (Sequel) -> Void) -> End {
    guard runtime.hasHandlers else { return .finished }
    let clock = board.clock
    if clock.nextEventDue != nil || clock.mayHearFromOutside { tell(.handlersGoOn) }
    do throws(Raised) {
      while true {
        if case .nothingToWaitFor = board.clock.idle(until: nil) {
          tell(.nothingCanHappen)
          return .finished
        }
        try runtime.vm.safePoint()
        if board.clock.isPoweredOff { return .finished }
      }
    } catch {
      // Ctrl-C: no program is left to be interrupted.
      if runtime.vm.isException(error.exception, .keyboardInterrupt) {
        return .exited(Self.interruptedStatus)
      }
      return end(error.exception)
    }
  }

  /// As shells have it for a program that Ctrl-C has ended.
  private static let interruptedStatus: Int32 = 130
}

extension ResetControl.Rest {
  var sequel: PythonFirmware.Sequel {
    switch self {
    case .bootloader: .isInBootloader
    case .sleepsForEver: .sleepsForEver
    }
  }
}
