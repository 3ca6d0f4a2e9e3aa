import Devices
import MicroPythonPort
import PythonDevices
import Session

/// A board with MicroPython, from power-on to its end.
struct BoardRun {
  let options: RunOptions
  let consoleOptions: ConsoleOptions
  var expectations: ExpectationOptions?
  let wiring: NamedWiring
  /// To find faults of the emulator's own.
  var collectsAlways = false

  /// A program on a board without a prompt: its output goes to standard output as it is.
  func run(_ program: PythonProgram) throws -> ExitStatus {
    let session = try Session(
      options: options, interpreterCosts: PythonFirmware.costNames, wiringFile: wiring.file(),
      kinds: collectsAlways ? .withPythonCollectingAlways : .withPython, inputFiles: inputFiles(program))
    let console = session.console
    let verdict = try expectations.flatMap { $0.isEmpty ? nil : try RunVerdict($0, session) }
    let firmware = PythonFirmware(
      board: session.board, debugging: options.debugging, keys: verdict?.keys ?? session.keys,
      collectsAlways: collectsAlways
    ) { bytes in
      console.write(bytes)
      verdict?.printed(bytes)
    }
    session.interruptFirmware = { firmware.interrupt() }
    let name = program.name
    return session.run {
      let end = firmware.run(
        program, afterwards: .goOn { console.report("vpyboard: \(name) \($0.text)") },
        boots: consoleOptions.boots)
      if case .failed(let traceback) = end { console.writeError(traceback) }
      let status = end.status
      return verdict?.status(status) ?? status
    }
  }

  /// A board with a prompt at its serial console.
  func runPrompt(_ program: PythonProgram, at place: Session.SerialConsole) throws -> ExitStatus {
    let session = try Session(
      options: options, interpreterCosts: PythonFirmware.costNames, serialConsole: place,
      wiringFile: wiring.file(), kinds: .withPython, inputFiles: inputFiles(program))
    guard let input = session.serialInput else { return .failure }
    let console = BoardConsole(clock: session.clock, line: input) { session.sendToSerial($0) }
    let firmware = PythonFirmware(board: session.board, debugging: options.debugging, console: console)
    if case .terminal = place { session.interruptFirmware = { firmware.interrupt() } }
    return session.run {
      firmware.stayPowered(program, boots: consoleOptions.boots ?? .max) {
        session.console.report("vpyboard: the firmware \($0.text)")
      }
      return .success
    }
  }

  /// Files that the run reads: nothing that it writes may overwrite them.
  func inputFiles(_ programs: PythonProgram...) -> [String] {
    programs.map(\.path)
      + [expectations?.scenario, consoleOptions.flash, consoleOptions.sd].compactMap { $0 }
  }

  /// Opens the card of `--sd`.
  func card() throws -> Card? {
    guard let path = consoleOptions.sd else { return nil }
    let flash = try flashPath()
    func refuseFlash() throws {
      guard let flash, path == flash || Card.isSame(path, asFlash: flash) else { return }
      throw UsageError("--sd: \(path) is the board's flash already; a card has a file or folder of its own")
    }
    try refuseFlash()
    do {
      let card = try Card(path: path)
      // One that was made just now may have the flash's name in another spelling.
      try refuseFlash()
      return card
    } catch let error as FlashError {
      throw UsageError("--sd: \(error.description)")
    }
  }

  private func flashPath() throws(UsageError) -> String? {
    if let path = consoleOptions.flash { return path }
    return try wiring.file()?.flash
  }

  /// Opens the flash of `--flash`, or of the wiring file.
  func flash() throws(UsageError) -> Flash? {
    guard let path = try flashPath() else { return nil }
    do throws(FlashError) { return try Flash(path: path) } catch {
      throw UsageError("--flash: \(error.description)")
    }
  }
}

/// The file of `--wiring`, read once however often it is used: it may be a pipe, and devices in Python run
/// their files.
final class NamedWiring {
  private let options: RunOptions
  private var known: WiringFile?

  init(_ options: RunOptions) { self.options = options }

  /// - Returns: nil where the options name none.
  func file() throws(UsageError) -> WiringFile? {
    if known == nil { known = try options.wiringFile(kinds: .withPython) }
    return known
  }
}

extension PythonFirmware.End {
  /// Status that the run ends with.
  var status: ExitStatus {
    switch self {
    case .finished: .success
    case .exited(let number): ExitStatus(rawValue: number)
    case .deadlocked, .failed: .failure
    }
  }
}

extension PythonFirmware.Sequel {
  var text: String {
    switch self {
    case .handlersGoOn: "has ended; its timers and handlers go on until --for or Ctrl-C"
    case .nothingCanHappen: "has ended, and nothing can happen any more"
    case .resetEndsRun:
      "has reset the board and is not on its flash, so that nothing runs there now; --boots N starts it again"
    case .sleepsForEver: "sleeps, and nothing can wake it"
    case .isInBootloader: "has gone to the bootloader, where the board runs no firmware"
    }
  }
}
