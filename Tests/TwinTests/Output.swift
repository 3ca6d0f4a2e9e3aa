import Asyncio
import Timebase

/// What a scenario prints, as `print` of Python separates it.
@Firmware final class Output {
  private(set) var lines: [String] = []

  nonisolated init() {}

  func print(_ words: Any...) {
    lines.append(words.map { "\(inPython($0))" }.joined(separator: " "))
  }

  /// As `print`, after the board's time in hundredths of a second: what a bytecode costs makes no difference there.
  func say(_ words: Any...) throws {
    let time = (try boardTime().milliseconds + 5) / 10 * 10
    lines.append(([time] + words).map { "\(inPython($0))" }.joined(separator: " "))
  }

  private func inPython(_ word: Any) -> Any {
    switch word {
    case let flag as Bool: return flag ? "True" : "False"
    case let list as [Any]: return "[" + list.map { "\(inPython($0))" }.joined(separator: ", ") + "]"
    default:
      let mirror = Mirror(reflecting: word)
      guard mirror.displayStyle == .optional else { return word }
      return mirror.children.first.map { inPython($0.value) } ?? "None"
    }
  }
}
