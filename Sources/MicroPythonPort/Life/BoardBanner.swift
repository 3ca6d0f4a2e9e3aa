import Machine

/// A board's text about itself before its first prompt.
struct BoardBanner {
  let text: String

  init(_ board: Board) {
    text =
      "MicroPython v\(SysModule.versionText) on VirtualPyboard; \(board.description.identity.machine)"
  }
}
