import ArgumentParser
import Asyncio
import Glibc
import Machine

/// Firmware in Swift that is an executable of its own, with the options of `vpyboard run`. Mark the type with `@main`.
public protocol FirmwareProgram: SendableMetatype {
  /// One line for `--help`.
  static var abstract: String { get }

  /// Runs on the board after power-on, as `main.py` on a board with MicroPython. The run ends when it
  /// returns, whatever other tasks are doing then.
  @Firmware static func run(on board: Board) async throws

  /// Runs on the board after Ctrl-C has ended `run(on:)`: the clean-up behind `except KeyboardInterrupt`
  /// around `asyncio.run`. Waiting tasks do not see the interruption; those that are left go on meanwhile.
  /// Nothing by default.
  @Firmware static func interrupted(on board: Board) async throws
}

extension FirmwareProgram {
  @Firmware public static func interrupted(on board: Board) async throws {}

  public static func main() { FirmwareCommand<Self>.runTool() }
}

/// The command line of a `FirmwareProgram`.
private struct FirmwareCommand<Program: FirmwareProgram>: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: CommandLine.arguments[0].split(separator: "/").last.map(String.init),
      abstract: Program.abstract,
      version: BuildIdentity.summary)
  }

  @OptionGroup var options: RunOptions

  func run() throws {
    let session = try Session(options: options)
    let status = session.run {
      session.runFirmware(
        { try await Program.run(on: $0) }, interrupted: { try await Program.interrupted(on: $0) })
    }
    Glibc.exit(status.rawValue)
  }
}
