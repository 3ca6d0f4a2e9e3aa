/// The numbers of the `OSError`s of littlefs (its error codes without their signs).
enum LittlefsError {
  static let noEntry = 2
  static let device = 5
  static let exists = 17
  static let notDirectory = 20
  static let isDirectory = 21
  /// A path above the root, a position before the start, blocks that do not fit the superblock.
  static let invalid = 22
  static let tooLarge = 27
  static let noSpace = 28
  static let readOnly = 30
  static let nameTooLong = 36
  static let notEmpty = 39
  /// No valid metadata, or metadata that contradicts itself.
  static let corrupt = 84
}
