import Machine
import Timebase

/// A clock chip on I2C at address 0x68, with 56 bytes of memory and a square wave.
///
/// Registers as in Maxim's data sheet 19-5583 (DS1307), table 2; its clock stands after the first power-on until firmware clears
/// the bit CH, unless `running=1`.
public final class DS1307: I2CDevice {
  public static let kind = DeviceKind(
    "ds1307", title: "clock on I2C with 56 bytes of memory", source: "Maxim 19-5583, DS1307 data sheet",
    pins: [
      DeviceKind.Pin("scl"), DeviceKind.Pin("sda"), DeviceKind.Pin("sqw", isOptional: true),
      .power(aliases: ["5v"]), .ground(),
    ],
    keys: [
      .pullups, DeviceCalendar.key,
      DeviceKind.Key("running", .flag, standard: .flag(true), title: "whether the clock goes from the start"),
    ])

  public let site: DeviceSite
  public let bus: I2CBusPort

  private let registers = RegisterBus(count: 64)
  private let calendar: DeviceCalendar
  private var calendarRegisters = CalendarRegisters()
  private var memory = [UInt8](repeating: 0, count: 64)
  /// The time when the transfer began (page 8).
  private var latched: DateTime

  public init(_ site: DeviceSite) throws(DeviceError) {
    self.site = site
    bus = I2CBusPort([0x68], site: site)
    calendar = DeviceCalendar(
      try DeviceCalendar.start(of: site), isRunning: site.flag("running"), site: site)
    latched = calendar.dateTime
    memory[7] = 0x03
    registers.provide = { [unowned self] in read($0) }
    registers.store = { [unowned self] in write($0, $1) }
    registers.latch = { [unowned self] in latched = calendar.dateTime }
    registers.finish = { [unowned self] in
      if let date = calendarRegisters.finish(at: calendar.dateTime) { calendar.set(date) }
    }
    bus.serve(registers)
  }

  public var controls: [Control] { [calendar.control, calendar.driftControl] + busControls }

  private func read(_ register: Int) -> UInt8 {
    switch register {
    case 0: calendarRegisters.byte(0, of: latched) | (calendar.isRunning ? 0 : 0x80)
    case 1...6: calendarRegisters.byte(register, of: latched)
    default: memory[register]
    }
  }

  private func write(_ register: Int, _ byte: UInt8) {
    switch register {
    case 0...6:
      if register == 0 { calendar.isRunning = byte & 0x80 == 0 }
      calendarRegisters.write(register, byte)
    case 7:
      memory[7] = byte & 0x93
      driveOutput()
    default: memory[register] = byte
    }
  }

  /// Bit 4 switches the square wave on, bits 0 and 1 choose its frequency, bit 7 is the level without it. The pin is open drain.
  private func driveOutput() {
    let pin = site.pin("sqw")
    guard memory[7] & 0x10 != 0 else { return pin.driveOpenDrain(memory[7] & 0x80 != 0 ? .high : .low) }
    let frequency = [1, 4096, 8192, 32768][Int(memory[7] & 3)]
    let wave = PulseWaveform(start: site.now, rate: TickRate(hertz: frequency * 2), period: 2, pulse: 1)
    pin.driver.drive(wave, openDrain: true)
  }
}
