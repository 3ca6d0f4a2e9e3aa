import ArgumentParser
import Asyncio
import Glibc
import Machine
import Timebase

/// Firmware in Swift for several boards with wires between them, which a wiring file describes: an executable of its own with the options of
/// `vpyboard run`. Mark the type with `@main`. Firmware that the file names for one of these boards gives way to it.
public protocol BoardsProgram: SendableMetatype {
  /// One line for `--help`.
  static var abstract: String { get }

  /// The firmware of the board that the wiring file calls so; `nil` where there is none.
  static func firmware(of board: String) -> (@Firmware (Board) async throws -> Void)?
}

extension BoardsProgram {
  public static func main() { BoardsCommand<Self>.runTool() }
}

/// The command line of a `BoardsProgram`.
private struct BoardsCommand<Program: BoardsProgram>: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: CommandLine.arguments[0].split(separator: "/").last.map(String.init),
      abstract: Program.abstract, version: BuildIdentity.summary)
  }

  @OptionGroup var options: RunOptions

  func run() throws {
    guard let file = try options.wiringFile(), !file.boards.isEmpty else {
      throw UsageError("name the file that has the boards and the wires between them: --wiring FILE")
    }
    for (name, contents) in file.boards where Program.firmware(of: name) == nil {
      guard let firmware = contents.firmware else { continue }
      throw UsageError(
        option: "--wiring \(file.file)",
        "board \(name) has firmware, \(firmware), that this program does not run: vpyboard run does")
    }
    let session = try Session(options: options, wiringFile: file, takesSeveralBoards: true)
    Glibc.exit(session.run { session.runFirmware(of: Program.firmware) }.rawValue)
  }
}

extension Session {
  /// Runs firmware in Swift on several boards until all of it has ended.
  /// - Parameter firmware: by the name of the board.
  /// - Returns: how the first of them ended that did not end well, in the order of the wiring file.
  public func runFirmware(
    of firmware: (_ board: String) -> (@Firmware (Board) async throws -> Void)?
  ) -> ExitStatus {
    let runs = boards.map { member in firmware(member.name ?? "").map { MemberRun(member, self, $0) } }
    interruptFirmware = { for run in runs { run?.isInterrupted = true } }
    do throws(ThreadStartError) {
      try runTogether(runs.map { run in run.map { run in { run.run() } } })
    } catch {
      console.report("Error: \(error)")
      return .failure
    }
    return runs.lazy.compactMap { $0?.status }.first { $0 != .success } ?? .success
  }
}

/// Firmware in Swift on one of several boards. Belongs to the thread of whichever board runs.
private final class MemberRun {
  private(set) var status = ExitStatus.success
  var isInterrupted = false

  private let member: SessionBoard
  private unowned let session: Session
  private let main: @Firmware (Board) async throws -> Void

  init(_ member: SessionBoard, _ session: Session, _ main: @escaping @Firmware (Board) async throws -> Void) {
    self.member = member
    self.session = session
    self.main = main
  }

  /// On the board's own thread.
  func run() {
    let takeInterruption = { [unowned self] in
      defer { isInterrupted = false }
      return isInterrupted
    }
    status = session.withScheduler(
      of: member.board, member.diagnostics, takeInterruption: takeInterruption
    ) { scheduler in
      do {
        try scheduler.run(lending: member.board, main)
        scheduler.reportAbandonedTasks()
        return .success
      } catch SchedulerError.poweredOff {
        return .success
      } catch is KeyboardInterrupt {
        return .signalled(SIGINT)
      } catch {
        session.console.report("\(member.name ?? ""): Error: \(error)")
        return .failure
      }
    }
  }
}
