import Timebase

/// The MMA7660 three-axis accelerometer, in the chip's own counts: -32 to 31, about 21 to one g.
public final class Accelerometer {
  /// Acceleration along the three axes in counts.
  public struct Reading: Sendable, Hashable {
    public var x: Int
    public var y: Int
    public var z: Int

    /// Values outside -32 to 31 are taken as the nearer end, as the chip saturates.
    public init(x: Int, y: Int, z: Int) {
      self.x = min(max(x, -32), 31)
      self.y = min(max(y, -32), 31)
      self.z = min(max(z, -32), 31)
    }

    /// Lying on a table, components up: one g along z.
    public static let level = Reading(x: 0, y: 0, z: 21)
  }

  /// How the board is held, so what the chip measures, whether or not the firmware asks.
  public private(set) var attitude = Reading.level
  /// Whether `start()` has powered the chip up and set it to measure.
  public private(set) var isStarted = false

  let observers = SignalObservers()

  private let context: PartContext
  private let power: Pin?
  /// The bus that the chip is on; `nil` where the board file names none.
  private let bus: I2CController?
  private var port: I2CTargetPort?
  /// The register that the next byte goes to or comes from, in a transfer.
  private var pointer: Int?
  private var mode: UInt8 = 0
  /// The last four readings of `filteredSum()`.
  private var recent = [Reading](repeating: Reading(x: 0, y: 0, z: 0), count: 4)
  private var otherRegisters = [UInt8](repeating: 0, count: 11)

  private enum Register {
    static let tilt = 3
    static let mode = 7
    static let count = 11
  }

  /// The chip's address on the bus.
  public static let address: UInt8 = 0x4c

  init(power: Pin?, bus: I2CController?, context: PartContext) {
    self.power = power
    self.bus = bus
    self.context = context
    power?.configure(.outputPushPull, level: .low, at: nil)
    if let bus {
      port = I2CTargetPort(
        self, name: "accelerometer", scl: bus.sclPin.net, sda: bus.sdaPin.net, context: context)
    }
  }

  /// Tilts the board, which a person holds this way from now on.
  public func tilt(_ reading: Reading) {
    attitude = reading
    context.trace.record(.tilt(x: reading.x, y: reading.y, z: reading.z), at: context.clock.now)
    observers.tell(Self.value(reading), at: context.clock.now)
  }

  /// Cycles the chip's power and starts measuring; takes 90 ms as `pyb.Accel()` does (ports/stm32/accel.c).
  public func start() {
    // The board's driver sets the bus up for itself.
    bus?.start(frequency: I2CController.highestFrequency)
    power?.low()
    context.clock.busy(for: .milliseconds(30))
    power?.high()
    context.clock.busy(for: .milliseconds(30))
    write(1, register: Register.mode)
    context.clock.busy(for: .milliseconds(30))
    isStarted = true
  }

  /// Counts along x, for one transfer on the bus.
  public func x() -> Int { signed(read(register: 0)) }
  /// Counts along y, for one transfer on the bus.
  public func y() -> Int { signed(read(register: 1)) }
  /// Counts along z, for one transfer on the bus.
  public func z() -> Int { signed(read(register: 2)) }
  /// All three axes in one transfer.
  public func reading() -> Reading {
    let axes = transfer(register: 0, count: 3).map { signed($0) }
    return Reading(x: axes[0], y: axes[1], z: axes[2])
  }

  /// Reads all three axes and adds the three readings before; `pyb.Accel.filtered_xyz()` gives the sums as they are.
  public func filteredSum() -> (x: Int, y: Int, z: Int) {
    recent.removeFirst()
    recent.append(reading())
    return recent.reduce((0, 0, 0)) { ($0.0 + $1.x, $0.1 + $1.y, $0.2 + $1.z) }
  }

  /// A register of the chip, 0 to 10; others read as zero.
  public func read(register: Int) -> UInt8 { transfer(register: register, count: 1)[0] }

  /// Writes a register; those that the chip measures into ignore it.
  public func write(_ value: UInt8, register: Int) {
    spendTransfer {
      guard let bus else { return set(register, to: value) }
      // The board's driver does not look whether the chip answers.
      do throws(I2CError) {
        try bus.write(to: Int(Self.address), [UInt8(truncatingIfNeeded: register), value])
      } catch {}
    }
  }

  private func transfer(register: Int, count: Int) -> [UInt8] {
    spendTransfer {
      guard let bus else { return (0..<count).map { value(of: register + $0) } }
      do throws(I2CError) {
        try bus.write(to: Int(Self.address), [UInt8(truncatingIfNeeded: register)], stop: false)
        return try bus.read(from: Int(Self.address), count: count)
      } catch { return [UInt8](repeating: 0, count: count) }
    }
  }

  /// The driver's own time is part of the time that the board file gives for a transfer.
  private func spendTransfer<Result>(_ body: () -> Result) -> Result {
    let end = context.clock.now + context.cost("accelerometer-read")
    let result = body()
    if context.clock.now < end { context.clock.busy(for: end - context.clock.now) }
    return result
  }

  private func value(of register: Int) -> UInt8 {
    switch register {
    case 0: axis(attitude.x)
    case 1: axis(attitude.y)
    case 2: axis(attitude.z)
    case Register.tilt: isMeasuring ? tiltRegister : 0
    case Register.mode: mode
    case 4..<Register.count: otherRegisters[register]
    default: 0
    }
  }

  private func set(_ register: Int, to value: UInt8) {
    switch register {
    case Register.mode: mode = value
    case 4..<Register.count: otherRegisters[register] = value
    default: break
    }
  }

  /// The chip measures in active mode, and only with power.
  private var isMeasuring: Bool { mode & 1 == 1 && power?.outputLevel != .low }

  /// Six bits, two's complement.
  private func axis(_ counts: Int) -> UInt8 { isMeasuring ? UInt8(counts & 0x3F) : 0 }

  private func signed(_ register: UInt8) -> Int {
    let value = Int(register & 0x3F)
    return value >= 32 ? value - 64 : value
  }

  /// Bits 0-1: which face is up, 1 front, 2 back; bits 2-4: 1 left, 2 right, 5 down, 6 up; 0 where the
  /// component of gravity is too small to tell.
  private var tiltRegister: UInt8 {
    let threshold = 11
    let face: UInt8 = attitude.z >= threshold ? 1 : attitude.z <= -threshold ? 2 : 0
    var side: UInt8 = 0
    if abs(attitude.x) >= abs(attitude.y) {
      if abs(attitude.x) >= threshold { side = attitude.x > 0 ? 1 : 2 }
    } else if abs(attitude.y) >= threshold {
      side = attitude.y > 0 ? 6 : 5
    }
    return side << 2 | face
  }
}

/// The chip on its bus: the first byte that is written names a register, the ones after it go there; reading goes on from there.
extension Accelerometer: I2CTarget {
  public func start(address: UInt8, isRead: Bool) -> Bool {
    guard address == Self.address, power?.outputLevel != .low else { return false }
    if !isRead { pointer = nil }
    return true
  }

  public func write(_ byte: UInt8) -> Bool {
    if let register = pointer {
      set(register, to: byte)
      pointer = register + 1
    } else {
      pointer = Int(byte)
    }
    return true
  }

  public func read() -> UInt8 {
    let register = pointer ?? 0
    pointer = register + 1
    return value(of: register)
  }
}
