import Glibc

/// The names in a folder, as the host's file system has them.
package enum FolderEntries {
  /// Calls `body` with the bytes of each name, `.` and `..` included, where `readdir` has put them.
  ///
  /// Invariant: the bytes are valid during the call. They are read up to the zero byte alone: an entry is no longer than its name
  /// needs, so a copy of the whole field `d_name` would read beyond it, for the last one beyond the buffer.
  /// - Returns: false, with `errno` set, when the folder cannot be read.
  package static func forEach(in path: UnsafePointer<CChar>, _ body: (UnsafeRawBufferPointer) -> Void) -> Bool
  {
    guard let stream = opendir(path), let offset = MemoryLayout<dirent>.offset(of: \.d_name) else {
      return false
    }
    defer { closedir(stream) }
    while let entry = readdir(stream) {
      let name = UnsafeRawPointer(entry) + offset
      body(UnsafeRawBufferPointer(start: name, count: strlen(name.assumingMemoryBound(to: CChar.self))))
    }
    return true
  }
}
