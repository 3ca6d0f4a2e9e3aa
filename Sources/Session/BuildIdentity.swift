import CBuild

/// The version, commit and platform of this program, as `--version` prints them.
public enum BuildIdentity {
  /// The Makefile names packages after it.
  public static let version = "0.1.0"

  /// Git's name for the commit, with a "+" behind it when there were uncommitted changes; `nil` in a build by
  /// hand.
  public static var commit: String? {
    let commit = String(cString: cbuild_commit())
    return commit.isEmpty ? nil : commit
  }

  /// Operating system and processor, as file names of packages have them.
  public static var platform: String {
    #if arch(arm64)
      "linux-aarch64"
    #elseif arch(x86_64)
      "linux-x86_64"
    #else
      "linux"
    #endif
  }

  /// As `0.1.0 (1096914, linux-aarch64)`.
  public static var summary: String {
    "\(version) (\(commit.map { "\($0), " } ?? "")\(platform))"
  }
}
