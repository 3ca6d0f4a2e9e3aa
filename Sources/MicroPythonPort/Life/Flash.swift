import Glibc

/// The contents of a board's flash.
public enum Flash {
  /// The files of a folder of the host, which firmware can change.
  case folder(String)
  /// A FAT volume.
  case image(FlashImage)

  /// A folder, or the image of a FAT volume; an image that is not there is made, with a board's first files.
  public init(path given: String) throws(FlashError) {
    var path = given
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    if isFolder(path) {
      self = .folder(path)
    } else if path != given {
      throw FlashError(
        path: given, reason: "no such folder: make it first, or name an image file without the /")
    } else {
      self = .image(try FlashImage(path: path))
    }
  }
}
