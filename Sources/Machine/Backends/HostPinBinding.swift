import Timebase

/// The host's GPIO lines behind a board's pins, when its pins are real ones.
public struct HostPinBinding: Sendable, Hashable {
  /// The state of an output before its line is given back.
  public enum SafeState: String, Sendable, Hashable, CaseIterable {
    case low
    case high
    /// No longer an output: the circuit wired to it decides.
    case input
    /// As the firmware left it.
    case keep
  }

  public struct Line: Sendable, Hashable {
    /// The kernel's names for it; the first of them that the chip has is used.
    public var names: [String]
    public var safeState: SafeState
    /// Whether the line is low when the pin is high.
    public var isActiveLow = false
    /// How long an input has to be steady before the kernel reports an edge; zero for no such thing.
    public var debounce = Interval.zero
    /// Whether an output only drives high, and lets go instead of driving low.
    public var isOpenSource = false
    /// The folder of the kernel's pulse-width output there: `/sys/class/pwm/pwmchip0/pwm0`.
    public var pulseOutput: String?

    public init(names: [String], safeState: SafeState) {
      self.names = names
      self.safeState = safeState
    }
  }

  /// The chip's possible labels; the first of them that exists is used.
  public var chipLabels: [String]
  /// For pins that have no entry in `lines`.
  public var safeState = SafeState.input
  /// By the processor's name for the pin.
  public var lines: [String: Line] = [:]

  /// The line behind a pin.
  /// - Parameter cpuName: the processor's name for it, which the line has too unless the board file gives
  ///   another.
  public func line(of cpuName: String) -> Line {
    lines[cpuName] ?? Line(names: [cpuName], safeState: safeState)
  }
}

extension HostPinBinding {
  /// Reads the board file's section.
  /// - Parameter cpuNames: the existing pins.
  init(_ section: BoardFileSection, cpuNames: Set<String>) throws(BoardFileError) {
    try section.allow("chips", "safe", "lines")
    chipLabels = try section.words("chips")
    safeState = try section.choice("safe", Self.safeStates, standard: .input)
    for (name, part) in try section.section("lines").sections() {
      guard cpuNames.contains(name) else {
        throw part.error("\"\(name)\" is not a pin of this board's processor")
      }
      try part.allow("names", "safe", "active-low", "debounce", "drive", "pwm")
      var line = Line(
        names: part.value("names") == nil ? [name] : try part.words("names"),
        safeState: try part.choice("safe", Self.safeStates, standard: safeState))
      line.isActiveLow = try part.choice("active-low", ["true": true, "false": false], standard: false)
      line.isOpenSource = try part.choice(
        "drive", ["push-pull": false, "open-source": true], standard: false)
      if let text = try part.optionalText("debounce") {
        guard let interval = Interval(text: text), interval <= .seconds(1) else {
          throw part.error("\"debounce\" must be a time up to 1s, as in 5ms", at: part.value("debounce"))
        }
        line.debounce = interval
      }
      line.pulseOutput = try part.optionalText("pwm")
      lines[name] = line
    }
  }

  private static let safeStates: KeyValuePairs<String, SafeState> = [
    "low": .low, "high": .high, "input": .input, "keep": .keep,
  ]
}
