import Timebase

/// A stimulus that waits for something that happens on the board; each time, or the first time only.
final class Reaction {
  private weak var board: Board?
  /// The clock of the board that it acts on.
  private let clock: Clock
  private let stimulus: Stimulus
  private let trigger: StimulusTrigger
  private let perform: () -> Void
  private var listening: NetListening?
  private var observation: Observation?
  /// The latest bytes of a line, as many as are waited for.
  private var heard: [UInt8] = []
  /// How often it was set off at one instant.
  private var latest = (time: Instant.powerOn, count: 0)

  /// So often at one instant, and reactions set each other off in a circle.
  private static let mostAtOnce = 1000

  /// - Parameters:
  ///   - board: where it waits for something.
  ///   - clock: of the board that it acts on.
  ///   - perform: sets the control.
  init(
    _ stimulus: Stimulus, on trigger: StimulusTrigger, board: Board, clock: Clock,
    perform: @escaping () -> Void
  ) {
    self.clock = clock
    self.stimulus = stimulus
    self.trigger = trigger
    self.board = board
    self.perform = perform
  }

  /// Waits for a net to take the level, or to change.
  /// - Parameter level: nil for either.
  func wait(for level: Level?, on net: Net) {
    listening = net.listen { [weak self] edge in
      if level == nil || edge.level == level { self?.happen(at: edge.time) }
    }
  }

  /// Waits for a signal to have a value, or to change; of bytes for these to be the last ones.
  func wait(for value: PartValue?, of signal: Signal) {
    observation = signal.observe { [weak self] new, time in
      guard let self else { return }
      if case .bytes(let wanted)? = value, case .bytes(let bytes) = new {
        for byte in bytes {
          heard = heard.suffix(wanted.count - 1) + [byte]
          if heard == wanted { happen(at: time) }
        }
      } else if value == nil || value == new {
        happen(at: time)
      }
    }
  }

  private func happen(at time: Instant) {
    guard let board else { return }
    if trigger.isFirstOnly { end() }
    latest = latest.time == time ? (time, latest.count + 1) : (time, 1)
    guard latest.count <= Self.mostAtOnce else {
      end()
      board.context.reporter.report(
        .eventsRepeat,
        "\"after \(trigger.name) …: \(stimulus.name)\" sets itself off again and again at \(time)",
        advice: "give it a delay, as in 10us after \(trigger.name) …")
      return
    }
    let (instant, perform) = (time + (stimulus.time - .powerOn), perform)
    clock.schedule(at: max(clock.now, instant)) { perform() }
    // Another board acts then, and this one may see it.
    if clock !== board.clock { board.clock.stand(notAfter: instant) }
  }

  private func end() {
    listening = nil
    observation = nil
  }
}

extension Board {
  /// Lets a stimulus happen behind what it waits for.
  /// - Parameter clock: of the board that it acts on, if that is another one.
  /// - Throws: `ControlError` for a pin or a signal that there is not, and a value that it cannot have.
  func arm(
    _ stimulus: Stimulus, on trigger: StimulusTrigger, clock: Clock? = nil, perform: @escaping () -> Void
  ) throws(ControlError) {
    let reaction = Reaction(
      stimulus, on: trigger, board: self, clock: clock ?? self.clock, perform: perform)
    if let signal = signal(trigger.name) {
      reaction.wait(for: try value(of: trigger, form: signal.form), of: signal)
    } else {
      let net: Net
      do { net = try self.net(named: trigger.name) } catch {
        throw .noSuchTrigger(trigger.name, available: triggerNames(near: trigger.name))
      }
      let level: Level? =
        switch try value(of: trigger, form: .flag) {
        case .flag(let isHigh)?: isHigh ? .high : .low
        default: nil
        }
      reaction.wait(for: level, on: net)
    }
    reactions.append(reaction)
  }

  private func value(of trigger: StimulusTrigger, form: ValueForm) throws(ControlError) -> PartValue? {
    guard case .becomes(let text) = trigger.condition else { return nil }
    guard let value = form.value(of: text) else {
      throw .badValue(trigger.name, text, expected: form.summary(unit: nil), example: "0")
    }
    return value
  }

  /// The signals of the part that was named, or else of all.
  private func triggerNames(near name: String) -> [String] {
    let named = splitName(name).flatMap { part(named: $0.part) } ?? part(named: name)
    let parts = named.map { [$0] } ?? parts.filter { !($0 is Pin) }
    return parts.flatMap { part in part.signals.map { "\(part.name).\($0.name)" } }
  }
}
