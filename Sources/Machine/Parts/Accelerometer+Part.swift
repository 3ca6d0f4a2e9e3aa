import Timebase

extension BoardDescription {
  public struct Accelerometer: PartDescription, Hashable {
    public var model: String
    public var powerPin: String?
    public var interruptPin: String?
    /// The number of the I2C bus that it is on.
    public var bus: Int?

    public static let keys = ["accelerometer"]
    public static let title = "Accelerometer"
    public static let costNames: Set = ["accelerometer-read"]

    public static func read(_ file: BoardFile) throws(BoardFileError) -> [Self] {
      guard file.top.has("accelerometer") else { return [] }
      let section = try file.section("accelerometer")
      try section.allow("model", "power", "interrupt", "i2c")
      return [
        Self(
          model: try section.choice("model", ["MMA7660": "MMA7660"]),
          powerPin: try file.optionalPin("power", in: section),
          interruptPin: try file.optionalPin("interrupt", in: section),
          bus: try section.optionalInteger("i2c", in: 0...99))
      ]
    }

    public var partName: String { "accel" }
    public var facts: [String] { [model] }

    public func makePart(_ context: PartContext) throws(BoardError) -> (any Part)? {
      var power: Pin?
      if let powerPin { power = try context.pins[powerPin] }
      var controller: I2CController?
      if let bus {
        controller = context.partsSoFar.lazy.compactMap { $0 as? I2CController }.first { $0.number == bus }
        if controller == nil { throw .missingPart("i2c\(bus)", neededBy: partName) }
      }
      return Machine.Accelerometer(power: power, bus: controller, context: context)
    }
  }

  /// `nil` for a board without one.
  public var accelerometer: Accelerometer? { parts(of: Accelerometer.self).first }
}

extension Accelerometer: Part {
  public var name: String { "accel" }

  private static var form: ValueForm { .vector(axes: ["X", "Y", "Z"], -32...31) }

  public var signals: [Signal] {
    [
      Signal(
        "acceleration", Self.form, unit: "counts", read: { [self] in Self.value(attitude) },
        watch: { [self] in observers.add($0) })
    ]
  }

  public var controls: [Control] {
    [
      Control("acceleration", Self.form, unit: "counts", example: "10,0,20") { [self] value, _ in
        guard case .vector(let counts) = value else { return }
        tilt(Reading(x: counts[0], y: counts[1], z: counts[2]))
      }
    ]
  }

  static func value(_ reading: Reading) -> PartValue { .vector([reading.x, reading.y, reading.z]) }
}

extension Board {
  /// `nil` on a board without one.
  public var accelerometer: Accelerometer? { parts(of: Accelerometer.self).first }
}

extension TraceEntry {
  static func tilt(x: Int, y: Int, z: Int) -> TraceEntry { TraceEntry("accelerometer \(x) \(y) \(z)") }
}
