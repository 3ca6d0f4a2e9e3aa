import ArgumentParser
import Session

/// The command line of the emulator.
@main struct VPyboard: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vpyboard",
    abstract: "Runs firmware on a virtual MicroPython Pyboard.",
    version: BuildIdentity.summary,
    subcommands: [
      RunCommand.self, ReplCommand.self, TestCommand.self, ServeCommand.self, BoardsCommand.self,
      BoardCommand.self,
      DevicesCommand.self,
      GPIOCommand.self, DocsCommand.self,
    ])

  static func main() { runTool() }
}
