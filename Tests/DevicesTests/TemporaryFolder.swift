import Foundation

/// A folder with files, which its test removes.
struct TemporaryFolder {
  let url = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
  /// With a slash at its end.
  var path: String { url.path() + "/" }

  /// - Parameter files: contents by path.
  init(_ files: [String: String]) throws {
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    for (path, contents) in files { try Data(contents.utf8).write(to: url.appending(path: path)) }
  }

  func remove() { try? FileManager.default.removeItem(at: url) }
}
