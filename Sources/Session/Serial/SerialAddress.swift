/// Where the board's console can be reached, as `--serial` takes it.
public enum SerialAddress: Sendable, Equatable {
  /// A pseudo-terminal; with a name, that of a symbolic link to it.
  case pseudoTerminal(link: String?)
  /// A port of 127.0.0.1; 0 for any that is free.
  case socket(port: UInt16)

  init(argument: String) throws(UsageError) {
    let parts = argument.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let value = parts.count > 1 ? String(parts[1]) : nil
    switch (parts[0], value) {
    case ("pty", nil): self = .pseudoTerminal(link: nil)
    case ("pty", let link?) where !link.isEmpty: self = .pseudoTerminal(link: link)
    case ("tcp", let text?):
      guard let port = UInt16(text) else { throw UsageError("give a port from 0 to 65535, as in tcp:8266") }
      self = .socket(port: port)
    default: throw UsageError("give pty, pty:LINK or tcp:PORT")
    }
  }
}
