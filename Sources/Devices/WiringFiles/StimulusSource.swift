import Machine
import Timebase

/// The value of `--at` and of a wiring file's `at:`: one event, a ramp, values from a file, a file of events.
public struct StimulusSource: Sendable {
  /// Events, with the line of those that stand in a file of their own.
  public let events: [(place: String?, stimulus: Stimulus)]
  public var stimuli: [Stimulus] { events.map(\.stimulus) }

  /// A ramp goes up in steps of this time, or of a thousandth of its length if that is longer.
  private static let step = Interval.milliseconds(10)

  /// Reads one of these; paths of files begin at `folder`:
  ///
  /// | text | |
  /// |---|---|
  /// | `3s:room.temperature=25` | an event |
  /// | `3s..8s:room.temperature=20.0..30.0` | a ramp; between whole numbers it goes in whole numbers |
  /// | `3s:room.temperature=@day.csv` | values of a file with lines `TIME,VALUE`, times from 3 s on, in seconds or with a unit |
  /// | `450us after X1=0:room.temperature=25` | an event behind something that happens, each time; ramps and files as well |
  /// | `@events.txt` | each line of a file; `#` begins a comment |
  /// - Throws: `WiringError`, whose place is empty unless a file is read.
  public init(parsing text: String, folder: String = "") throws(WiringError) {
    if text.hasPrefix("@") {
      guard text.count > 1 else {
        throw WiringError("", "\"@\" names no file: write one behind it, as in @events.txt")
      }
      events = try Self.events(of: Self.path(text.dropFirst(), folder))
    } else {
      events = try Self.read(text, folder: folder).map { (nil, $0) }
    }
  }

  private static func read(_ text: String, folder: String) throws(WiringError) -> [Stimulus] {
    if let ramp = try ramp(text) { return ramp }
    if let equals = text.firstRange(of: "=@") {
      return try values(
        of: path(text[equals.upperBound...], folder), like: String(text[..<equals.lowerBound]) + "=0")
    }
    return [try stimulus(text)]
  }

  private static func stimulus(_ text: String) throws(WiringError) -> Stimulus {
    do { return try Stimulus(parsing: text) } catch { throw WiringError("", error.description) }
  }

  private static func path(_ path: Substring, _ folder: String) -> String {
    path.hasPrefix("/") ? String(path) : folder + path
  }

  // MARK: Files

  private static func lines(of path: String) throws(WiringError) -> [(place: String, text: Substring)] {
    let bytes: [UInt8]
    do { bytes = try BoardFileText.read(path) } catch { throw WiringError(path, error.message) }
    return String(decoding: bytes, as: UTF8.self).split(
      omittingEmptySubsequences: false, whereSeparator: \.isNewline
    )
    .enumerated()
    .map { index, line in
      ("\(path):\(index + 1)", line.drop { $0 == " " || $0 == "\t" })
    }
    .filter { !$0.text.isEmpty && !$0.text.hasPrefix("#") }
  }

  private static func events(of path: String) throws(WiringError) -> [(place: String?, stimulus: Stimulus)] {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    var events: [(place: String?, stimulus: Stimulus)] = []
    for (place, text) in try lines(of: path) {
      do { events += try read(String(text), folder: folder).map { (place, $0) } } catch {
        throw error.place.isEmpty ? WiringError(place, error.message) : error
      }
    }
    return events
  }

  /// - Parameter sample: names control and beginning.
  private static func values(of path: String, like sample: String) throws(WiringError) -> [Stimulus] {
    let first = try stimulus(sample)
    var stimuli: [Stimulus] = []
    for (index, (place, text)) in try lines(of: path).enumerated() {
      let fields = text.split(separator: ",", maxSplits: 1).map { field in
        String(field.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
      }
      guard fields.count == 2, let time = time(fields[0]) else {
        // The first line may say what the columns are.
        if index == 0, fields.count == 2 { continue }
        throw WiringError(place, "\"\(text)\" is not a value and its time, as in 1.5,21.5 or 200ms,21.5")
      }
      var stimulus = first
      stimulus.time += time
      stimulus.value = fields[1]
      stimuli.append(stimulus)
    }
    return stimuli
  }

  private static func time(_ text: String) -> Interval? {
    guard let seconds = Double(text) else { return Interval(text: text) }
    // 30 years.
    return (0...1e9).contains(seconds) ? .nanoseconds(Int64((seconds * 1e9).rounded())) : nil
  }

  // MARK: Ramps

  private static func ramp(_ text: String) throws(WiringError) -> [Stimulus]? {
    guard let colon = text.firstIndex(of: ":") else { return nil }
    // `3s..8s after X1=0` as well.
    let head = text[..<colon]
    let span = head[..<(head.firstRange(of: " after ")?.lowerBound ?? colon)]
    guard let times = span.firstRange(of: "..") else { return nil }
    guard let begin = Interval(text: span[..<times.lowerBound]),
      let end = Interval(text: span[times.upperBound...]), begin < end
    else {
      throw WiringError("", "\"\(span)\" is not a span of time, as in 3s..8s")
    }
    guard let equals = text[colon...].firstIndex(of: "="), let values = text[equals...].firstRange(of: ".."),
      case (let low, let high) = (
        text[text.index(after: equals)..<values.lowerBound], text[values.upperBound...]
      ),
      let from = Double(low), let to = Double(high)
    else {
      throw WiringError("", "\"\(text)\" is not a ramp, as in 3s..8s:room.temperature=20.0..30.0")
    }
    let first = try stimulus(
      "\(span[..<times.lowerBound])\(head[span.endIndex...])\(text[colon...equals])\(low)")
    let isWhole = Int(low) != nil && Int(high) != nil
    let length = end - begin
    let count = min(1000, max(1, Int(length.nanoseconds / step.nanoseconds)))
    // Both ends first: a value that is out of range is then one that was written.
    return ([0, count] + (1..<max(1, count))).map { index in
      let share = Double(index) / Double(count)
      let value = index == count ? to : from + (to - from) * share
      var stimulus = first
      stimulus.time += .nanoseconds(Int64((Double(length.nanoseconds) * share).rounded()))
      stimulus.value = isWhole ? String(Int(value.rounded())) : "\(value)"
      return stimulus
    }
  }
}
