import ArgumentParser
import Glibc

extension ParsableCommand {
  /// Parses the command line, runs the command and ends the process: status 2 for wrong usage, with the message on standard
  /// error; help and completion scripts on standard output with status 0.
  public static func runTool() -> Never {
    StandardDescriptors.open()
    do {
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

  private static func endWithUsage(_ message: String) -> Never {
    _ = writeAll(Array((message + "\n").utf8), to: STDERR_FILENO)
    Glibc.exit(ExitStatus.usage.rawValue)
  }
}
