extension BoardDescription {
  public struct Timer: PartDescription, Hashable {
    public var number: Int
    public var bus: Bus
    /// 16 or 32.
    public var bits: Int
    public var channels: Int
    /// The frequency that its prescaler counts, Hz: twice the bus's, whose clock is divided on this
    /// processor.
    public var sourceClock: Int { 2 * bus.clock }

    public static let keys = ["timers"]
    public static let title = "Timers"

    public static func read(_ file: BoardFile) throws(BoardFileError) -> [Self] {
      var timers: [Self] = []
      for (number, section) in try file.section("timers").numberedSections() {
        try section.allow("bus", "bits", "channels")
        timers.append(
          Self(
            number: number, bus: try file.bus(in: section),
            bits: try section.choice("bits", ["16": 16, "32": 32]),
            channels: try section.integer("channels", in: 0...4)))
      }
      return timers
    }

    public var partName: String { "timer\(number)" }
    public var facts: [String] {
      ["\(bits) bits", "\(sourceClock / 1_000_000) MHz", "\(channels) channels"]
    }

    public func makePart(_ context: PartContext) throws(BoardError) -> (any Part)? {
      HardwareTimer(number: number, description: self, context: context)
    }
  }

  /// By number.
  public var timers: [Int: Timer] { parts(of: Timer.self, by: \.number) }
}

extension HardwareTimer: NumberedPart {
  public static let kindName = "Timer"
  public static let pluralName = "hardware timers"

  public var name: String { "timer\(number)" }

  public func reset(_ kind: ResetKind) {
    if kind == .hard || !outlivesSoftReset { stop() }
  }
}

extension Board {
  /// By number.
  public var timers: [Int: HardwareTimer] { numbered(HardwareTimer.self) }

  public func timer(_ number: Int) throws(NoSuchPart) -> HardwareTimer {
    try part(HardwareTimer.self, number)
  }
}
