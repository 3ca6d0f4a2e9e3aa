import Machine
import Timebase

/// Remembers the last edges of every pin of a board, to show them as text.
final class WaveformRecorder {
  private struct Track {
    var name: String
    var edges: [Net.Edge] = []
    var levelBefore: Level
    var count = 0
  }

  private let clock: Clock
  private var tracks: [Track] = []
  private var listenings: [NetListening] = []
  /// Edges that are kept of a pin.
  private static let kept = 64
  private static let columns = 64

  init(_ board: Board) {
    clock = board.clock
    var nets: [(net: Net, index: Int)] = []
    for name in board.pins.boardNames {
      guard let pin = board.pins.find(name) else { continue }
      // Pins that are wired together show once, under all their names.
      if let known = nets.first(where: { $0.net === pin.net }) {
        if !tracks[known.index].name.split(separator: "-").contains(Substring(name)) {
          tracks[known.index].name += "-" + name
        }
        continue
      }
      let index = tracks.count
      nets.append((pin.net, index))
      tracks.append(Track(name: name, levelBefore: pin.net.level))
      listenings.append(
        pin.net.listen { [unowned self] edge in
          tracks[index].count += 1
          tracks[index].edges.append(edge)
          if tracks[index].edges.count > Self.kept {
            tracks[index].levelBefore = tracks[index].edges.removeFirst().level
          }
        })
    }
  }

  /// The pins that changed, up to now; empty when none did.
  var text: String {
    let active = tracks.filter { !$0.edges.isEmpty }
    guard !active.isEmpty else { return "" }
    let end = clock.now
    // As much of the end as has a few edges of each pin in it.
    let last = active.flatMap(\.edges).map(\.time).sorted().suffix(24)
    let start = last.first.map { $0 - .nanoseconds(max(1, ((end - $0).nanoseconds) / 16)) } ?? .powerOn
    let begin = max(start, .powerOn)
    let width = max(1, (end - begin).nanoseconds)
    let names = active.map(\.name.count).max() ?? 0
    var lines: [String] = []
    for track in active {
      var row = ""
      for column in 0..<Self.columns {
        let from = begin + .nanoseconds(width * Int64(column) / Int64(Self.columns))
        let to = begin + .nanoseconds(width * Int64(column + 1) / Int64(Self.columns))
        let within = track.edges.filter { $0.time >= from && $0.time < to }
        if within.count > 1 {
          row += "#"
        } else if let edge = within.first {
          row += edge.level == .high ? "/" : "\\"
        } else {
          let level = track.edges.last { $0.time < from }?.level ?? track.levelBefore
          row += level == .high ? "^" : "_"
        }
      }
      let name = track.name + String(repeating: " ", count: names - track.name.count)
      let recent = track.edges.suffix(3).map {
        "\($0.level == .high ? "rose" : "fell") \(BoardTimeText.short($0.time))"
      }
      lines.append("\(name)  \(row)  \(recent.joined(separator: ", ")) (\(track.count) edges)")
    }
    let scale = "from \(BoardTimeText.short(begin)) to \(BoardTimeText.short(end))"
    return (lines + [String(repeating: " ", count: names + 2) + scale]).joined(separator: "\n")
  }
}
