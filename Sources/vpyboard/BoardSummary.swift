import Machine
import Timebase

/// A board as a person reads about it: one section for each kind of part, pins with everything that is wired to them, then
/// how to act on parts and what they show.
struct BoardSummary {
  let board: Board

  private var description: BoardDescription { board.description }

  var text: String {
    let processor = description.processor
    var lines = [
      "\(description.name): \(description.title)",
      "\(processor.name) at \(processor.clock / 1_000_000) MHz, \(description.memory.heap / 1024) KiB heap",
    ]
    section("Pins", pins, into: &lines)
    var titles: [String] = []
    var rows: [String: [[String]]] = [:]
    for part in description.parts {
      let title = type(of: part).title
      if rows[title] == nil { titles.append(title) }
      rows[title, default: []].append([part.partName] + part.facts)
    }
    for title in titles { section(title, rows[title] ?? [], into: &lines) }
    section(
      "Controls (--at TIME:PART.CONTROL=VALUE)",
      names { part in part.controls.map { ($0.name, $0.summary) } }, into: &lines)
    section(
      "Signals (PART.SIGNAL)",
      names { part in part.signals.map { ($0.name, $0.form.summary(unit: $0.unit)) } }, into: &lines)
    return lines.joined(separator: "\n")
  }

  private var pins: [[String]] {
    description.pins.map { pin in
      let functions = description.functions[pin.cpuName, default: []].map(\.signal)
      return [pin.name, pin.cpuName, functions.joined(separator: " ")]
    }
  }

  /// One row for each control or signal; parts that have the same ones share rows.
  private func names(_ list: (any Part) -> [(name: String, values: String)]) -> [[String]] {
    var groups: [(parts: [any Part], list: [(name: String, values: String)])] = []
    for part in board.parts {
      let list = list(part)
      guard !list.isEmpty else { continue }
      if let index = groups.firstIndex(where: { $0.list.elementsEqual(list, by: ==) }) {
        groups[index].parts.append(part)
      } else {
        groups.append(([part], list))
      }
    }
    var rows: [[String]] = []
    for group in groups {
      let parts = PinNameSummary(board.names(of: group.parts)).description
      // Names that are too long for a column have a line of their own.
      let isLong = parts.count > 16
      if isLong { rows.append([parts]) }
      for (index, entry) in group.list.enumerated() {
        rows.append([index == 0 && !isLong ? parts : "", ".\(entry.name)", entry.values])
      }
    }
    return rows
  }

  /// Rows in columns, none of them ragged.
  private func section(_ title: String, _ rows: [[String]], into lines: inout [String]) {
    guard let count = rows.map(\.count).max(), count > 0 else { return }
    lines += ["", title]
    let widths = (0..<count).map { column in
      // A cell alone in its row is not part of a column.
      rows.lazy.filter { $0.count > 1 }.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    for row in rows {
      let padded = zip(row, widths).map { $0 + String(repeating: " ", count: max(0, $1 - $0.count)) }
      var line = "  " + padded.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      lines.append(line)
    }
  }
}
