/// The board files of this folder, carried inside every program that links this target.
///
/// A new board is its file here, a line in `Package.swift` and a line in ``boards``.
public enum BuiltInBoards {
  /// The names a command line may give, in the order `vpyboard boards` lists them.
  public static let names = boards.map(\.name)

  /// A shorter name for a board, where it has one.
  public static func alias(of name: String) -> String? { boards.first { $0.name == name }?.alias }

  /// The name and the text of a board file, in UTF-8.
  /// - Parameter name: the board's name or its alias.
  /// - Returns: `nil` when there is no built-in board of that name.
  public static func find(_ name: String) -> (name: String, text: [UInt8])? {
    boards.first { $0.name == name || $0.alias == name }.map { ($0.name, $0.yaml) }
  }

  /// The JSON Schema of board files, in UTF-8.
  public static var schema: [UInt8] { PackageResources.board_schema_json }

  private static let boards: [(name: String, alias: String?, yaml: [UInt8])] = [
    ("pyboard-v1.1", nil, PackageResources.pyboard_v1_1_yaml),
    ("pyboard-v1.0", nil, PackageResources.pyboard_v1_0_yaml),
    ("pyboard-lite-v1.0", nil, PackageResources.pyboard_lite_v1_0_yaml),
    ("raspberry-pi-pico", "pico", PackageResources.raspberry_pi_pico_yaml),
    ("raspberry-pi", nil, PackageResources.raspberry_pi_yaml),
  ]
}
