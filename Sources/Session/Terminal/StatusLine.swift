import Diagnostics
import Glibc
import Synchronization
import Timebase

/// The contents of a running board's status line: LEDs, board time, pressed keys.
///
/// The firmware thread publishes; the console's thread asks for the text.
public final class StatusLine: Sendable {
  /// One LED as a person sees it.
  public struct Light: Sendable, Equatable {
    /// The colour's name in the board file: red, green, yellow, orange, blue; white for any other.
    public var colour: String
    /// 0 is off, 1 full brightness.
    public var intensity: Double

    public init(colour: String, intensity: Double) {
      self.colour = colour
      self.intensity = intensity
    }
  }

  /// Ctrl-T, which works the switch even when the firmware reads the keys.
  static let switchKey: UInt8 = 0x14

  private struct State {
    var lights: [Light] = []
    var pressed: [String] = []
    var keysAreTheFirmwares = false
    var time = Instant.powerOn
    var publishedAt = ContinuousClock.now
  }

  private let state = Mutex(State())
  private let speed: Speed
  private let switchName: String?
  private let leaving: String
  private let hasColour: Bool

  /// Ctrl-], which leaves the board's prompt in this terminal.
  static let leaveKey: UInt8 = 0x1d

  /// - Parameters:
  ///   - leaving: which key ends what, the last thing in the line.
  ///   - switchName: the switch that a key works; nil where keys are not read.
  ///   - hasColour: false leaves the discs without colour, as people ask for with NO_COLOR.
  init(
    speed: Speed, switchName: String?, leaving: String = "Ctrl-C: interrupt",
    hasColour: Bool = getenv("NO_COLOR") == nil
  ) {
    self.speed = speed
    self.leaving = leaving
    self.switchName = switchName
    self.hasColour = hasColour
  }

  /// Takes the board's state over.
  /// - Parameters:
  ///   - pressed: the names of the switches that are held down.
  ///   - keysAreTheFirmwares: the firmware reads what is typed, so that `u` is an ordinary character.
  public func publish(
    lights: [Light], pressed: [String], time: Instant, keysAreTheFirmwares: Bool = false
  ) {
    state.withLock { state in
      state.lights = lights
      state.pressed = pressed
      state.keysAreTheFirmwares = keysAreTheFirmwares
      state.time = time
      state.publishedAt = .now
    }
  }

  /// The line as it is to be drawn, colours included, in at most `columns` columns.
  func text(columns: Int) -> String {
    let (lights, pressed, time, isTyping) = state.withLock {
      ($0.lights, $0.pressed, shownTime($0), $0.keysAreTheFirmwares)
    }
    var line = ""
    for light in lights { line += " " + disc(light) }
    var width = 2 * lights.count
    func append(_ text: String) {
      guard width + text.count <= columns - 1 else { return }
      line += text
      width += text.count
    }
    append("  " + Self.clockText(time))
    if speed != .paced(factor: 1) { append("  \(speed)") }
    if !pressed.isEmpty { append("  [\(pressed.joined(separator: "] ["))]") }
    if let switchName {
      let verb = pressed.contains(switchName) ? "release" : "press"
      append("   \(isTyping ? "Ctrl-T" : "u"): \(verb) \(switchName)")
    }
    append("   \(leaving)")
    return line
  }

  /// A paced board that sleeps publishes nothing: its time goes on with the host's.
  private func shownTime(_ state: borrowing State) -> Instant {
    guard case .paced(let factor) = speed else { return state.time }
    let passed = Double(Interval(ContinuousClock.now - state.publishedAt).nanoseconds) * factor
    return state.time + .nanoseconds(Int64(min(passed, 1e18)))
  }

  private func disc(_ light: Light) -> String {
    guard light.intensity > 0 else { return hasColour ? "\u{1B}[38;5;240m○\u{1B}[0m" : "○" }
    guard hasColour else { return "●" }
    return "\u{1B}[38;5;\(Self.colourIndex(light))m●\u{1B}[0m"
  }

  /// A colour of the 6 x 6 x 6 cube that 256-colour terminals have, dimmed to one of its five levels.
  private static func colourIndex(_ light: Light) -> Int {
    let level = max(1, Int((min(light.intensity, 1) * 5).rounded()))
    let (red, green, blue): (Int, Int, Int) =
      switch light.colour {
      case "red": (level, 0, 0)
      case "green": (0, level, 0)
      case "yellow": (level, level, 0)
      case "orange": (level, (level + 1) / 2, 0)
      case "blue": (0, level / 3, level)
      default: (level, level, level)
      }
    return 16 + 36 * red + 6 * green + blue
  }

  /// Hours, minutes and seconds with tenths: `1:02:03.4`, hours only when there are any.
  static func clockText(_ time: Instant) -> String {
    let tenths = time.milliseconds / 100
    let (seconds, minutes, hours) = (tenths / 10 % 60, tenths / 600 % 60, tenths / 36_000)
    let minutesText = hours > 0 ? "\(hours):\(minutes.decimal(digits: 2))" : "\(minutes)"
    return "\(minutesText):\(seconds.decimal(digits: 2)).\(tenths % 10)"
  }
}
