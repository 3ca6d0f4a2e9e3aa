import Glibc

/// What a board shall run: source text, and the folder that is its file system.
public struct PythonProgram: Sendable {
  /// What `sys.argv[0]` and tracebacks call it.
  public var name: String
  public var source: [UInt8]
  /// What follows in `sys.argv`.
  public var arguments: [String]
  /// The host's folder that the firmware sees as `/`.
  public var folder: String

  /// Source text that stands in no file; the current directory is its file system.
  public init(name: String, source: [UInt8], arguments: [String] = []) {
    self.name = name
    self.source = source
    self.arguments = arguments
    folder = "."
  }

  /// Reads a file, or the `main.py` of a folder, or with `-` standard input.
  /// - Throws: `PythonProgramError` when it cannot be read or is no text.
  public init(path: String, arguments: [String] = []) throws(PythonProgramError) {
    if path == "-" {
      guard let source = readAll(STDIN_FILENO) else {
        throw PythonProgramError(path: "standard input", reason: String(cString: strerror(errno)))
      }
      self.init(name: "<stdin>", source: source, arguments: arguments)
      return
    }
    let isFolder = isFolder(path)
    let file = isFolder ? (path.hasSuffix("/") ? path : path + "/") + "main.py" : path
    guard let source = readFile(file) else {
      let reason = String(cString: strerror(errno))
      throw PythonProgramError(
        path: file, reason: isFolder ? "\(reason); a folder needs a main.py" : reason)
    }
    self.init(name: file, source: source, arguments: arguments)
    folder = file.lastIndex(of: "/").map { $0 == file.startIndex ? "/" : String(file[..<$0]) } ?? "."
  }
}

/// A program that cannot be run because its file cannot be read.
public struct PythonProgramError: Error, CustomStringConvertible {
  public let path: String
  public let reason: String
  public var description: String { "\(path): \(reason)" }
}
