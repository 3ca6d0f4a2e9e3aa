import MicroPython

/// Files and directories that are mounted somewhere. Paths are its own: `/` is its root, and others start at its current
/// directory.
///
/// Everything throws the `OSError`s that a board's FAT file system raises.
protocol FileSystem: AnyObject {
  /// - Parameter makesFileSystem: whether to make one where there is none.
  func mount(isReadOnly: Bool, makesFileSystem: Bool) throws(Raised)
  func open(_ path: String, _ mode: FileMode) throws(Raised) -> Value
  func entries(_ path: String) throws(Raised) -> [DirectoryEntry]
  func makeDirectory(_ path: String) throws(Raised)
  /// Removes a file or an empty directory.
  func remove(_ path: String, isDirectory: Bool) throws(Raised)
  /// A file of the new name is replaced.
  func rename(_ old: String, to new: String) throws(Raised)
  func changeDirectory(_ path: String) throws(Raised)
  func currentDirectory() -> String
  func status(_ path: String) throws(Raised) -> FileStatus
  func capacity() throws(Raised) -> FileSystemCapacity
}

/// One line of a directory's listing.
struct DirectoryEntry {
  var name: String
  var isDirectory: Bool
  /// Bytes.
  var size: Int
}

struct FileStatus {
  /// `stat`'s numbers for a directory and a file.
  static let directoryMode = 0x4000
  static let fileMode = 0x8000

  var isDirectory: Bool
  /// Bytes.
  var size: Int
  /// Seconds since 2000.
  var modified: Int
  var mode: Int { isDirectory ? Self.directoryMode : Self.fileMode }
}

struct FileSystemCapacity {
  /// Bytes.
  var blockSize: Int
  var blocks: Int
  var free: Int
}
