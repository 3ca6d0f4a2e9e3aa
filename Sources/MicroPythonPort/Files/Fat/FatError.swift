/// The numbers of the `OSError`s of a FAT file system: MicroPython's translation of its errors.
enum FatError {
  static let noEntry = 2
  static let device = 5
  static let notReady = 16
  /// A directory that is full or not empty, a file that may not be written.
  static let denied = 13
  static let exists = 17
  static let noFileSystem = 19
  static let notDirectory = 20
  static let isDirectory = 21
  /// A name that FAT cannot have, a closed file.
  static let invalid = 22
  static let noSpace = 28
  static let readOnly = 30
}
