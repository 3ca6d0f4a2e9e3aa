/// An error in a board file: the fault, its place, and what the file could say instead.
public struct BoardFileError: Error, Hashable, CustomStringConvertible {
  public let file: String
  /// Counted from 1; `nil` when the file as a whole is meant.
  public let line: Int?
  public let message: String

  /// `FILE:LINE: what (what there is)`.
  public var description: String {
    line.map { "\(file):\($0): \(message)" } ?? "\(file): \(message)"
  }
}
