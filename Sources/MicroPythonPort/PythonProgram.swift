import Glibc
import Timebase

/// A board's program, and the files on the board.
public struct PythonProgram {
  /// Its name in `sys.argv[0]` and tracebacks: as on a board, the file's name without folders.
  public var name: String
  /// The file on the host; the name where there is none.
  public private(set) var path: String
  /// The program's source; nil for the one that the board finds on its flash.
  public var source: [UInt8]?
  /// The module that the source imports as the main program.
  private(set) var module: String?
  /// Arguments that follow in `sys.argv`.
  public var arguments: [String]
  /// The host's folder that the program is in.
  public var folder: String
  /// The board's files: those of the folder unless something else is set.
  public var flash: Flash
  /// The SD card in the board's socket; nil for none.
  public var card: Card?
  /// Whether `boot.py` runs first, as on a board that is switched on.
  public var runsBootFile = false
  /// Folders of the host in which imports look as well: around a script that does not stand at the top of its
  /// program, as the demos of a library. A program that boots from a flash finds only the files on it.
  var importFolders: [String] {
    isOnFlash ? [] : (searchesOwnFolder ? [folder] : []) + [folder + "/..", "."]
  }
  /// Whether the program is one that a board finds on its flash, and no file of the host's that is handed to it.
  private var isOnFlash = false
  /// Whether imports look in the program's own folder too where the flash is another one.
  package var searchesOwnFolder = false
  /// Bytes that the firmware may write to a folder; nil for as many as the board's flash has.
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
    flash = .folder(".")
  }

  /// A module, in the current directory or of the firmware, which takes itself for the main program.
  /// - Parameter module: as it is imported: `package.module`.
  public init(module: String, arguments: [String] = []) {
    self.init(name: module, source: Array("import \(module)\n".utf8), arguments: arguments)
    self.module = module
  }

  /// Creates the program on a board's flash: `boot.py`, and `main.py` or the file that it names.
  public init(flash: Flash, arguments: [String] = []) {
    name = "main.py"
    path = name
    self.arguments = arguments
    folder = if case .folder(let folder) = flash { folder } else { "." }
    self.flash = flash
    isOnFlash = true
    runsBootFile = true
  }

  /// Reads a file, or the `main.py` of a folder, or with `-` standard input.
  /// - Throws: `PythonProgramError` when it cannot be read or is no text.
  public init(path: String, arguments: [String] = []) throws(PythonProgramError) {
    if path == "-" {
      guard let source = HostDescriptor.readToEnd(STDIN_FILENO, limit: longestSource) else {
        throw PythonProgramError(path: "standard input", reason: Self.readFailure)
      }
      self.init(name: "<stdin>", source: source, arguments: arguments)
      return
    }
    let isFolder = isFolder(path)
    let main = isFolder ? readFile(path + "/main.py") : nil
    if isFolder, main == nil, readFile(path + "/boot.py") != nil {
      self.init(flash: .folder(path), arguments: arguments)
      return
    }
    let file = isFolder ? (path.hasSuffix("/") ? path : path + "/") + "main.py" : path
    guard let source = main ?? readProgram(file) else {
      let reason = Self.readFailure
      throw PythonProgramError(
        path: file, reason: isFolder ? "\(reason); a folder needs a main.py" : reason)
    }
    let start = file.lastIndex(of: "/").map { file.index(after: $0) } ?? file.startIndex
    self.init(name: String(file[start...]), source: source, arguments: arguments)
    self.path = file
    folder = file.lastIndex(of: "/").map { $0 == file.startIndex ? "/" : String(file[..<$0]) } ?? "."
    flash = .folder(folder)
    isOnFlash = isFolder
    runsBootFile = name == "main.py"
  }

  /// Why a program could not be read just now.
  private static var readFailure: String {
    errno == EFBIG
      ? "more than \(longestSource >> 20) MiB are no firmware" : String(cString: strerror(errno))
  }
}

extension PythonProgram {
  /// Names files of the firmware as the host does.
  func hostFileNames(flash: String) -> @Sendable (String) -> String {
    let (name, path, folder) = (self.name, self.path, self.folder)
    return { file in
      if file == name { return path }
      let inner = file.hasPrefix(flash) ? String(file.dropFirst(flash.count)) : file
      let hostFile = folder + (inner.hasPrefix("/") ? "" : "/") + inner
      // Frozen modules and those of other folders keep their names.
      guard folder != ".", status(ofHostPath: hostFile) != nil else { return file }
      return hostFile
    }
  }
}

/// A program that cannot be run because its file cannot be read.
public struct PythonProgramError: Error, CustomStringConvertible {
  public let path: String
  public let reason: String
  public var description: String { "\(path): \(reason)" }
}
