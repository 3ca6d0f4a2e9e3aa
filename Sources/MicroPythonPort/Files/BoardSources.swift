import Glibc
import MicroPython

/// Finds the sources that firmware imports: among the board's files, and in folders of the host that only
/// stand in for them.
final class BoardSources: SourceFinder {
  private let files: MountedFiles
  /// Folders of the host in which imports look as well: around a script that does not stand at the top of its
  /// program, as the demos of a library.
  private let importFolders: [String]
  private var vm: Interpreter { files.vm }

  init(_ files: MountedFiles, importFolders: [String]) {
    self.files = files
    self.importFolders = importFolders
  }

  func find(_ path: String, onBoardOnly: Bool) throws(Raised) -> FoundSource? {
    if let found = try findOnBoard(path) { return found }
    guard !path.hasPrefix("/"), !path.split(separator: "/").contains(".."), !onBoardOnly else { return nil }
    for folder in importFolders {
      if let found = find(path, at: { folder + "/" + path + $0 }) { return found }
    }
    return nil
  }

  private func findOnBoard(_ path: String) throws(Raised) -> FoundSource? {
    guard case .inside(let mount, let inner) = files.table.place(of: path) else { return nil }
    if let folder = NativeHandle(mount.object)?.payload as? HostFolder {
      return find(path, at: { folder.hostPath(inner + $0) })
    }
    switch try kind(path) {
    case .directory?:
      let initial = path + "/__init__.py"
      guard try kind(initial) == .file else { return .package(path: path, initFile: nil) }
      return .package(path: path, initFile: (initial, try read(initial)))
    default: break
    }
    if try kind(path + ".py") == .file { return .file(path: path + ".py", source: try read(path + ".py")) }
    if try kind(path + ".mpy") == .file {
      // Opened and closed before it is refused, as on the board.
      _ = try read(path + ".mpy")
      return .precompiled(path: path + ".mpy")
    }
    return nil
  }

  private enum Kind { case file, directory }

  /// Returns the kind of entry at a path; nil when its file system raises anything.
  private func kind(_ path: String) throws(Raised) -> Kind? {
    let status: Value
    do throws(Raised) { status = try files.ask("stat", vm.heap.string(path)) } catch { return nil }
    let fields = try vm.collect(status)
    guard fields.count == 10 else {
      throw vm.error(.valueError, "requested length 10 but object has length \(fields.count)")
    }
    return try vm.int(fields[0]) & FileStatus.directoryMode != 0 ? .directory : .file
  }

  /// Everything in a file that `open` finds.
  func read(_ path: String) throws(Raised) -> [UInt8] {
    let file = try files.ask("open", vm.heap.string(path), vm.heap.string("rb"))
    let stream = try vm.stream(file)
    // How much it likes to be asked for at once; most streams do not know.
    var bufferSize = 20
    if case .done(let wanted) = try stream.control(StreamRequest.bufferSize, 0, vm), wanted > 0 {
      bufferSize = min(255, max(4, wanted))
    }
    var source: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: bufferSize)
    while true {
      let result = try buffer.withUnsafeMutableBufferPointer { (bytes) throws(Raised) in
        try stream.read(into: UnsafeMutableRawBufferPointer(bytes), vm)
      }
      guard case .done(let count) = result else {
        if source.isEmpty, case .failed(let number) = result { throw vm.osError(number) }
        break
      }
      source += buffer[..<count]
      if source.count > longestSource { throw vm.error(.memoryError, "memory allocation failed") }
      if count < bufferSize { break }
    }
    _ = try stream.control(StreamRequest.close, 0, vm)
    return source
  }

  /// - Parameter hostPath: returns the host's path with the given suffix; nil where it may not be looked at.
  /// - Returns: the source at that path.
  private func find(_ path: String, at hostPath: (String) -> String?) -> FoundSource? {
    if let folder = hostPath(""), isFolder(folder) {
      let initFile = hostPath("/__init__.py").flatMap(readFile)
      return .package(path: path, initFile: initFile.map { (path: path + "/__init__.py", source: $0) })
    }
    if let source = hostPath(".py").flatMap(readFile) { return .file(path: path + ".py", source: source) }
    if let file = hostPath(".mpy"), status(ofHostPath: file) != nil {
      return .precompiled(path: path + ".mpy")
    }
    return nil
  }
}
