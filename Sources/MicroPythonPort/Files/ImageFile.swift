import Glibc

/// A file of the host that holds the blocks of a flash or of a card.
struct ImageFile {
  let descriptor: Int32
  /// Bytes; none for one that was made just now.
  let size: Int

  /// Opens a file, or makes it. The caller closes the descriptor.
  /// - Throws: `FlashError` for what cannot be read and written, and for what is no file: a pipe would have to be waited for.
  init(path: String) throws(FlashError) {
    var status = stat()
    descriptor = open(path, O_RDWR | O_CREAT | O_NONBLOCK | O_CLOEXEC, 0o666)
    guard descriptor >= 0, fstat(descriptor, &status) == 0 else {
      throw FlashError(path: path, reason: String(cString: strerror(errno)))
    }
    size = Int(status.st_size)
    guard status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw FlashError(path: path, reason: "no file: an image is a file of its own, no pipe and no device")
    }
  }

  /// Whether two paths name one file or folder.
  static func isSame(_ one: String, _ other: String) -> Bool {
    var (first, second) = (stat(), stat())
    return stat(one, &first) == 0 && stat(other, &second) == 0 && first.st_dev == second.st_dev
      && first.st_ino == second.st_ino
  }
}
