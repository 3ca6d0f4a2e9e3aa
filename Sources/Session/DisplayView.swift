import Devices
import Machine
import Timebase

/// Shows what a display shows in the terminal: `--show lcd`, `--show oled.picture`.
///
/// Drivers write a display piece by piece. So it is shown when it has stayed as it is for a while, at the latest after a longer one.
final class DisplayView {
  private let name: String
  private let signal: Signal
  private let clock: Clock
  private let write: (String) -> Void
  private var observation: Observation?
  private var event: Clock.EventID?
  /// Since when what it shows has not been written.
  private var pendingSince: Instant?
  private var shown: String?

  /// Longer than a driver takes from one character to the next, shorter than a person would notice.
  private static let rest = Interval.milliseconds(20)
  private static let patience = Interval.milliseconds(200)

  /// - Parameters:
  ///   - name: its name in the terminal.
  ///   - part: the name of a part, whose signal `text`, `picture` or `colours` it shows, or of a signal.
  ///   - write: shows lines.
  /// - Throws: for what there is not.
  init(_ name: String, of part: String, on board: Board, write: @escaping (String) -> Void) throws(UsageError)
  {
    let option = "--show \(name)"
    if let part = board.part(named: part) {
      let names = ["text", "picture", "colours"]
      guard let signal = names.lazy.compactMap({ name in part.signals.first { $0.name == name } }).first
      else {
        let others = part.signals.map { "\(name).\($0.name)" }.joined(separator: ", ")
        throw UsageError(
          option: option,
          "\(name) is no display" + (others.isEmpty ? "" : ": one of its signals can be shown (\(others))"))
      }
      self.signal = signal
    } else if let signal = board.signal(part) {
      self.signal = signal
    } else {
      let displays = board.devices.filter { $0 is any PictureDevice }.map(\.name)
      throw UsageError(
        option: option,
        "there is no display and no signal of this name"
          + (displays.isEmpty ? "" : " (\(displays.joined(separator: ", ")))"))
    }
    self.name = name
    self.write = write
    clock = board.clock
    observation = signal.observe { [unowned self] _, time in changed(at: time) }
  }

  /// The run has ended: shows what has not been shown.
  func finish() {
    if pendingSince != nil { show() }
    observation = nil
  }

  private func changed(at time: Instant) {
    let since = pendingSince ?? time
    pendingSince = since
    if let event { clock.cancel(event) }
    let due = min(time + Self.rest, since + Self.patience)
    event = clock.schedule(at: max(due, clock.now)) { [weak self] in self?.show() }
  }

  private func show() {
    if let event { clock.cancel(event) }
    event = nil
    pendingSince = nil
    let text = "\(signal.value)"
    guard text != shown else { return }
    shown = text
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let width = lines.map(\.count).max() ?? 0
    let bar = String(repeating: "─", count: width)
    let body = lines.map { "│\($0)\(String(repeating: " ", count: width - $0.count))│" }
    write("\(name) at \(clock.now)\n┌\(bar)┐\n\(body.joined(separator: "\n"))\n└\(bar)┘")
  }
}
