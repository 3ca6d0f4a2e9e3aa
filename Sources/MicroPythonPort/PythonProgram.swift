import Glibc

/// What a board shall run: source text, and the folder that is its file system.
public struct PythonProgram: Sendable {
  /// What `sys.argv[0]` and tracebacks call it: as on a board, the file's name without folders.
  public var name: String
  /// The file on the host; the name where there is none.
  public private(set) var path: String
  public var source: [UInt8]
  /// What follows in `sys.argv`.
  public var arguments: [String]
  /// The host's folder that is the board's flash.
  public var folder: String
  /// Bytes that the firmware may write to it; nil for as many as the board's flash has.
  public var flashSize: Int?
  /// Whether it may use sockets on the loopback.
  public var allowsSockets = true
  /// Whether symbolic links may lead out of the folder.
  public var followsLinks = false

  /// Source text that stands in no file; the current directory is its file system.
  public init(name: String, source: [UInt8], arguments: [String] = []) {
    self.name = name
    path = name
    self.source = source
    self.arguments = arguments
    folder = "."
  }

  /// Reads a file, or the `main.py` of a folder, or with `-` standard input.
  /// - Throws: `PythonProgramError` when it cannot be read or is no text.
  public init(path: String, arguments: [String] = []) throws(PythonProgramError) {
    if path == "-" {
      guard let source = readAll(STDIN_FILENO) else {
        let reason =
          errno == EFBIG
          ? "more than \(longestSource >> 20) MiB are no firmware" : String(cString: strerror(errno))
        throw PythonProgramError(path: "standard input", reason: reason)
      }
      self.init(name: "<stdin>", source: source, arguments: arguments)
      return
    }
    let isFolder = isFolder(path)
    let file = isFolder ? (path.hasSuffix("/") ? path : path + "/") + "main.py" : path
    guard let source = readProgram(file) else {
      let reason =
        errno == EFBIG
        ? "more than \(longestSource >> 20) MiB are no firmware" : String(cString: strerror(errno))
      throw PythonProgramError(
        path: file, reason: isFolder ? "\(reason); a folder needs a main.py" : reason)
    }
    let start = file.lastIndex(of: "/").map { file.index(after: $0) } ?? file.startIndex
    self.init(name: String(file[start...]), source: source, arguments: arguments)
    self.path = file
    folder = file.lastIndex(of: "/").map { $0 == file.startIndex ? "/" : String(file[..<$0]) } ?? "."
  }
}

extension PythonProgram {
  /// What a file that the firmware names is on the host: the program itself, or a module in its folder.
  func hostFile(_ name: String, flash: String) -> String {
    if name == self.name { return path }
    let inner = name.hasPrefix(flash) ? String(name.dropFirst(flash.count)) : name
    let file = folder + (inner.hasPrefix("/") ? "" : "/") + inner
    // Frozen modules and those of other folders keep their names.
    guard folder != ".", status(ofHostPath: file) != nil else { return name }
    return file
  }
}

/// A program that cannot be run because its file cannot be read.
public struct PythonProgramError: Error, CustomStringConvertible {
  public let path: String
  public let reason: String
  public var description: String { "\(path): \(reason)" }
}
