import Devices
import MicroPythonPort
import PythonDevices
import Session
import Timebase

/// Several boards with MicroPython, from power-on until all their firmware has ended.
extension BoardRun {
  /// - Parameters:
  ///   - isFirmwareGiven: whether the command line names firmware.
  ///   - prepare: sets what holds for the program of every board.
  func runTogether(
    _ file: WiringFile, isFirmwareGiven: Bool, prepare: (inout PythonProgram) -> Void
  ) throws -> ExitStatus {
    try refuseOptionsOfOneBoard(file, isFirmwareGiven: isFirmwareGiven)
    var programs: [PythonProgram?] = []
    for (name, contents) in file.boards {
      var program = try Self.program(of: contents, named: name)
      if program != nil { prepare(&program!) }
      programs.append(program)
    }
    guard programs.contains(where: { $0 != nil }) else {
      throw UsageError(option: "--wiring \(file.file)", "no board has firmware, as in a: {firmware: main.py}")
    }
    let session = try Session(
      options: options, interpreterCosts: PythonFirmware.costNames, wiringFile: file, kinds: .withPython,
      takesSeveralBoards: true, inputFiles: inputFiles() + programs.compactMap { $0?.path })
    let verdict = try expectations.flatMap { $0.isEmpty ? nil : try RunVerdict($0, session) }
    let table = FirmwareTable(session, programs, verdict, boots: consoleOptions.boots, collectsAlways)
    session.interruptFirmware = { table.interrupt() }
    return session.run {
      do throws(ThreadStartError) { try session.runTogether(table.bodies) } catch {
        session.console.report("Error: \(error)")
        return .failure
      }
      let status = table.finish()
      return verdict?.status(status) ?? status
    }
  }

  private func refuseOptionsOfOneBoard(_ file: WiringFile, isFirmwareGiven: Bool) throws(UsageError) {
    let has = "\(file.file) has several boards"
    if isFirmwareGiven {
      throw UsageError("\(has), each with firmware of its own: a: {firmware: main.py}")
    }
    if consoleOptions.flash != nil {
      throw UsageError(option: "--flash", "\(has), each with a flash of its own: a: {flash: folder}")
    }
    let others = [
      ("--sd", consoleOptions.sd != nil), ("--serial", consoleOptions.serial != nil),
    ]
    if let option = others.first(where: { $0.1 })?.0 {
      throw UsageError(option: option, "\(has): it is for one board alone")
    }
  }

  private static func program(
    of contents: WiringFile, named name: String
  ) throws(UsageError) -> PythonProgram? {
    do {
      let flash = try contents.flash.map { (path) throws(FlashError) in try Flash(path: path) }
      guard let path = contents.firmware else { return flash.map { PythonProgram(flash: $0) } }
      var program = try PythonProgram(path: path)
      if let flash {
        program.flash = flash
        program.runsBootFile = true
      }
      return program
    } catch {
      throw UsageError(option: "board \(name)", "\(error)")
    }
  }
}

/// The firmware of each of several boards, and how it ended. Belongs to whichever board's thread runs.
private final class FirmwareTable {
  private final class Place {
    let output: LabelledOutput
    let program: PythonProgram
    var firmware: PythonFirmware?
    /// Ctrl-C came before its firmware was there.
    var isInterrupted = false
    var status = ExitStatus.success

    init(_ program: PythonProgram, _ output: LabelledOutput) {
      self.program = program
      self.output = output
    }
  }

  private let session: Session
  private let places: [Place?]
  private let boots: Int?
  private let collectsAlways: Bool

  init(
    _ session: Session, _ programs: [PythonProgram?], _ verdict: RunVerdict?, boots: Int?,
    _ collectsAlways: Bool
  ) {
    self.session = session
    self.boots = boots
    self.collectsAlways = collectsAlways
    places = zip(session.boards, programs).map { member, program in
      program.map { program in
        let output = LabelledOutput(member.name ?? "", session.console) {
          verdict?.printed($0, on: member.board)
        }
        return Place(program, output)
      }
    }
  }

  /// Code for the thread of each board.
  var bodies: [(() -> Void)?] {
    zip(session.boards, places).map { member, place in
      place.map { place in { [unowned self] in run(place, on: member) } }
    }
  }

  private func run(_ place: Place, on member: SessionBoard) {
    let (console, name) = (session.console, member.name ?? "")
    let firmware = PythonFirmware(
      board: member.board, debugging: session.debugging, keys: NoKeys(), collectsAlways: collectsAlways
    ) { place.output.write($0) }
    place.firmware = firmware
    if place.isInterrupted { firmware.interrupt() }
    let end = firmware.run(
      place.program,
      afterwards: .goOn { console.report("vpyboard: \(name): \(place.program.name) \($0.text)") },
      boots: boots)
    place.output.finish()
    if case .failed(let traceback) = end { place.output.writeError(traceback) }
    place.status = end.status
  }

  func interrupt() {
    for case let place? in places {
      if let firmware = place.firmware { firmware.interrupt() } else { place.isInterrupted = true }
    }
  }

  /// - Returns: how the first board ended that did not end well.
  func finish() -> ExitStatus {
    for place in places { place?.output.finish() }
    return places.lazy.compactMap { $0?.status }.first { $0 != .success } ?? .success
  }
}
