/// A wire of a Wokwi diagram.
struct WokwiConnection {
  /// A pin of a part: `led1:A`.
  struct End: Hashable {
    let part: String
    let pin: String
  }

  let ends: (End, End)
  let place: String
  let line: Int?
}

extension [WokwiConnection] {
  /// Takes breadboards out: what is plugged into one row or rail, or into rows that are wired together, is wired to each other
  /// instead. A hole is `bb1:12t.a`, in row 12 of the upper half, or `bb1:tp.3`, in the upper rail of the supply.
  /// - Parameters:
  ///   - breadboards: their ids.
  ///   - isCentre: whether the others may be wired to this end: a pin of the board or of a device that there is.
  func withoutBreadboards(
    _ breadboards: Set<String>, isCentre: (WokwiConnection.End) -> Bool
  ) -> [WokwiConnection] {
    guard !breadboards.isEmpty else { return self }
    var kept: [WokwiConnection] = []
    var groups: [Group] = []
    for connection in self {
      let ends = [connection.ends.0, connection.ends.1].map { end in
        breadboards.contains(end.part) ? Self.row(of: end) : end
      }
      guard ends.contains(where: { breadboards.contains($0.part) }) else {
        kept.append(connection)
        continue
      }
      let touching = groups.indices.filter { index in ends.contains(where: groups[index].contains) }
      var group = Group()
      for index in touching { group.append(groups[index]) }
      for end in ends { group.add(end, connection) }
      for index in touching.reversed() { groups.remove(at: index) }
      groups.append(group)
    }
    for group in groups {
      let members = group.members.filter { !breadboards.contains($0.end.part) }
      guard let centre = members.first(where: { isCentre($0.end) }) ?? members.first else { continue }
      for member in members where member.end != centre.end {
        kept.append(
          WokwiConnection(
            ends: (centre.end, member.end), place: member.connection.place, line: member.connection.line))
      }
    }
    return kept
  }

  private static func row(of end: WokwiConnection.End) -> WokwiConnection.End {
    WokwiConnection.End(part: end.part, pin: end.pin.split(separator: ".").first.map(String.init) ?? end.pin)
  }

  /// Ends that are one node, each with the connection that brought it.
  private struct Group {
    private(set) var members: [(end: WokwiConnection.End, connection: WokwiConnection)] = []

    func contains(_ end: WokwiConnection.End) -> Bool { members.contains { $0.end == end } }

    mutating func add(_ end: WokwiConnection.End, _ connection: WokwiConnection) {
      if !contains(end) { members.append((end, connection)) }
    }

    mutating func append(_ other: Group) {
      for member in other.members { add(member.end, member.connection) }
    }
  }
}
