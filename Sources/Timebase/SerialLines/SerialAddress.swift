/// Address at which other programs reach a serial line: `pty`, `pty:LINK`, `tcp:PORT`.
public enum SerialAddress: Sendable, Equatable {
  /// A pseudo-terminal; with a name, that of a symbolic link to it.
  case pseudoTerminal(link: String?)
  /// A port of 127.0.0.1; 0 for any that is free.
  case socket(port: UInt16)

  /// - Throws: an error that lists the valid forms.
  package init(parsing text: String) throws(SerialLineError) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let value = parts.count > 1 ? String(parts[1]) : nil
    switch (parts[0], value) {
    case ("pty", nil): self = .pseudoTerminal(link: nil)
    case ("pty", let link?) where !link.isEmpty: self = .pseudoTerminal(link: link)
    case ("tcp", let text?):
      guard let port = UInt16(text) else {
        throw SerialLineError("give a port from 0 to 65535, as in tcp:8266")
      }
      self = .socket(port: port)
    default: throw SerialLineError("give pty, pty:LINK or tcp:PORT")
    }
  }
}

extension SerialAddress: CustomStringConvertible {
  public var description: String {
    switch self {
    case .pseudoTerminal(let link): link.map { "pty:\($0)" } ?? "pty"
    case .socket(let port): "tcp:\(port)"
    }
  }
}

/// Why a serial line could not be opened for other programs.
package struct SerialLineError: Error, Hashable, CustomStringConvertible {
  package let description: String

  init(_ description: String) { self.description = description }
}
