import Glibc

/// What the host says about a path, or nil with `errno` set.
func status(ofHostPath path: String) -> stat? {
  var status = stat()
  return stat(path, &status) == 0 ? status : nil
}

func isFolder(_ hostPath: String) -> Bool {
  status(ofHostPath: hostPath).map { $0.st_mode & S_IFMT == S_IFDIR } ?? false
}

/// A file's contents, or nil with `errno` set when it cannot be read.
func readFile(_ hostPath: String) -> [UInt8]? {
  guard !isFolder(hostPath) else {
    errno = EISDIR
    return nil
  }
  let descriptor = open(hostPath, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return nil }
  defer { close(descriptor) }
  return readAll(descriptor)
}

/// Everything up to the end of a file, pipe or terminal; nil with `errno` set on an error.
func readAll(_ descriptor: Int32) -> [UInt8]? {
  var contents: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 65536)
  while true {
    let count = read(descriptor, &chunk, chunk.count)
    if count > 0 { contents.append(contentsOf: chunk[..<count]) }
    if count == 0 { return contents }
    if count < 0 && errno != EINTR { return nil }
  }
}
