import Machine
import Timebase

/// An accelerometer and gyroscope on I2C at address 0x68 or 0x69.
///
/// Registers, ranges and scale factors as in InvenSense's RM-MPU-6000A-00 (register map) and PS-MPU-6000A-00, 6.1 and 6.2.
public final class MPU6050: I2CDevice {
  public static let kind = DeviceKind(
    "mpu6050", title: "accelerometer and gyroscope on I2C",
    source: "InvenSense, RM-MPU-6000A-00 and PS-MPU-6000A-00",
    pins: [
      DeviceKind.Pin("scl"), DeviceKind.Pin("sda"), DeviceKind.Pin("int", isOptional: true),
      DeviceKind.Pin("ad0", isOptional: true), DeviceKind.Pin("xda", isOptional: true),
      DeviceKind.Pin("xcl", isOptional: true), .power(), .ground(),
    ],
    keys: [.address(0x68, in: 0x68...0x69), .pullups])

  public let site: DeviceSite
  public let bus: I2CBusPort

  private let registers = RegisterBus(count: 128)
  private let acceleration: [DeviceState]
  private let rotation: [DeviceState]
  private let temperature: DeviceState
  private var memory = [UInt8](repeating: 0, count: 128)
  /// Output registers are frozen while they are read in one transfer.
  private var output = [UInt8](repeating: 0, count: 14)

  /// The next sample, while the firmware wants an interrupt for samples.
  private var sample: Clock.EventID?

  private static let (sampleDivider, filter, gyroConfiguration, accelConfiguration) = (0x19, 0x1A, 0x1B, 0x1C)
  private static let (interruptPin, interruptEnable, interruptStatus, outputs) = (0x37, 0x38, 0x3A, 0x3B)
  /// How long the pin signals a sample, unless it does until it is read (4.15).
  private static let interruptPulse = Interval.microseconds(50)
  private static let (power, identity) = (0x6B, 0x75)

  public init(_ site: DeviceSite) {
    self.site = site
    bus = I2CBusPort([site.integer("address")], site: site)
    let axes = ["X", "Y", "Z"]
    acceleration = axes.map { axis in
      DeviceState("accel\(axis)", .real(-16...16), unit: "g", .real(axis == "Z" ? 1 : 0), site: site)
    }
    rotation = axes.map {
      DeviceState("rotation\($0)", .real(-2000...2000), unit: "°/s", .real(0), site: site)
    }
    temperature = DeviceState("temperature", .real(-40...85), unit: "°C", .real(24), site: site)
    reset()
    registers.provide = { [unowned self] in read($0) }
    registers.store = { [unowned self] in write($0, $1) }
    registers.latch = { [unowned self] in latch() }
    bus.serve(registers)
    site.started = { [unowned self] in
      // The pin that says the last bit of the address, where it is wired.
      let pin = site.pin("ad0")
      if pin.isWired { bus.addresses = [pin.level == .high ? 0x69 : 0x68] }
      driveInterrupt(false)
    }
  }

  private var states: [DeviceState] { acceleration + rotation + [temperature] }
  public var signals: [Signal] { states.map(\.signal) }
  public var controls: [Control] {
    states.map { $0.control() } + states.flatMap { $0.sensorFaults() } + busControls
  }

  // MARK: Registers

  private func reset() {
    memory = [UInt8](repeating: 0, count: 128)
    // Asleep after power-on.
    memory[Self.power] = 0x40
    memory[Self.identity] = 0x68
  }

  private func read(_ register: Int) -> UInt8 {
    switch register {
    case Self.outputs..<Self.outputs + 14:
      // INT_RD_CLEAR: any read clears the interrupt.
      if memory[Self.interruptPin] & 0x10 != 0 { clearInterrupt() }
      return output[register - Self.outputs]
    case Self.interruptStatus:
      // Without an interrupt there is no event for a sample, and one has always come meanwhile.
      let status = memory[Self.interruptEnable] & 1 == 0 ? (isAwake ? 1 : 0) : memory[Self.interruptStatus]
      clearInterrupt()
      return status
    default: return memory[register]
    }
  }

  private func write(_ register: Int, _ byte: UInt8) {
    switch register {
    case Self.power where byte & 0x80 != 0: reset()
    case Self.identity, Self.interruptStatus, Self.outputs..<Self.outputs + 14: break
    default: memory[register] = byte
    }
    switch register {
    case Self.sampleDivider, Self.filter, Self.interruptPin, Self.interruptEnable, Self.power: planSample()
    default: break
    }
  }

  // MARK: Interrupts

  /// 8 kHz without the low-pass filter, 1 kHz with it, divided by one more than the register says (4.2).
  private var samplePeriod: Interval {
    let filter = memory[Self.filter] & 7
    let rate = filter == 0 || filter == 7 ? 125 : 1000
    return .microseconds(rate * (Int(memory[Self.sampleDivider]) + 1))
  }

  private func planSample() {
    site.cancel(sample)
    sample = nil
    driveInterrupt(isLatched && memory[Self.interruptStatus] != 0)
    planNextSample()
  }

  private func planNextSample() {
    guard isAwake, memory[Self.interruptEnable] & 1 != 0 else { return }
    sample = site.after(samplePeriod) { [weak self] in
      guard let self else { return }
      memory[Self.interruptStatus] = 1
      driveInterrupt(true)
      if !isLatched { site.after(Self.interruptPulse) { [weak self] in self?.driveInterrupt(false) } }
      planNextSample()
    }
  }

  /// LATCH_INT_EN: the pin stays active until the interrupt is cleared.
  private var isLatched: Bool { memory[Self.interruptPin] & 0x20 != 0 }

  private func clearInterrupt() {
    memory[Self.interruptStatus] = 0
    if isLatched { driveInterrupt(false) }
  }

  /// INT_LEVEL makes it active low, INT_OPEN open drain.
  private func driveInterrupt(_ isActive: Bool) {
    let level: Level = isActive != (memory[Self.interruptPin] & 0x80 != 0) ? .high : .low
    let pin = site.pin("int")
    if memory[Self.interruptPin] & 0x40 != 0 { pin.driveOpenDrain(level) } else { pin.drive(level) }
  }

  private var isAwake: Bool { memory[Self.power] & 0x40 == 0 }

  private func latch() {
    guard isAwake else { return }
    let perG = 16384 >> Int(memory[Self.accelConfiguration] >> 3 & 3)
    let perDegree = 131 / Double(1 << Int(memory[Self.gyroConfiguration] >> 3 & 3))
    // 340 counts a degree, 0 at 36.53 °C (register map, 4.18).
    let words =
      acceleration.map { $0.reading * Double(perG) } + [(temperature.reading - 36.53) * 340]
      + rotation.map { $0.reading * perDegree }
    output = words.flatMap { number -> [UInt8] in
      let word = UInt16(bitPattern: Int16(clamping: Int(number.rounded())))
      return [UInt8(word >> 8), UInt8(word & 0xFF)]
    }
  }
}
