import Devices
import Machine
import Timebase

/// Does the steps of a scenario on a board, at their board times.
final class ScenarioRun {
  /// Called once when it is over, with the failure, if any.
  var ended: (String?) -> Void = { _ in }
  let keys = TypedBytes()

  private let scenario: Scenario
  private let board: Board
  private var next = 0
  private var isOver = false
  /// Output since the last text that was waited for.
  private var output: [UInt8] = []
  private var wanted: [UInt8]?
  private var listening: NetListening?
  private var transfers: [Observation] = []
  private var deadline: Clock.EventID?
  private static let longestOutput = 1 << 20

  /// - Throws: for a step that names what the board does not have.
  init(_ scenario: Scenario, board: Board) throws(UsageError) {
    self.scenario = scenario
    self.board = board
    for event in scenario.events {
      do { try board.schedule([event.stimulus]) } catch {
        throw UsageError(
          option: "--scenario", "\(scenario.file)\(event.line.map { ":\($0)" } ?? ""): \(error.description)")
      }
    }
    for step in scenario.steps {
      guard let problem = problem(of: step) else { continue }
      throw UsageError(
        option: "--scenario", "\(name(step)): \(problem)")
    }
  }

  private func problem(of step: Scenario.Step) -> String? {
    switch step.command {
    case .delay, .waitSerial, .writeSerial: return nil
    case .expectPin(let part, let pin, _), .waitPin(let part, let pin, _, _),
      .waitPinChange(let part, let pin):
      return net(part, pin) == nil ? noPin(part, pin) : nil
    case .expectWaveform(let part, let pin, _, _):
      return signal(part, pin) == nil ? noPin(part, pin) : nil
    case .expectTransfer(let bus, _):
      return buses(bus).isEmpty ? "there is no bus \(bus ?? "")" : nil
    case .takeScreenshot(let part, _):
      do throws(PictureError) {
        _ = try board.picture(of: part)
        return nil
      } catch { return error.description }
    case .setControl(let part, let control, let value), .fault(let part, let control, let value, _):
      do throws(ControlError) {
        try board.check("\(part).\(control)", takes: Self.text(of: value))
        return nil
      } catch { return error.description }
    }
  }

  private func noPin(_ part: String, _ pin: String) -> String {
    guard let device = board.part(named: part) as? any Device else {
      return "there is no pin \(part):\(pin)"
    }
    let pins = device.site.kind.pins.map(\.name).joined(separator: ", ")
    return "there is no pin \(part):\(pin) (\(pins))"
  }

  /// Wokwi's files also write flags as words.
  private static func text(of value: String) -> String {
    ["true": "1", "false": "0"][value.lowercased()] ?? value
  }

  /// The step that is not done yet, for a message; nil when all are.
  var pendingStep: String? {
    isOver || next > scenario.steps.count ? nil : name(scenario.steps[max(0, next - 1)])
  }

  /// With its place.
  private func name(_ step: Scenario.Step) -> String {
    "\(scenario.file)\(step.line.map { ":\($0)" } ?? ""): \(step.name)"
  }

  /// Does the steps up to the first that has to wait.
  func begin() { board.clock.schedule(at: board.clock.now) { [weak self] in self?.proceed() } }

  func printed(_ bytes: [UInt8]) {
    guard !isOver else { return }
    output += bytes.filter { $0 != 0x0D }
    if output.count > Self.longestOutput { output.removeFirst(output.count - Self.longestOutput / 2) }
    guard let wanted else { return }
    if takes(wanted) { return stepIsDone() }
    // Bytes that cannot be its beginning need not be searched again.
    output.removeFirst(max(0, output.count - wanted.count + 1))
  }

  /// Whether the text has been printed; what comes up to it counts no more.
  private func takes(_ text: [UInt8]) -> Bool {
    guard let range = output.firstRange(of: text) else { return false }
    output.removeFirst(range.upperBound)
    return true
  }

  private func stepIsDone() {
    wanted = nil
    listening = nil
    transfers = []
    if let deadline { board.clock.cancel(deadline) }
    deadline = nil
    // Not from within what the firmware does.
    board.clock.schedule(at: board.clock.now) { [weak self] in self?.proceed() }
  }

  private func proceed() {
    while !isOver {
      guard next < scenario.steps.count else {
        isOver = true
        return ended(nil)
      }
      let step = scenario.steps[next]
      next += 1
      guard isDone(step) else { return wait(for: step) }
    }
  }

  private func wait(for step: Scenario.Step) {
    guard !isOver, let timeout = step.timeout else { return }
    deadline = board.clock.schedule(at: board.clock.now + timeout) { [weak self] in
      self?.fail(step, "it was not done within \(timeout.milliseconds) ms")
    }
  }

  private func fail(_ step: Scenario.Step, _ reason: String) {
    guard !isOver else { return }
    isOver = true
    wanted = nil
    listening = nil
    transfers = []
    ended("\(name(step)): \(reason)")
  }

