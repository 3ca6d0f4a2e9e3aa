import Timebase

extension BoardDescription {
  public struct Switch: PartDescription, Hashable {
    public var name: String
    public var pin: String
    public var pull: Pull
    public var pressedLevel: Level

    public static let keys = ["switches"]
    public static let title = "Switches"

    public static func read(_ file: BoardFile) throws(BoardFileError) -> [Self] {
      var switches: [Self] = []
      for (name, section) in try file.section("switches").sections() {
        try section.allow("pin", "pull", "pressed")
        switches.append(
          Self(
            name: name, pin: try file.pin("pin", in: section),
            pull: try section.choice("pull", ["up": .up, "down": .down, "none": .none]),
            pressedLevel: try section.choice("pressed", ["low": .low, "high": .high])))
      }
      return switches
    }

    public var partName: String { name }
    public var facts: [String] { [pin] }
    public var solderedPin: String? { pin }

    public func makePart(_ context: PartContext) throws(BoardError) -> (any Part)? {
      Machine.Switch(
        name: name, description: self, pin: try context.pins[pin], lines: context.externalInterrupts,
        context: context)
    }
  }

  /// By name.
  public var switches: [String: Switch] { parts(of: Switch.self, by: \.name) }
}

extension Switch: Part {
  public var signals: [Signal] {
    [
      Signal(
        "pressed", .flag, read: { [self] in .flag(isKnownToBePressed) },
        watch: { [self] observer in
          pin.watchLevel { [self] edge in observer(.flag(edge.level == pressedLevel), edge.time) }
        })
    ]
  }

  public func reset(_ kind: ResetKind) {
    if kind == .hard, !pin.isHostPin { pin.configure(.input, pull: pull, at: nil) }
  }

  public var controls: [Control] {
    [
      Control("pressed", .flag, example: "1,5ms", durationName: "bounce", pins: [pin]) {
        [self] value, bounce in
        context.moveContact(isClosed: value == .flag(true), bounce: bounce ?? self.bounce) {
          [self] isClosed in
          isClosed ? press() : release()
        }
      },
      Control("bounce", .interval(upTo: .seconds(1)), example: "5ms") { [self] value, _ in
        if case .interval(let bounce) = value { self.bounce = bounce }
      },
    ]
  }
}

extension Board {
  /// By name.
  public var switches: [String: Switch] { Dictionary(keyed: parts(of: Switch.self), by: \.name) }

  public func `switch`(_ name: String) throws(NoSuchPart) -> Switch {
    let switches = switches
    guard let part = switches[name] else {
      let available = switches.keys.sorted().joined(separator: ", ")
      throw NoSuchPart(
        "switch \"\(name)\" is not on this board",
        available: available.isEmpty ? "this board has no switches" : available)
    }
    return part
  }
}

extension TraceEntry {
  static func switchPressed(_ name: String) -> TraceEntry { TraceEntry("switch \(name) pressed") }
  static func switchReleased(_ name: String) -> TraceEntry { TraceEntry("switch \(name) released") }
}
