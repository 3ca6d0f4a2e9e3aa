import Glibc
import MicroPython

/// The board's file system: a folder of the host, the firmware's own, that appears as `/`.
final class BoardFileSystem: SourceFinder {
  /// The host's folder; no slash at its end.
  let root: String
  /// Folders of the host in which imports look as well: around a script that does not stand at the top of its
  /// program, as the demos of a library.
  private let importFolders: [String]
  /// The current directory, parts of a path from the root.
  private(set) var currentDirectory: [String] = []

  init(root: String, importFolders: [String]) {
    self.root = root
    self.importFolders = importFolders
  }

  // MARK: Paths

  /// The parts of a path from the root; `..` cannot leave it.
  func parts(of path: String) -> [String] {
    var parts = path.hasPrefix("/") ? [] : currentDirectory
    for part in path.split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(String(part)) }
    }
    return parts
  }

  /// Where the host has what the board calls `path`.
  func hostPath(_ path: String) -> String { ([root] + parts(of: path)).joined(separator: "/") }

  /// Makes a folder the current one; false if there is none.
  func changeDirectory(_ path: String) -> Bool {
    guard isFolder(hostPath(path)) else { return false }
    currentDirectory = parts(of: path)
    return true
  }

  // MARK: Imports

  func find(_ path: String, onBoardOnly: Bool) -> FoundSource? {
    if let found = find(path, at: hostPath(path)) { return found }
    guard !path.hasPrefix("/"), !onBoardOnly else { return nil }
    for folder in importFolders {
      if let found = find(path, at: folder + "/" + path) { return found }
    }
    return nil
  }

  private func find(_ path: String, at hostPath: String) -> FoundSource? {
    if isFolder(hostPath) {
      let initFile = readFile(hostPath + "/__init__.py").map { (path: path + "/__init__.py", source: $0) }
      return .package(path: path, initFile: initFile)
    }
    if let source = readFile(hostPath + ".py") { return .file(path: path + ".py", source: source) }
    if access(hostPath + ".mpy", F_OK) == 0 { return .precompiled(path: path + ".mpy") }
    return nil
  }
}
