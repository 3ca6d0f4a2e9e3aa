/// The exit status of a run, for the shell.
public struct ExitStatus: RawRepresentable, Sendable, Hashable {
  public var rawValue: Int32

  /// Only the lowest eight bits reach the shell.
  public init(rawValue: Int32) { self.rawValue = rawValue }

  /// The firmware ended, or its power went off as asked.
  public static let success = ExitStatus(rawValue: 0)
  /// The firmware ended with an error that it did not catch.
  public static let failure = ExitStatus(rawValue: 1)
  /// The tool was asked for something that it cannot do.
  public static let usage = ExitStatus(rawValue: 2)

  /// Ended by a POSIX signal, as shells show it.
  public static func signalled(_ signal: Int32) -> ExitStatus { ExitStatus(rawValue: 128 + signal) }
}
