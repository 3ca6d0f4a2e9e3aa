import Machine
import Timebase

/// Triggers of a board.
extension BenchBoard {
  /// An edge on a pin.
  public func edge(_ pin: String, _ kind: EdgeKind = .any, within limit: Interval? = nil) throws(BoardError)
    -> Trigger
  {
    let source = try self.pin(pin)
    let net = source.net
    let words = kind == .any ? "an edge" : "a \(kind.rawValue) edge"
    return trigger("\(words) on \(label(pin))", limit) { trigger in
      sampler(source) + [
        net.listen { [clock] edge in
          if kind.includes(edge.level) { trigger.fire(.time(edge.time), on: clock, at: edge.time) }
        }
      ]
    }
  }

  /// That a pin is at a level: at once if it is already.
  public func level(_ pin: String, _ level: Level, within limit: Interval? = nil) throws(BoardError)
    -> Trigger
  {
    let source = try self.pin(pin)
    let net = source.net
    return trigger("\(label(pin)) being \(level == .high ? "high" : "low")", limit) { trigger in
      let clock = clock
      let sampler = sampler(source)
      if net.level == level {
        trigger.fire(.time(clock.now), on: clock, at: clock.now)
        return []
      }
      return sampler + [
        net.listen { edge in
          if edge.level == level { trigger.fire(.time(edge.time), on: clock, at: edge.time) }
        }
      ]
    }
  }

  /// A whole pulse on a pin, from the edge that begins it to the one that ends it; one that is under way does not count.
  public func pulse(_ pin: String, _ level: Level = .high, within limit: Interval? = nil) throws(BoardError)
    -> Trigger
  {
    let source = try self.pin(pin)
    let net = source.net
    return trigger("a \(level == .high ? "high" : "low") pulse on \(label(pin))", limit) { trigger in
      var began: Instant?
      return sampler(source) + [
        net.listen { [clock] edge in
          if edge.level == level {
            began = edge.time
          } else if let began {
            trigger.fire(.width(edge.time - began), on: clock, at: edge.time)
          }
        }
      ]
    }
  }

  /// Bytes on a line, one after the other: `uart4.tx`.
  public func bytes(_ signal: String, _ wanted: [UInt8], within limit: Interval? = nil) throws(BenchError)
    -> Trigger
  {
    let line = try self.signal(signal)
    guard case .bytes = line.form else { throw .unsuitable("\(signal) has no bytes") }
    return trigger("\(PartValue.bytes(wanted)) on \(label(signal))", limit) { trigger in
      var seen: [UInt8] = []
      return [
        line.observe { [clock] value, time in
          guard case .bytes(let bytes) = value else { return }
          for byte in bytes {
            seen.append(byte)
            if seen.count > wanted.count { seen.removeFirst() }
            if seen == wanted { return trigger.fire(.time(time), on: clock, at: time) }
          }
        }
      ]
    }
  }

  /// That a signal has a value: at once if it has it already.
  public func value(_ signal: String, _ wanted: PartValue, within limit: Interval? = nil) throws(BenchError)
    -> Trigger
  {
    let source = try self.signal(signal)
    return trigger("\(label(signal)) being \(wanted)", limit) { trigger in
      let clock = clock
      if !source.isMomentary, source.value == wanted {
        trigger.fire(.time(clock.now), on: clock, at: clock.now)
        return []
      }
      return [
        source.observe { value, time in
          if value == wanted { trigger.fire(.time(time), on: clock, at: time) }
        }
      ]
    }
  }

  /// A complete line of output that has `text` in it, of those that come after the line that was waited for last: at once if it
  /// has been printed already.
  public func line(_ text: String = "", within limit: Interval? = nil) -> Trigger {
    let wanted = Array(text.utf8)
    let name = text.isEmpty ? "a line of output" : "a line of output with \"\(text)\""
    return trigger(self.name.isEmpty ? name : "\(name) of \(self.name)", limit) { trigger in
      var looked = linesTaken
      func look() {
        while let end = output[looked...].firstIndex(of: 0x0A) {
          let line = Array(output[looked..<end])
          looked = end + 1
          guard looked > linesTaken, line.contains(wanted) else { continue }
          linesTaken = looked
          return trigger.fire(.line(String(decoding: line, as: UTF8.self)), on: clock, at: clock.now)
        }
      }
      look()
      return trigger.isPending ? [outputObservers.add { _ in if trigger.isPending { look() } }] : []
    }
  }

  /// That so much board time goes by.
  public func time(_ interval: Interval) -> Trigger {
    trigger("\(BoardTimeText.short(interval)) of board time", nil) { trigger in
      let clock = host.clock
      let event = clock.schedule(at: clock.now + interval) { [unowned clock, weak trigger] in
        trigger?.fire(.time(clock.now), on: clock, at: clock.now)
      }
      return [Appointment(event, clock)]
    }
  }

