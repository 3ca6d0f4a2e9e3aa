import ArgumentParser
import Timebase

/// The options of boards with a language of their own: their flash and card, and the place of their console.
public struct ConsoleOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The board's flash: a folder, or the image of a FAT file system, which is made if it is not there. What firmware "
        + "writes stays. Without it the firmware's folder.",
      valueName: "folder|image"),
    completion: .file())
  public var flash: String?

  @Option(
    help: ArgumentHelp(
      "The SD card in the board's socket: a folder, or the image of a card, which is made with an empty file system if it is "
        + "not there. What firmware writes stays.",
      valueName: "folder|image"),
    completion: .file())
  public var sd: String?

  @Option(
    help: ArgumentHelp(
      "Where the board's serial console is: pty for a pseudo-terminal, whose name is printed first, pty:LINK to give it a name "
        + "of its own, tcp:PORT for a port of 127.0.0.1.",
      valueName: "pty|pty:link|tcp:port"),
    transform: Self.address)
  public var serial: SerialAddress?

  @Option(
    help: ArgumentHelp(
      "Switches the board off when it would begin to run for the next time, after this many resets and starts.",
      valueName: "number"))
  public var boots: Int?

  public init() {}

  public func validate() throws {
    if let boots, boots < 1 { throw ValidationError("--boots: give 1 or more") }
  }

  private static func address(_ text: String) throws(UsageError) -> SerialAddress {
    do { return try SerialAddress(parsing: text) } catch { throw UsageError(error.description) }
  }
}
