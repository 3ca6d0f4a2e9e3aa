/// The board files of this folder, carried inside every program that links this target.
///
/// A new board is its file here, a line in `Package.swift` and a line in ``texts``.
public enum BuiltInBoards {
  /// The names a command line may give, in the order `vpyboard boards` lists them.
  public static let names = texts.map(\.name)

  /// The text of a board file, in UTF-8.
  /// - Returns: `nil` when there is no built-in board of that name.
  public static func text(named name: String) -> [UInt8]? {
    texts.first { $0.name == name }?.yaml
  }

  private static let texts: [(name: String, yaml: [UInt8])] = [
    ("pyboard-v1.1", PackageResources.pyboard_v1_1_yaml)
  ]
}
