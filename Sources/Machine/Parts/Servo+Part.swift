import Timebase

extension BoardDescription {
  public struct Servo: PartDescription, Hashable {
    public var number: Int
    public var pin: String
    /// The number of the timer that puts the pulses out.
    public var timer: Int

    public static let keys = ["servos"]
    public static let title = "Servos"

    public static func read(_ file: BoardFile) throws(BoardFileError) -> [Self] {
      var servos: [Self] = []
      for (number, section) in try file.section("servos").numberedSections() {
        try section.allow("pin", "timer")
        servos.append(
          Self(
            number: number, pin: try file.pin("pin", in: section),
            timer: try section.integer("timer", in: 1...14)))
      }
      return servos
    }

    public var partName: String { "servo\(number)" }
    public var facts: [String] { [pin, "timer \(timer)"] }

    public func makePart(_ context: PartContext) throws(BoardError) -> (any Part)? {
      let timers = context.partsSoFar.compactMap { $0 as? HardwareTimer }
      guard let timer = timers.first(where: { $0.number == self.timer }) else {
        throw .missingPart("timer\(self.timer)", neededBy: partName)
      }
      let pin = try context.pins[pin]
      do throws(TimerError) {
        return try Machine.Servo(number: number, pin: pin, timer: timer, context: context)
      } catch { throw .missingPart("a channel of timer\(self.timer) on \(pin.name)", neededBy: partName) }
    }
  }

  /// By number.
  public var servos: [Int: Servo] { parts(of: Servo.self, by: \.number) }
}

extension Servo: NumberedPart {
  public static let kindName = "Servo"
  public static let pluralName = "servos"

  public var name: String { "servo\(number)" }

  public var signals: [Signal] {
    [
      Signal(
        "pulse", .real(0...2550), unit: "us", read: { [self] in .real(Double(pulseWidth)) },
        watch: { [self] in observers.add($0) })
    ]
  }

  public func reset(_ kind: ResetKind) { forgetSettings() }
}

extension Board {
  /// By number.
  public var servos: [Int: Servo] { numbered(Servo.self) }

  public func servo(_ number: Int) throws(NoSuchPart) -> Servo { try part(Servo.self, number) }
}
