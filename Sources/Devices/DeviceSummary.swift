import Machine
import Timebase

/// Kinds of device as a person reads about them.
public enum DeviceSummary {
  /// One line for each kind.
  public static func list(_ kinds: DeviceRegistry) -> String {
    rows(kinds.types.map { [$0.kind.name, pins($0.kind), $0.kind.title] }).joined(separator: "\n")
  }

  /// Everything about one kind.
  /// - Throws: for a kind that there is not.
  public static func text(of name: String, in kinds: DeviceRegistry) throws(WiringError) -> String {
    let (board, device) = try sample(name, kinds)
    let kind = device.site.kind
    var lines = ["\(kind.name): \(kind.title)", "Source: \(kind.source)"]
    defer { withExtendedLifetime(board) {} }
    section(
      "Pins, in this order (--device \(kind.name)@\(pins(kind)))",
      kind.pins.map { pin in
        let names = pin.aliases.isEmpty ? "" : "also \(pin.aliases.joined(separator: ", "))"
        return [pin.name, need(of: pin), names]
      }, into: &lines)
    section(
      "Keys, fixed when it is made (--device \(kind.name)@…,KEY=VALUE)",
      kind.keys.map { [$0.name, $0.summary, "\($0.standardText) unless given", $0.title] }, into: &lines)
    section(
      "Controls, set while it runs (--at TIME:NAME.CONTROL=VALUE), and keys for their first value",
      device.allControls.map { [$0.name, $0.summary, "--at '3s:\(kind.name).\($0.name)=\($0.example)'"] },
      into: &lines)
    section(
      "Signals, what it shows in traces and tests (NAME.SIGNAL)",
      device.signals.map { [$0.name, $0.form.summary(unit: $0.unit)] }, into: &lines)
    return lines.joined(separator: "\n")
  }

  /// `trig,echo`, with what may be left out in brackets.
  static func pins(_ kind: DeviceKind) -> String {
    kind.placedPins.map { $0.isOptional ? "[\($0.name)]" : $0.name }.joined(separator: ",")
  }

  private static func need(of pin: DeviceKind.Pin) -> String {
    switch pin.role {
    case .power, .ground: "supply, need not be wired"
    case .signal:
      pin.standard.map { "goes to \($0) unless wired" }
        ?? (pin.isOptional ? "may stay open" : "has to be wired")
    }
  }

  /// One device on a board of its own, each pin that needs it on a pin of the board.
  static func sample(
    _ name: String, _ kinds: DeviceRegistry
  ) throws(WiringError) -> (Board, any Device) {
    let board: Board
    do {
      guard let description = try BoardDescription.builtIn(BoardDescription.standardName) else {
        preconditionFailure("the standard board is built in")
      }
      board = try Board(description: description, clock: Clock(mode: .virtual))
    } catch { throw WiringError(name, "\(error)") }
    let kind: DeviceKind?
    do { kind = try kinds.find(name)?.kind } catch { throw WiringError(name, error.description) }
    let needed = kind?.placedPins.filter { !$0.isOptional } ?? []
    let ends = zip(needed, board.pins.boardNames).map { "\($0.name):\($1)" }
    let places = ends.isEmpty ? "" : "@" + ends.joined(separator: ",")
    return (board, try board.attach(name + places, kinds: kinds))
  }

  private static func section(_ title: String, _ cells: [[String]], into lines: inout [String]) {
    guard !cells.isEmpty else { return }
    lines += ["", title] + rows(cells).map { "  " + $0 }
  }

  private static func rows(_ rows: [[String]]) -> [String] {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    return rows.map { row in
      var line = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(
        separator: "  ")
      while line.last == " " { line.removeLast() }
      return line
    }
  }
}
