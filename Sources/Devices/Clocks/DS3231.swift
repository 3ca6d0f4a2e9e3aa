import Machine
import Timebase

/// A precise clock chip on I2C at address 0x68, with two alarms and a thermometer.
///
/// Registers as in Maxim's data sheet 19-5170 (DS3231), figure 1 and tables 2 and 3.
public final class DS3231: I2CDevice {
  public static let kind = DeviceKind(
    "ds3231", title: "precise clock on I2C with alarms and a thermometer",
    source: "Maxim 19-5170, DS3231 data sheet",
    pins: [
      DeviceKind.Pin("scl"), DeviceKind.Pin("sda"),
      DeviceKind.Pin("sqw", aliases: ["int", "int_sqw"], isOptional: true),
      DeviceKind.Pin("32k", isOptional: true), .power(), .ground(),
    ],
    keys: [.pullups, DeviceCalendar.key])

  public let site: DeviceSite
  public let bus: I2CBusPort

  private let registers = RegisterBus(count: 0x13)
  private let calendar: DeviceCalendar
  private let temperature: DeviceState
  private var calendarRegisters = CalendarRegisters()
  private var memory = [UInt8](repeating: 0, count: 0x13)
  private var latched: DateTime
  private var alarmCheck: Clock.EventID?

  private static let (control, status) = (0x0E, 0x0F)

  public init(_ site: DeviceSite) throws(DeviceError) {
    self.site = site
    bus = I2CBusPort([0x68], site: site)
    calendar = DeviceCalendar(try DeviceCalendar.start(of: site), isRunning: true, site: site)
    temperature = DeviceState("temperature", .real(-40...85), unit: "°C", .real(22), site: site)
    latched = calendar.dateTime
    memory[Self.control] = 0x1C
    // The oscillator had stopped, the 32 kHz output is on.
    memory[Self.status] = 0x88
    registers.provide = { [unowned self] in read($0) }
    registers.store = { [unowned self] in write($0, $1) }
    registers.latch = { [unowned self] in latched = calendar.dateTime }
    registers.finish = { [unowned self] in
      guard let date = calendarRegisters.finish(at: calendar.dateTime) else { return }
      calendar.set(date)
      expectAlarm()
    }
    bus.serve(registers)
  }

  public var signals: [Signal] { [temperature.signal] }
  public var controls: [Control] {
    [calendar.control, calendar.driftControl, temperature.control()] + busControls
  }

  // MARK: Registers

  private func read(_ register: Int) -> UInt8 {
    // Quarters of a degree, measured each 64 seconds; here always what there is.
    let quarters = Int((temperature.real * 4).rounded())
    switch register {
    case 0...6: return calendarRegisters.byte(register, of: latched)
    case 0x11: return UInt8(truncatingIfNeeded: quarters >> 2)
    case 0x12: return UInt8(quarters & 3) << 6
    default: return memory[register]
    }
  }

  private func write(_ register: Int, _ byte: UInt8) {
    switch register {
    case 0...6: calendarRegisters.write(register, register == 5 ? byte & 0x7F : byte)
    case Self.status:
      // The oscillator's and the alarms' flags can only be cleared.
      let flags: UInt8 = 0x83
      memory[register] = memory[register] & byte & flags | byte & 0x08
    case 0x11, 0x12: return
    default: memory[register] = byte
    }
    driveOutput()
    expectAlarm()
  }

  // MARK: Alarms

  /// Low while an alarm that may interrupt has come; with the bit INTCN cleared a square wave.
  private func driveOutput() {
    let pin = site.pin("sqw")
    guard memory[Self.control] & 0x04 == 0 else {
      return pin.driveOpenDrain(memory[Self.status] & memory[Self.control] & 3 != 0 ? .low : .high)
    }
    let frequency = [1, 1024, 4096, 8192][Int(memory[Self.control] >> 3 & 3)]
    let wave = PulseWaveform(start: site.now, rate: TickRate(hertz: frequency * 2), period: 2, pulse: 1)
    pin.driver.drive(wave, openDrain: true)
  }

  private func expectAlarm() {
    site.cancel(alarmCheck)
    alarmCheck = nil
    guard memory[Self.control] & 3 != 0, let next = calendar.nextSecond else { return }
    alarmCheck = site.at(next) { [weak self] in
      guard let self else { return }
      let now = calendar.dateTime
      if matches(now, from: 7, hasSeconds: true) { memory[Self.status] |= 1 }
      if now.second == 0, matches(now, from: 11, hasSeconds: false) { memory[Self.status] |= 2 }
      driveOutput()
      expectAlarm()
    }
  }

  /// Whether every register of an alarm whose highest bit is clear is met; bit 6 of the last one chooses day or weekday.
  private func matches(_ now: DateTime, from first: Int, hasSeconds: Bool) -> Bool {
    let places = hasSeconds ? [0, 1, 2] : [1, 2]
    for (index, place) in places.enumerated() {
      let alarm = memory[first + index]
      if alarm & 0x80 == 0, alarm & 0x7F != calendarRegisters.byte(place, of: now) { return false }
    }
    let day = memory[first + places.count]
    if day & 0x80 != 0 { return true }
    return day & 0x40 != 0
      ? day & 0x0F == calendarRegisters.byte(3, of: now) : day & 0x3F == calendarRegisters.byte(4, of: now)
  }
}