  /// Does a step.
  /// - Returns: whether it is over; otherwise it goes on when what it waits for has come.
  private func isDone(_ step: Scenario.Step) -> Bool {
    switch step.command {
    case .delay(let interval):
      board.clock.schedule(at: board.clock.now + interval) { [weak self] in
        self?.stepIsDone()
      }
      return false
    case .waitSerial(let text):
      if takes(text) { return true }
      wanted = text
      return false
    case .writeSerial(let bytes):
      keys.type(bytes)
      return true
    case .expectPin(let part, let pin, let level):
      guard let net = net(part, pin) else { return failed(step, noPin(part, pin)) }
      guard net.level == level else {
        return failed(step, "\(part):\(pin) is \(net.level == .high ? 1 : 0), not \(level == .high ? 1 : 0)")
      }
      return true
    case .setControl(let part, let control, let value):
      do throws(ControlError) { try board.set("\(part).\(control)", to: Self.text(of: value)) } catch {
        return failed(step, error.description)
      }
      return true
    case .takeScreenshot(let part, let path):
      guard let picture = try? board.picture(of: part) else { return failed(step, "\(part) shows nothing") }
      if let problem = picture.write(to: path) { return failed(step, "\(path): \(problem)") }
      return true
    case .fault(let part, let control, let value, let duration):
      do throws(ControlError) { try board.set("\(part).\(control)", to: Self.text(of: value)) } catch {
        return failed(step, error.description)
      }
      if let duration {
        board.clock.schedule(at: board.clock.now + duration) { [weak self] in
          try? self?.board.set("\(part).\(control)", to: "0")
        }
      }
      return true
    case .expectWaveform(let part, let pin, let expectations, let duration):
      guard let signal = signal(part, pin) else {
        return failed(step, noPin(part, pin))
      }
      let recording = SignalRecording(signal, name: "\(part):\(pin)", clock: board.clock)
      board.clock.schedule(at: board.clock.now + duration) { [weak self] in
        self?.check(recording, expectations, step)
      }
      return false
    case .expectTransfer(let bus, let text):
      transfers = buses(bus).flatMap(\.signals).filter { $0.name == "transfer" }.map { signal in
        signal.observe { [weak self] value, _ in
          guard case .text(let transfer) = value, transfer == text else { return }
          self?.stepIsDone()
        }
      }
      return false
    case .waitPinChange(let part, let pin):
      guard let net = net(part, pin) else { return failed(step, noPin(part, pin)) }
      listening = net.listen { [weak self] _ in self?.stepIsDone() }
      return false
    case .waitPin(let part, let pin, let level, let isEdge):
      guard let net = net(part, pin) else { return failed(step, noPin(part, pin)) }
      if !isEdge, net.level == level { return true }
      listening = net.listen { [weak self] edge in
        if edge.level == level { self?.stepIsDone() }
      }
      return false
    }
  }

  private func check(
    _ recording: SignalRecording, _ expectations: [WaveformExpectation], _ step: Scenario.Step
  ) {
    guard !isOver else { return }
    do throws(SignalMismatch) {
      for expectation in expectations { try expectation.check(recording) }
    } catch { return fail(step, error.description) }
    stepIsDone()
  }

  private func failed(_ step: Scenario.Step, _ reason: String) -> Bool {
    fail(step, reason)
    return false
  }

  /// The buses that report their transfers; all of them without a name.
  private func buses(_ name: String?) -> [any Part] {
    board.parts.filter { part in
      (name == nil || part.name == name) && part.signals.contains { $0.name == "transfer" }
    }
  }

  /// A pin's level, or a signal of the part: `brightness`.
  private func signal(_ part: String, _ name: String) -> Signal? {
    board.signal("\(part).\(name)") ?? net(part, name).map { Signal(levelOf: $0) }
  }

  /// The net of a part's pin; of the board's own, whatever the file calls the board.
  private func net(_ part: String, _ pin: String) -> Net? {
    guard let found = board.part(named: part) else { return board.pins.find(pin)?.net }
    // Wokwi's name for it, or ours.
    let known = (found as? any Device).flatMap { device in
      type(of: device).kind.pins.first { known in
        known.name == pin.lowercased() || known.aliases.contains(pin.lowercased())
      }
    }
    return try? board.net(named: "\(part).\(known?.name ?? pin)")
  }
}

extension [UInt8] {
  /// Returns the first range of the other bytes.
  fileprivate func firstRange(of wanted: [UInt8]) -> Range<Int>? {
    guard !wanted.isEmpty, count >= wanted.count else { return wanted.isEmpty ? 0..<0 : nil }
    for start in 0...(count - wanted.count) where self[start..<start + wanted.count].elementsEqual(wanted) {
      return start..<(start + wanted.count)
    }
    return nil
  }
}
