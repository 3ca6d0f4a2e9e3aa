import ArgumentParser
import Glibc
import Machine
import Timebase

extension ParsableCommand {
  /// Parses the command line, runs the command and ends the process: status 2 for wrong usage, with the message on standard
  /// error; help and completion scripts on standard output with status 0.
  public static func runTool() -> Never {
    StandardDescriptors.open()
    do {
      let arguments = Array(CommandLine.arguments.dropFirst())
      try refuseUnknownCommand(arguments)
      var command = try parseSubcommand(arguments) ?? parseAsRoot(arguments)
      try command.run()
      Glibc.exit(ExitStatus.success.rawValue)
    } catch {
      if let error = error as? UsageError { endWithUsage("Error: \(error)") }
      // The parser's own status for a wrong command line is 64.
      if exitCode(for: error) == .validationFailure { endWithUsage(fullMessage(for: error)) }
      exit(withError: error)
    }
  }

  /// Parses what follows a command's name as that command alone, which takes half as long as to begin with the tool.
  /// - Returns: nil for a word that names no command, and where the command refuses the rest: the whole parser has the messages and help.
  private static func parseSubcommand(_ arguments: [String]) -> (any ParsableCommand)? {
    guard let command = configuration.subcommands.first(where: { $0._commandName == arguments.first }) else {
      return nil
    }
    // A request for help gives another command.
    let parsed = try? command.parseAsRoot(Array(arguments.dropFirst()))
    return parsed.flatMap { type(of: $0) == command ? $0 : nil }
  }

  /// Refuses what is no command with the one that was probably meant: `run` for a file, a name that is spelt nearly so.
  private static func refuseUnknownCommand(_ arguments: [String]) throws(UsageError) {
    let commands = configuration.subcommands.map { $0._commandName } + ["help"]
    guard commands.count > 1, let first = arguments.first, !first.hasPrefix("-") else { return }
    let word: String
    if commands.contains(first) {
      // The parser would show the tool's help for a word that it does not know.
      guard first == "help", arguments.count > 1, !arguments[1].hasPrefix("-"),
        !commands.contains(arguments[1])
      else { return }
      word = arguments[1]
    } else {
      word = first
    }
    let tool = _commandName
    if word.hasSuffix(".py") || access(word, F_OK) == 0 {
      throw UsageError("'\(word)' is no command; did you mean `\(tool) run \(word)`?")
    }
    if let nearest = nearestName(to: word, among: commands) {
      let help = word == first ? "" : "help "
      throw UsageError("'\(word)' is no command; did you mean `\(tool) \(help)\(nearest)`?")
    }
    if access(word + ".py", F_OK) == 0 {
      throw UsageError("'\(word)' is no command; did you mean `\(tool) run \(word).py`?")
    }
    throw UsageError("'\(word)' is no command; there are \(commands.joined(separator: ", "))")
  }

  private static func endWithUsage(_ message: String) -> Never {
    _ = HostDescriptor.write(Array((message + "\n").utf8), to: STDERR_FILENO)
    Glibc.exit(ExitStatus.usage.rawValue)
  }
}
