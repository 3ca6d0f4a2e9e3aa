import Timebase

/// Sorts the entries of several boards by time: each board is ahead of the others now and then.
struct TimeOrder<Entry> {
  /// In order of time; of one instant, in the order in which they came.
  private var waiting: [(time: Instant, entry: Entry)] = []

  mutating func insert(_ entry: Entry, at time: Instant) {
    var index = waiting.endIndex
    while index > 0, waiting[index - 1].time > time { index -= 1 }
    waiting.insert((time, entry), at: index)
  }

  /// Takes out what nothing earlier can come before any more.
  /// - Parameter clocks: of all boards.
  mutating func take(_ clocks: [Clock]) -> [(time: Instant, entry: Entry)] {
    let limit = clocks.lazy.filter { !$0.isPoweredOff }.map(\.now).min()
    guard let limit else { return takeAll() }
    guard let first = waiting.first, first.time < limit else { return [] }
    let end = waiting.firstIndex { $0.time >= limit } ?? waiting.endIndex
    defer { waiting.removeFirst(end) }
    return Array(waiting[..<end])
  }

  mutating func takeAll() -> [(time: Instant, entry: Entry)] {
    defer { waiting = [] }
    return waiting
  }
}

/// The trace in words of several boards, in the order of time.
public final class CommonTrace {
  private let outputs: [TraceOutput]
  private var clocks: [Clock] = []
  private var lines = TimeOrder<[UInt8]>()

  /// - Parameter outputs: outputs of the trace; without any, nothing is recorded.
  public init(outputs: [TraceOutput]) { self.outputs = outputs }

  var isOn: Bool { !outputs.isEmpty }

  /// A board whose trace is part of this one; before it is made.
  public func add(_ clock: Clock) { clocks.append(clock) }

  func append(_ line: [UInt8], at time: Instant) {
    lines.insert(line, at: time)
    for (_, line) in lines.take(clocks) { write(line) }
  }

  /// The run is over: writes what is left.
  func finish() {
    for (_, line) in lines.takeAll() { write(line) }
    for output in outputs { output.flush() }
  }

  private func write(_ line: [UInt8]) { for output in outputs { output.append(line) } }
}
