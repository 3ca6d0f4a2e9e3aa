import Devices
import Diagnostics
import Machine

/// A board of a session: the only one, or one of those that a wiring file names.
public struct SessionBoard {
  /// As the wiring file calls it; nil where it is the only one.
  public let name: String?
  public let board: Board
  /// Takes the diagnostics about it.
  public let diagnostics: DiagnosticSink
}

extension [SessionBoard] {
  /// Finds the board that a name means: the only one, or the one that it begins with, as in `a.oled`.
  /// - Returns: the board, and the name that its part has there.
  /// - Throws: if there are several boards and the name begins with none of them.
  func find(_ name: String, option: String) throws(UsageError) -> (board: Board, name: String) {
    guard let first, first.name != nil else { return (self[0].board, name) }
    let words = name.split(separator: ".", maxSplits: 1).map(String.init)
    guard words.count == 2, let member = self.first(where: { $0.name == words[0] }) else {
      let names = compactMap(\.name).map { "\($0).\(words.last ?? name)" }.joined(separator: ", ")
      throw UsageError(option: option, "of several boards, say which: \(names)")
    }
    return (member.board, words[1])
  }

  /// Lets an event of one board happen behind what it waits for on another.
  func schedule(_ event: Wiring.Event, _ name: String, behind cause: String) throws(UsageError) {
    guard let board = first(where: { $0.name == name })?.board,
      let other = first(where: { $0.name == cause })?.board
    else { return }
    do { try board.schedule(event.stimulus, behind: other) } catch {
      throw UsageError(WiringError(event.place, error.description).description)
    }
  }
}

/// A planned board, and its wiring.
struct BoardPlan {
  var name: String?
  /// A built-in board, or a board file.
  var model: String
  var wiring: Wiring
}

/// The planned boards of a session, and the wires between them.
struct TablePlan {
  var boards: [BoardPlan]
  var links: [Wiring.Wire] = []
  /// Events of one board that wait for something on another.
  var reactions: [(event: Wiring.Event, board: String, cause: String)] = []

  /// - Parameter file: file of `--wiring`.
  init(_ options: RunOptions, _ file: WiringFile?) throws(UsageError) {
    let common = try options.wiring(file)
    guard let file, !file.boards.isEmpty else {
      boards = [BoardPlan(model: options.board(file), wiring: common)]
      return
    }
    if options.chosenBoard != nil {
      throw UsageError(option: "--board", "each board of \(file.file) says what it is: b: {board: pico}")
    }
    if options.backend == .gpiod || options.speed == .host {
      throw UsageError(
        option: "--wiring \(file.file)",
        "several boards have virtual pins and a time of their own: leave out "
          + (options.backend == .gpiod ? "--backend gpiod" : "--speed host"))
    }
    let division: Wiring.Division
    do { division = try common.divided(among: file.boards.map(\.name)) } catch {
      throw UsageError(error.description)
    }
    links = division.links
    reactions = division.reactions
    boards = file.boards.map { name, contents in
      var wiring = contents.wiring
      if let further = division.own[name] { wiring.append(further) }
      return BoardPlan(name: name, model: contents.board ?? BoardDescription.standardName, wiring: wiring)
    }
  }
}
