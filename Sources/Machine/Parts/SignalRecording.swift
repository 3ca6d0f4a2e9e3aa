import Timebase

/// Changes of a signal since the recording began.
public final class SignalRecording {
  public let name: String
  /// Its value when the recording began.
  public private(set) var initial: PartValue
  /// The changes, in order of time.
  public private(set) var changes: [(time: Instant, value: PartValue)] = []

  private let clock: Clock
  private var began: Instant
  private var observation: Observation?
  private static let longest = 1 << 20
  /// Bytes that the values may take beside the list of them.
  private static let largest = 64 << 20
  private var size = 0

  /// Begins to record.
  /// - Parameter name: of the signal, for messages.
  public init(_ signal: Signal, name: String, clock: Clock) {
    self.name = name
    self.clock = clock
    initial = signal.value
    began = clock.now
    observation = signal.observe { [unowned self] value, time in
      guard changes.count < Self.longest, size < Self.largest else { return }
      changes.append((time, value))
      size += value.size
    }
  }

  /// Ends it; what was recorded stays.
  public func stop() { observation = nil }

  /// Forgets what was recorded so far.
  public func clear() {
    initial = changes.last?.value ?? initial
    changes = []
    size = 0
    began = clock.now
  }

  /// The bytes of a line.
  public var bytes: [UInt8] {
    changes.flatMap { if case .bytes(let bytes) = $0.value { bytes } else { [UInt8]() } }
  }

  /// The edges of a level: of what was recorded, those at which it became high or low.
  public var edges: [(time: Instant, isHigh: Bool)] {
    var isHigh = Self.isHigh(initial)
    var edges: [(Instant, Bool)] = []
    for (time, value) in changes where Self.isHigh(value) != isHigh {
      isHigh.toggle()
      edges.append((time, isHigh))
    }
    return edges
  }

  private static func isHigh(_ value: PartValue) -> Bool {
    switch value {
    case .level(let state): state == .high
    case .flag(let flag): flag
    case .integer(let number): number > 0
    case .real(let number): number > 0
    default: false
    }
  }

  /// Edges a second, in whole periods from the first rising edge to the last; nil with less than one period.
  public var frequency: Double? {
    let rising = edges.filter(\.isHigh)
    guard let first = rising.first, let last = rising.last, last.time > first.time else { return nil }
    return Double(rising.count - 1) / (last.time - first.time).seconds
  }

  /// How much of the time it was high, in percent, over whole periods; over all of the time with less than one period.
  public var duty: Double {
    let edges = edges
    let rising = edges.filter(\.isHigh)
    if let first = rising.first, let last = rising.last, last.time > first.time {
      return share(from: first.time, to: last.time)
    }
    return share(from: began, to: clock.now)
  }

  private func share(from start: Instant, to end: Instant) -> Double {
    guard end > start else { return Self.isHigh(initial) ? 100 : 0 }
    var high = Interval.zero
    for (from, to) in stretches(high: true) where to > start && from < end {
      high += min(to, end) - max(from, start)
    }
    return 100 * Double(high.nanoseconds) / Double((end - start).nanoseconds)
  }

  /// The longest time that it stayed high, or low.
  public func longest(high: Bool) -> Interval { stretches(high: high).map { $0.1 - $0.0 }.max() ?? .zero }

  private func stretches(high: Bool) -> [(Instant, Instant)] {
    var stretches: [(Instant, Instant)] = []
    var isHigh = Self.isHigh(initial)
    var since = began
    for edge in edges {
      if isHigh == high { stretches.append((since, edge.time)) }
      (isHigh, since) = (edge.isHigh, edge.time)
    }
    if isHigh == high { stretches.append((since, clock.now)) }
    return stretches
  }
}

/// Expectations of a recorded signal. Each throws `SignalMismatch` with the observed behaviour.
extension SignalRecording {
  /// That it goes on and off so often a second.
  /// - Parameter tolerance: percent of the frequency.
  public func isBlinking(atHertz wanted: Double, within tolerance: Double = 2) throws(SignalMismatch) {
    guard let frequency else {
      throw SignalMismatch("\(name) does not blink: it changed \(edges.count) times")
    }
    guard abs(frequency - wanted) > wanted * tolerance / 100 else { return }
    throw SignalMismatch(
      "\(name) blinks at \(Self.short(frequency)) Hz, not at \(Self.short(wanted)) Hz (within \(Self.short(tolerance)) %)"
    )
  }

  /// That it is high for so many percent of the time.
  /// - Parameter tolerance: percent of the time.
  public func hasDuty(_ wanted: Double, within tolerance: Double) throws(SignalMismatch) {
    guard abs(duty - wanted) > tolerance else { return }
    throw SignalMismatch(
      "\(name) has a duty of \(Self.short(duty)) %, not \(Self.short(wanted)) % (within \(Self.short(tolerance)) %)"
    )
  }

  /// That it is never high for longer.
  public func isNeverHigh(longerThan limit: Interval) throws(SignalMismatch) {
    try isNever(high: true, limit)
  }

  /// That it is never low for longer.
  public func isNeverLow(longerThan limit: Interval) throws(SignalMismatch) {
    try isNever(high: false, limit)
  }

  /// That it is high, or low, all the time.
  public func isAlways(high: Bool) throws(SignalMismatch) {
    let wrong = longest(high: !high)
    guard wrong > .zero || Self.isHigh(changes.last?.value ?? initial) != high else { return }
    throw SignalMismatch(
      "\(name) is \(high ? "low" : "high") for \(BoardTimeText.short(wrong)), not always \(high ? "high" : "low")"
    )
  }

  /// That it was high once for so long, from edge to edge.
  /// - Parameter tolerance: percent of the time.
  public func hasPulse(of wanted: Interval, within tolerance: Double = 2) throws(SignalMismatch) {
    var pulses: [Interval] = []
    var began: Instant?
    for edge in edges {
      if edge.isHigh { began = edge.time } else if let start = began { pulses.append(edge.time - start) }
    }
    let limit = Double(wanted.nanoseconds) * tolerance / 100
    guard !pulses.contains(where: { abs(Double(($0 - wanted).nanoseconds)) <= limit }) else { return }
    let seen = pulses.prefix(4).map { BoardTimeText.short($0) }.joined(separator: ", ")
    throw SignalMismatch(
      "\(name) has no pulse of \(BoardTimeText.short(wanted)) (within \(Self.short(tolerance)) %)"
        + (pulses.isEmpty ? ", and none at all" : ": \(pulses.count) of \(seen)"))
  }

  private func isNever(high: Bool, _ limit: Interval) throws(SignalMismatch) {
    let longest = longest(high: high)
    guard longest > limit else { return }
    throw SignalMismatch(
      "\(name) is \(high ? "high" : "low") for \(BoardTimeText.short(longest)), longer than \(BoardTimeText.short(limit))"
    )
  }

  /// With at most three decimals.
  private static func short(_ number: Double) -> Double { (number * 1000).rounded() / 1000 }
}

/// A failed expectation of a signal, with the observed behaviour.
public struct SignalMismatch: Error, Hashable, CustomStringConvertible {
  public let description: String
  init(_ description: String) { self.description = description }
}
