import Machine

/// Several boards in one file:
///
///     boards:
///       a: {firmware: sender.py}
///       b: {board: pico, firmware: receiver.py}
///     wires: [a.X1-b.GP1]
extension WiringFile {
  mutating func readBoards(_ top: WiringSection, _ kinds: DeviceRegistry) throws(WiringError) {
    for key in ["board", "firmware", "flash"] {
      if let node = top.value(key) {
        throw WiringError(
          top.place(node), "\"\(key)\" belongs to one of the boards: boards: {a: {\(key): …}}")
      }
    }
    try top.allow(["boards"] + Self.wiringKeys)
    for (name, section) in try top.sections("boards") {
      let isWord = !name.isEmpty && name.utf8.allSatisfy(Self.isWordCharacter)
      guard isWord else {
        throw WiringError(
          section.place, "\"\(name)\" cannot be a board's name: letters, digits and _ can")
      }
      var contents = WiringFile(file: file)
      guard !section.has("boards") else { throw WiringError(section.place, "a board has no boards in it") }
      try contents.readYAML(section, kinds: kinds)
      boards.append((name, contents))
    }
    if boards.isEmpty { throw WiringError(top.place, "\"boards\" names none") }
  }

  private static func isWordCharacter(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}

extension Wiring {
  /// The wirings of several boards.
  public struct Division: Sendable {
    /// By the board's name, with names as the board has them.
    public var own: [String: Wiring] = [:]
    /// Wires from one board to another, their ends with the names of the boards.
    public var links: [Wire] = []
    /// Events of one board that wait for something on another: both with their names, the event with names as the two have them.
    public var reactions: [(event: Event, board: String, cause: String)] = []
  }

  /// Divides a wiring whose names begin with those of boards: `a.X1`, `b.room.data`, `a.USR.pressed`. A device is on the board
  /// that its pins are wired to.
  /// - Throws: for what names no board, and for a device on several.
  public func divided(among boards: [String]) throws(WiringError) -> Division {
    let names = BoardNames(boards)
    var division = Division()
    for device in devices {
      let (board, request) = try names.split(device)
      division.own[board, default: Wiring()].devices.append(request)
    }
    for wire in wires {
      let (first, second) = (
        try names.split(wire.ends.0, wire.place), try names.split(wire.ends.1, wire.place)
      )
      if first.board == second.board {
        division.own[first.board, default: Wiring()].wires.append(
          Wire(place: wire.place, ends: (first.rest, second.rest)))
      } else {
        division.links.append(wire)
      }
    }
    for pull in pulls {
      let end = try names.split(pull.end, pull.place)
      var pull = pull
      pull.end = end.rest
      division.own[end.board, default: Wiring()].pulls.append(pull)
    }
    for event in events {
      let (board, own, cause) = try names.split(event)
      if let cause, cause != board {
        division.reactions.append((own, board, cause))
      } else {
        division.own[board, default: Wiring()].events.append(own)
      }
    }
    return division
  }
}

/// Takes the names of boards off those of pins and parts.
private struct BoardNames {
  private let boards: [String]

  init(_ boards: [String]) { self.boards = boards }

  func split(_ name: String, _ place: Wiring.Place) throws(WiringError) -> (board: String, rest: String) {
    guard let split = find(name) else {
      let first = name.split(separator: ".").first.map(String.init) ?? name
      let hint = name.contains(".") ? didYouMean(first, boards) : ""
      throw WiringError(
        place, "\"\(name)\" names no board\(hint): BOARD.PIN, as in \(boards[0]).X1 (\(list))")
    }
    return split
  }

  private var list: String { boards.joined(separator: ", ") }

  private func find(_ name: String) -> (board: String, rest: String)? {
    guard let dot = name.firstIndex(of: "."), boards.contains(String(name[..<dot])) else { return nil }
    let rest = String(name[name.index(after: dot)...])
    return rest.isEmpty ? nil : (String(name[..<dot]), rest)
  }

  func split(
    _ request: Wiring.DeviceRequest
  ) throws(WiringError) -> (board: String, request: Wiring.DeviceRequest) {
    var own = request
    var board: String?
    for (index, pin) in request.pins.enumerated() {
      // Supplies are everybody's.
      if Board.supplyNames.contains(pin.end) { continue }
      let end = try split(pin.end, request.place)
      if let board, board != end.board {
        throw WiringError(
          request.place,
          "a device is on one board, and its pins are wired to \(board) and \(end.board): put a wire between pins of the boards"
        )
      }
      board = end.board
      own.pins[index].end = end.rest
    }
    guard let board else {
      throw WiringError(
        request.place, "no pin of it is wired to a board, as in \(request.kind)@\(boards[0]).X1 (\(list))")
    }
    return (board, own)
  }

  /// - Returns: the board, the event with names as boards have them, and the board on which it waits for something.
  func split(
    _ event: Wiring.Event
  ) throws(WiringError) -> (board: String, event: Wiring.Event, cause: String?) {
    guard let (board, part) = find(event.stimulus.part) else {
      throw WiringError(
        event.place,
        "\"\(event.stimulus.name)\" names no board: BOARD.PART.CONTROL, as in \(boards[0]).USR.pressed (\(list))"
      )
    }
    var own = event
    own.stimulus.part = part
    guard let trigger = event.stimulus.trigger else { return (board, own, nil) }
    let cause = try split(trigger.name, event.place)
    own.stimulus.trigger?.name = cause.rest
    return (board, own, cause.board)
  }
}
