import Glibc

/// The bytes of a board file, or of another of that size.
package enum BoardFileText {
  /// Reads a whole file. A megabyte is more than any board needs, so that a device or a wrong file ends soon.
  package static func read(_ path: String) throws(BoardFileError) -> [UInt8] {
    let limit = 1 << 20
    func failed(_ code: Int32) -> BoardFileError {
      BoardFileError(file: path, line: nil, message: "could not be read: \(String(cString: strerror(code)))")
    }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failed(errno) }
    defer { close(descriptor) }
    var contents: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw failed(errno) }
      if count == 0 { return contents }
      contents += chunk[..<count]
      guard contents.count <= limit else {
        throw BoardFileError(file: path, line: nil, message: "is too large: it has more than a megabyte")
      }
    }
  }
}
