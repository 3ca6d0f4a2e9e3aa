import Machine
import Timebase

/// Does the steps of a scenario at board times. Of several boards each step is done on the board that it names, when that one has come
/// to the time of the step before.
final class ScenarioRun {
  /// Called once when it is over, with the failure, if any.
  var ended: (String?) -> Void = { _ in }
  let keys = TypedBytes()

  private let scenario: Scenario
  private let targets: ScenarioTargets
  /// The board on which the last step was done.
  private var board: Board
  private var next = 0
  private var isOver = false
  /// Output since the last text that was waited for.
  private var output: [UInt8] = []
  private var wanted: [UInt8]?
  private var listening: NetListening?
  private var transfers: [Observation] = []
  private var deadline: (clock: Clock, event: Clock.EventID)?
  private static let longestOutput = 1 << 20

  /// - Throws: for a step that names what the boards do not have.
  init(_ scenario: Scenario, _ session: Session) throws(UsageError) {
    self.scenario = scenario
    targets = ScenarioTargets(boards: session.boards, factors: session.controlFactors)
    board = targets.first
    try targets.schedule(scenario.events, of: scenario.file)
    for step in scenario.steps {
      guard let problem = targets.problem(of: step) else { continue }
      throw UsageError(option: "--scenario", "\(name(step)): \(problem)")
    }
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

  /// - Parameter board: the one whose firmware has printed it.
  func printed(_ bytes: [UInt8], on board: Board) {
    guard !isOver else { return }
    output += bytes.filter { $0 != 0x0D }
    if output.count > Self.longestOutput { output.removeFirst(output.count - Self.longestOutput / 2) }
    guard let wanted else { return }
    if takes(wanted) {
      self.board = board
      return stepIsDone()
    }
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
    if let deadline { deadline.clock.cancel(deadline.event) }
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
      if let other = targets.board(of: step), other !== board { return goOn(on: other) }
      next += 1
      guard isDone(step) else { return wait(for: step) }
    }
  }

  /// Goes on when another board has come to this time.
  private func goOn(on other: Board) {
    let clock = board.clock
    board = other
    other.clock.schedule(at: max(other.clock.now, clock.now)) { [weak self] in self?.proceed() }
    clock.stand(notAfter: clock.now)
  }

  private func wait(for step: Scenario.Step) {
    guard !isOver, let timeout = step.timeout else { return }
    let clock = board.clock
    let event = clock.schedule(at: clock.now + timeout) { [weak self] in
      self?.fail(step, "it was not done within \(timeout.milliseconds) ms")
    }
    deadline = (clock, event)
  }

  private func fail(_ step: Scenario.Step, _ reason: String) {
    guard !isOver else { return }
    isOver = true
    wanted = nil
    listening = nil
    transfers = []
    ended("\(name(step)): \(reason)")
  }

  /// Does a step, whose names have been checked.
  /// - Returns: whether it is over; otherwise it goes on when what it waits for has come.
  private func isDone(_ step: Scenario.Step) -> Bool {
    let clock = board.clock
    switch step.command {
    case .delay(let interval):
      clock.schedule(at: clock.now + interval) { [weak self] in self?.stepIsDone() }
      return false
    case .waitSerial(let text):
      if takes(text) { return true }
      wanted = text
      return false
    case .writeSerial(let bytes):
      keys.type(bytes)
      return true
    case .expectPin(let part, let pin, let level):
      guard let net = targets.find(part)?.net(pin) else { return failed(step, "it has gone") }
      guard net.level == level else {
        return failed(step, "\(part):\(pin) is \(net.level == .high ? 1 : 0), not \(level == .high ? 1 : 0)")
      }
      return true
    case .setControl(let part, let control, let value):
      return set(part, control, value, step)
    case .takeScreenshot(let part, let path):
      guard let target = targets.find(part), let picture = try? target.board.picture(of: target.part) else {
        return failed(step, "\(part) shows nothing")
      }
      if let problem = picture.write(to: path) { return failed(step, "\(path): \(problem)") }
      return true
    case .fault(let part, let control, let value, let duration):
      guard set(part, control, value, step) else { return false }
      if let duration {
        clock.schedule(at: clock.now + duration) { [weak self] in self?.endFault(part, control) }
      }
      return true
    case .expectWaveform(let part, let pin, let expectations, let duration):
      guard let signal = targets.find(part)?.signal(pin) else { return failed(step, "it has gone") }
      let recording = SignalRecording(signal, name: "\(part):\(pin)", clock: clock)
      clock.schedule(at: clock.now + duration) { [weak self] in self?.check(recording, expectations, step) }
      return false
    case .expectTransfer(let bus, let text):
      transfers = targets.buses(bus).flatMap { board, bus in
        bus.signals.filter { $0.name == "transfer" }.map { signal in
          signal.observe { [weak self] value, _ in
            guard case .text(let transfer) = value, transfer == text else { return }
            self?.board = board
            self?.stepIsDone()
          }
        }
      }
      return false
    case .waitPinChange(let part, let pin):
      listening = targets.find(part)?.net(pin)?.listen { [weak self] _ in self?.stepIsDone() }
      return false
    case .waitPin(let part, let pin, let level, let isEdge):
      guard let net = targets.find(part)?.net(pin) else { return failed(step, "it has gone") }
      if !isEdge, net.level == level { return true }
      listening = net.listen { [weak self] edge in
        if edge.level == level { self?.stepIsDone() }
      }
      return false
    }
  }

  /// - Returns: whether it could be set.
  private func set(_ part: String, _ control: String, _ value: String, _ step: Scenario.Step) -> Bool {
    guard let target = targets.find(part) else { return failed(step, "it has gone") }
    do throws(ControlError) {
      try target.board.set("\(target.part).\(control)", to: targets.value(value, of: part, control))
      return true
    } catch { return failed(step, error.description) }
  }

  /// Takes a fault away: sets its control to its first word, or to nothing.
  private func endFault(_ part: String, _ control: String) {
    guard let target = targets.find(part) else { return }
    let name = "\(target.part).\(control)"
    guard let control = try? target.board.control(name) else { return }
    for text in [control.choices.first ?? "0", "0s"] where (try? target.board.set(name, to: text)) != nil {
      return
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
