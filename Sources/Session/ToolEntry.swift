import ArgumentParser
import Glibc
import Timebase

extension ParsableCommand {
  /// Parses the command line, runs the command and ends the process: status 2 for wrong usage, with the message on standard
  /// error; help and completion scripts on standard output with status 0.
  public static func runTool() -> Never {
    StandardDescriptors.open()
    do {
      try refuseUnknownCommand(CommandLine.arguments.dropFirst().first)
      var command = try parseAsRoot()
      try command.run()
      Glibc.exit(ExitStatus.success.rawValue)
    } catch {
      if let error = error as? UsageError { endWithUsage("Error: \(error)") }
      // The parser's own status for a wrong command line is 64.
      if exitCode(for: error) == .validationFailure { endWithUsage(fullMessage(for: error)) }
      exit(withError: error)
    }
  }

  /// Refuses what is no command with the one that was probably meant: `run` for a file, a name that is spelt nearly so.
  private static func refuseUnknownCommand(_ word: String?) throws(UsageError) {
    let commands = configuration.subcommands.map { $0._commandName } + ["help"]
    guard commands.count > 1, let word, !word.hasPrefix("-"), !commands.contains(word) else { return }
    let tool = _commandName
    if word.hasSuffix(".py") || access(word, F_OK) == 0 {
      throw UsageError("'\(word)' is no command; did you mean `\(tool) run \(word)`?")
    }
    let distances = commands.map { (name: $0, distance: editDistance(word, $0)) }
    if let nearest = distances.min(by: { $0.distance < $1.distance }), nearest.distance <= 2 {
      throw UsageError("'\(word)' is no command; did you mean `\(tool) \(nearest.name)`?")
    }
    throw UsageError("'\(word)' is no command; there are \(commands.joined(separator: ", "))")
  }

  /// How many letters have to be put in, left out, replaced or swapped with their neighbour.
  private static func editDistance(_ left: String, _ right: String) -> Int {
    let (a, b) = (Array(left), Array(right))
    var rows = [Array(0...b.count)]
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        var best = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, rows[i - 1][j - 1] + 1) }
        row.append(best)
      }
      rows.append(row)
    }
    return rows[a.count][b.count]
  }

  private static func endWithUsage(_ message: String) -> Never {
    _ = HostDescriptor.write(Array((message + "\n").utf8), to: STDERR_FILENO)
    Glibc.exit(ExitStatus.usage.rawValue)
  }
}