  /// That nothing happens for so long: no edge on any of the pins (all of the board's if none are named), no output.
  public func quiescence(
    for interval: Interval, pins: [String] = [], within limit: Interval? = nil
  ) throws(BoardError) -> Trigger {
    var nets: [Net] = []
    for name in pins.isEmpty ? board.pins.map(\.name) : pins {
      let net = try pin(name).net
      if !nets.contains(where: { $0 === net }) { nets.append(net) }
    }
    let name = pins.isEmpty ? "quiet" : "quiet on \(pins.map(label).joined(separator: ", "))"
    return trigger("\(name) for \(BoardTimeText.short(interval))", limit) { trigger in
      let watch = QuietWatch(clock, interval) { [clock] in
        trigger.fire(.time(clock.now), on: clock, at: clock.now)
      }
      return [watch, outputObservers.add { _ in watch.disturb() }]
        + nets.map { $0.listen { _ in watch.disturb() } }
    }
  }

  /// Returns the sampler that sees the pin change, if it is a real line.
  private func sampler(_ pin: Pin) -> [AnyObject] { pin.isHostPin ? [LineSampler(pin, clock)] : [] }

  private func label(_ name: String) -> String { self.name.isEmpty ? name : "\(self.name).\(name)" }

  private func trigger(_ name: String, _ limit: Interval?, watch: (Trigger) -> [AnyObject]) -> Trigger {
    Trigger(name, host: host, within: limit, watch: watch)
  }
}

extension Trigger {
  /// The first of several; the others are cancelled then. It is missed when all of them are.
  public static func first(of triggers: [Trigger], on bench: Bench, within limit: Interval? = nil) -> Trigger
  {
    first(of: triggers, host: bench.host, within: limit)
  }

  /// All of several, in any order. It is missed as soon as one of them is.
  public static func all(of triggers: [Trigger], on bench: Bench, within limit: Interval? = nil) -> Trigger {
    all(of: triggers, host: bench.host, within: limit)
  }

  /// The first of several; the others are cancelled then. It is missed when all of them are.
  static func first(of triggers: [Trigger], host: any TriggerHost, within limit: Interval? = nil)
    -> Trigger
  {
    let name = "the first of " + triggers.map(\.name).joined(separator: ", ")
    return Trigger(name, host: host, within: limit) { whole in
      for (index, trigger) in triggers.enumerated() {
        trigger.isAwaited = true
        trigger.whenSettled { [weak whole] part in
          guard let whole, whole.isPending else { return }
          switch part.state {
          case .fired(let value):
            whole.fire(.first(index, value), on: host.clock, at: host.clock.now)
            for other in triggers where other !== part { other.cancel() }
          case .missed(let reason):
            if triggers.allSatisfy({ !$0.isPending }) { whole.miss(reason) }
          default: break
          }
        }
      }
      return triggers
    }
  }

  /// All of several, in any order. It is missed as soon as one of them is.
  static func all(of triggers: [Trigger], host: any TriggerHost, within limit: Interval? = nil)
    -> Trigger
  {
    let name = "all of " + triggers.map(\.name).joined(separator: ", ")
    return Trigger(name, host: host, within: limit) { whole in
      for trigger in triggers {
        trigger.isAwaited = true
        trigger.whenSettled { [weak whole] part in
          guard let whole, whole.isPending else { return }
          if case .missed(let reason) = part.state { return whole.miss(reason) }
          var values: [TriggerValue] = []
          for trigger in triggers {
            guard case .fired(let value) = trigger.state else { return }
            values.append(value)
          }
          whole.fire(.all(values), on: host.clock, at: host.clock.now)
        }
      }
      if triggers.isEmpty { whole.fire(.all([]), on: host.clock, at: host.clock.now) }
      return triggers
    }
  }
}

/// An event that goes when nobody waits for it any more: a clock keeps its events, and with them what they act on.
private final class Appointment {
  private let event: Clock.EventID
  private let clock: Clock

  init(_ event: Clock.EventID, _ clock: Clock) {
    self.event = event
    self.clock = clock
  }

  deinit { clock.cancel(event) }
}

/// Waits for a while in which nothing disturbs it.
private final class QuietWatch {
  private let clock: Clock
  private let interval: Interval
  private let quiet: () -> Void
  private var end: Instant

  init(_ clock: Clock, _ interval: Interval, quiet: @escaping () -> Void) {
    self.clock = clock
    self.interval = interval
    self.quiet = quiet
    end = clock.now + interval
    look()
  }

  func disturb() { end = clock.now + interval }

  private func look() {
    clock.schedule(at: end) { [weak self] in
      guard let self else { return }
      if clock.now >= end { quiet() } else { look() }
    }
  }
}

extension [UInt8] {
  /// Whether the other bytes stand in it, one after the other.
  func contains(_ wanted: [UInt8]) -> Bool {
    guard !wanted.isEmpty else { return true }
    guard count >= wanted.count else { return false }
    return (0...(count - wanted.count)).contains { self[$0..<$0 + wanted.count].elementsEqual(wanted) }
  }
}
