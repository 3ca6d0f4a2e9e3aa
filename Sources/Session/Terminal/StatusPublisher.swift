import Machine
import Timebase

/// Keeps a status line up to date with the boards of a run: brightness of lights, and switches that are held down.
final class StatusPublisher {
  private let line: StatusLine
  private let clock: Clock
  private let keysAreTheFirmwares: () -> Bool
  private var lights: [(colour: String, signal: Signal)] = []
  private var contacts: [(name: String, signal: Signal)] = []
  private var observations: [Observation] = []

  /// - Parameters:
  ///   - clock: whose time is shown.
  ///   - keysAreTheFirmwares: whether what is typed is for the firmware.
  init(_ line: StatusLine, _ boards: [SessionBoard], clock: Clock, keysAreTheFirmwares: @escaping () -> Bool)
  {
    self.line = line
    self.clock = clock
    self.keysAreTheFirmwares = keysAreTheFirmwares
    for member in boards {
      let prefix = member.name.map { "\($0)." } ?? ""
      for part in member.board.parts {
        for signal in part.signals {
          if let colour = signal.lightColour {
            lights.append((colour, signal))
            observations.append(signal.observe { [unowned self] _, _ in publish() })
          } else if signal.name == "pressed" {
            contacts.append((prefix + part.name, signal))
          }
        }
      }
    }
    publish()
  }

  func publish() {
    let lights = self.lights.map { colour, signal in
      guard case .integer(let brightness) = signal.value else {
        return StatusLine.Light(colour: colour, intensity: 0)
      }
      return StatusLine.Light(colour: colour, intensity: Double(brightness) / 255)
    }
    let pressed = contacts.filter { $0.signal.value == .flag(true) }.map(\.name)
    line.publish(
      lights: lights, pressed: pressed, time: clock.now, keysAreTheFirmwares: keysAreTheFirmwares())
  }
}
