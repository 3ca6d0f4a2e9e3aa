import Machine
import Timebase

/// Several boards with one time.
extension Session {
  /// Runs the firmware of every board, each on a thread of its own of which one runs at a time, until all of it has ended.
  /// - Parameter firmwares: in the order of `boards`; nil for a board that has none.
  /// - Throws: when the system has no thread to give.
  public func runTogether(_ firmwares: [(() -> Void)?]) throws(ThreadStartError) {
    guard let group else { return }
    var running: [SteppedFirmware] = []
    for (member, firmware) in zip(boards, firmwares) {
      guard let firmware else { continue }
      running.append(
        SteppedFirmware(
          clock: member.board.clock, name: String((member.name ?? "firmware").prefix(15)), firmware))
    }
    while let waiting = running.first(where: { !$0.isEnded }) {
      guard group.nextActivity != nil else {
        // On the board that is first: what it does then may be what the others wait for.
        waiting.endVainWait()
        continue
      }
      guard try group.step(until: group.now + Self.longestStep) else { break }
    }
  }

  /// How far boards go on before somebody looks whether there is anything left to do.
  private static let longestStep = Interval.milliseconds(100)
}

/// Output of one of several boards, line by line with its name in front: `a: ready`.
public final class LabelledOutput {
  private let label: [UInt8]
  private let console: Console
  private let printed: ([UInt8]) -> Void
  private var line: [UInt8] = []
  /// Longest line; longer ones are broken.
  private static let longestLine = 1 << 14

  /// - Parameter printed: is handed each line as it is written.
  public init(_ name: String, _ console: Console, printed: @escaping ([UInt8]) -> Void = { _ in }) {
    label = Array("\(name): ".utf8)
    self.console = console
    self.printed = printed
  }

  public func write(_ bytes: [UInt8]) {
    for byte in bytes where byte != UInt8(ascii: "\r") {
      if byte != UInt8(ascii: "\n") { line.append(byte) }
      if byte == UInt8(ascii: "\n") || line.count == Self.longestLine { endLine() }
    }
  }

  /// Writes a line that has not ended.
  public func finish() { if !line.isEmpty { endLine() } }

  /// Writes a traceback to standard error, its lines with the board's name too.
  public func writeError(_ text: String) {
    finish()
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let label = String(decoding: label, as: UTF8.self)
    for line in lines.last == "" ? lines.dropLast() : lines[...] { console.report(label + line) }
  }

  private func endLine() {
    let whole = label + line + [UInt8(ascii: "\n")]
    line.removeAll(keepingCapacity: true)
    console.write(whole)
    printed(whole)
  }
}
