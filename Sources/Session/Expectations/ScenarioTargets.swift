import Devices
import Machine

/// The parts that the steps of a scenario name, on the boards of a session.
struct ScenarioTargets {
  let boards: [SessionBoard]
  /// Factors by which values of controls are multiplied, as the wiring file says.
  let factors: [String: Double]

  var first: Board { boards[0].board }
  private var areSeveral: Bool { boards[0].name != nil }

  /// A part of one of the boards, or of its own pins where its name is empty.
  struct Target {
    let board: Board
    let part: String

    /// A pin's net; of the board's own, whatever a Wokwi diagram calls the board.
    func net(_ pin: String) -> Net? {
      guard let found = board.part(named: part) else { return board.pins.find(pin)?.net }
      // Wokwi's name for it, or ours.
      let known = (found as? any Device).flatMap { device in
        type(of: device).kind.pins.first { known in
          known.name == pin.lowercased() || known.aliases.contains(pin.lowercased())
        }
      }
      return try? board.net(named: "\(part).\(known?.name ?? pin)")
    }

    /// A pin's level, or a signal of the part: `brightness`.
    func signal(_ name: String) -> Signal? {
      board.signal("\(part).\(name)") ?? net(name).map { Signal(levelOf: $0) }
    }

    /// Names of its pins behind a message about one that there is not.
    var pins: String {
      guard let device = board.part(named: part) as? any Device else { return "" }
      return " (\(device.site.kind.pins.map(\.name).joined(separator: ", ")))"
    }

    /// The faults that it can have: of every device, of those on a bus, of sensors, of contacts.
    var faults: [String] {
      let names = ["nak", "stuck", "noise", "bounce", "drift", "unpowered", "slow"]
      return (board.part(named: part)?.allControls ?? []).map(\.name).filter { name in
        names.contains(name) || ["_noise", "_drift"].contains(where: name.hasSuffix)
      }
    }
  }

  /// The meaning of a `part-id`: of several boards the name of one stands before it, `a.led1`, or alone, for its pins.
  /// - Returns: `nil` if it begins with none of several boards.
  func find(_ part: String) -> Target? {
    guard areSeveral else { return Target(board: first, part: part) }
    let words = part.split(separator: ".", maxSplits: 1).map(String.init)
    guard let member = boards.first(where: { $0.name == words.first }) else { return nil }
    return Target(board: member.board, part: words.count == 2 ? words[1] : "")
  }

  /// The buses that report their transfers: all of them, or the one of this name.
  func buses(_ name: String?) -> [(board: Board, bus: any Part)] {
    let found = name.flatMap(find)
    return boards.map(\.board).filter { name == nil || $0 === found?.board }.flatMap { board in
      board.parts.filter { part in
        (name == nil || part.name == found?.part) && part.signals.contains { $0.name == "transfer" }
      }.map { (board, $0) }
    }
  }

  /// The board that a step is done on; `nil` for any.
  func board(of step: Scenario.Step) -> Board? {
    switch step.command {
    case .delay, .waitSerial, .writeSerial, .expectTransfer(bus: nil, _): nil
    case .expectTransfer(let bus?, _): find(bus)?.board
    case .expectPin(let part, _, _), .setControl(let part, _, _), .waitPin(let part, _, _, _),
      .waitPinChange(let part, _), .expectWaveform(let part, _, _, _), .fault(let part, _, _, _),
      .takeScreenshot(let part, _):
      find(part)?.board
    }
  }

  /// Schedules the events that stand beside the steps.
  func schedule(_ events: [(line: Int?, stimulus: Stimulus)], of file: String) throws(UsageError) {
    var wiring = Wiring()
    for (line, stimulus) in events {
      wiring.addEvent(stimulus, place: "\(file)\(line.map { ":\($0)" } ?? "")")
    }
    var own = [(first, wiring)]
    if areSeveral {
      let division: Wiring.Division
      do { division = try wiring.divided(among: boards.compactMap(\.name)) } catch {
        throw UsageError(option: "--scenario", error.description)
      }
      for reaction in division.reactions {
        try boards.schedule(reaction.event, reaction.board, behind: reaction.cause)
      }
      own = boards.compactMap { member in
        member.name.flatMap { division.own[$0] }.map { (member.board, $0) }
      }
    }
    for (board, wiring) in own {
      for event in wiring.events {
        do { try board.schedule([event.stimulus]) } catch {
          throw UsageError(option: "--scenario", "\(event.place): \(error.description)")
        }
      }
    }
  }

  /// Why a step cannot be done; `nil` when it can.
  func problem(of step: Scenario.Step) -> String? {
    switch step.command {
    case .delay, .waitSerial: return nil
    case .writeSerial:
      return areSeveral ? "what is typed goes to none of several boards" : nil
    case .expectPin(let part, let pin, _), .waitPin(let part, let pin, _, _),
      .waitPinChange(let part, let pin):
      return problem(of: part) { $0.net(pin) == nil ? "there is no pin \(part):\(pin)\($0.pins)" : nil }
    case .expectWaveform(let part, let pin, _, _):
      return problem(of: part) { $0.signal(pin) == nil ? "there is no pin \(part):\(pin)\($0.pins)" : nil }
    case .expectTransfer(let bus, _):
      return buses(bus).isEmpty ? "there is no bus \(bus ?? "")" : nil
    case .takeScreenshot(let part, let path):
      if !Picture.mayTake(the: path) { return "\(path) is there and is no PNG file" }
      return problem(of: part) { target in
        do throws(PictureError) {
          _ = try target.board.picture(of: target.part)
          return nil
        } catch { return error.description }
      }
    case .fault(let part, let control, let value, _):
      return problem(of: part) { target in
        guard target.board.part(named: target.part) == nil || target.faults.contains(control) else {
          return "\(part).\(control) is no fault"
            + (target.faults.isEmpty ? "" : " (\(target.faults.joined(separator: ", ")))")
        }
        return self.problem(of: control, self.value(value, of: part, control), target)
      }
    case .setControl(let part, let control, let value):
      return problem(of: part) { self.problem(of: control, self.value(value, of: part, control), $0) }
    }
  }

  /// A value in this emulator's words and units: Wokwi's files also write flags as words, and pressures in pascal.
  func value(_ text: String, of part: String, _ control: String) -> String {
    if let factor = factors["\(part).\(control)"], let number = Double(text) { return "\(number * factor)" }
    return ["true": "1", "false": "0"][text.lowercased()] ?? text
  }

  private func problem(of control: String, _ value: String, _ target: Target) -> String? {
    do throws(ControlError) {
      try target.board.check("\(target.part).\(control)", takes: value)
      return nil
    } catch { return error.description }
  }

  private func problem(of part: String, _ look: (Target) -> String?) -> String? {
    guard let target = find(part) else {
      let names = boards.compactMap(\.name).map { "\($0).\(part)" }.joined(separator: ", ")
      return "of several boards, say which: \(names)"
    }
    return look(target)
  }
}
