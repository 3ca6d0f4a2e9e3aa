import Timebase

/// The registers of the three analogue-to-digital converters (RM0090, 13.13): single and continuous conversions of the regular sequence, started
/// by software. Triggers, injected channels, DMA and converters that work together are not there.
public final class ADCRegisters: RegisterBank {
  public let addresses: Range<UInt32> = 0x4001_2000..<0x4001_2400
  private let context: PartContext
  private var converters = [Converter](repeating: Converter(), count: 3)
  /// The common control register: prescaler, and whether battery, reference and temperature sensor are connected.
  private var commonControl: UInt32 = 0

  private enum Register {
    static let status: UInt32 = 0x00
    static let control1: UInt32 = 0x04
    static let control2: UInt32 = 0x08
    static let sampleTimes1: UInt32 = 0x0c
    static let sampleTimes2: UInt32 = 0x10
    static let sequence1: UInt32 = 0x2c
    static let sequence2: UInt32 = 0x30
    static let sequence3: UInt32 = 0x34
    static let data: UInt32 = 0x4c
    static let commonStatus: UInt32 = 0x300
    static let commonControl: UInt32 = 0x304
  }

  private enum Bit {
    static let on: UInt32 = 1
    static let continuous: UInt32 = 1 << 1
    static let endOfEach: UInt32 = 1 << 10
    static let leftAligned: UInt32 = 1 << 11
    static let start: UInt32 = 1 << 30
    static let endOfConversion: UInt32 = 1 << 1
    static let started: UInt32 = 1 << 4
    static let battery: UInt32 = 1 << 22
    static let temperatureAndReference: UInt32 = 1 << 23
  }

  /// State of one converter. A program writes the registers as words.
  private struct Converter {
    var words: [UInt32: UInt32] = [
      Register.control1: 0, Register.control2: 0, Register.sampleTimes1: 0, Register.sampleTimes2: 0,
      0x14: 0, 0x18: 0, 0x1c: 0, 0x20: 0, 0x24: 0xfff, 0x28: 0,
      Register.sequence1: 0, Register.sequence2: 0, Register.sequence3: 0,
    ]
    var hasStarted = false
    /// The conversions of the sequence that is going on: when each is done, and what it gives.
    var results: [(time: Instant, value: UInt32)] = []
    var data: UInt32 = 0
    var isDone = false
  }

  init(_ context: PartContext) { self.context = context }

  public func load(_ offset: UInt32) -> UInt32? {
    if offset == Register.commonControl { return commonControl }
    if offset == Register.commonStatus {
      return (0..<3).reduce(0) { $0 | status(of: $1) << (8 * UInt32($1)) }
    }
    let (number, register) = (Int(offset >> 8), offset & 0xff)
    guard converters.indices.contains(number) else { return nil }
    switch register {
    case Register.status: return status(of: number)
    case Register.data:
      settle(number)
      converters[number].isDone = false
      return converters[number].data
    default: return converters[number].words[register]
    }
  }

  public func store(_ value: UInt32, _ offset: UInt32, mask: UInt32) -> Bool {
    if offset == Register.commonControl {
      let new = commonControl & ~mask | value
      // Prescaler, battery, temperature and reference.
      guard new & ~(3 << 16 | Bit.battery | Bit.temperatureAndReference) == 0 else { return false }
      commonControl = new
      return true
    }
    let (number, register) = (Int(offset >> 8), offset & 0xff)
    guard converters.indices.contains(number) else { return false }
    if register == Register.status {
      settle(number)
      // Flags are cleared by writing 0 to them.
      if mask & ~value & Bit.endOfConversion != 0 { converters[number].isDone = false }
      if mask & ~value & Bit.started != 0 { converters[number].hasStarted = false }
      return true
    }
    guard let old = converters[number].words[register] else { return false }
    let new = old & ~mask | value
    switch register {
    case Register.control1:
      // Resolution and scan mode.
      guard new & ~(3 << 24 | 1 << 8) == 0 else { return false }
      converters[number].words[register] = new
    case Register.control2:
      guard new & ~(Bit.on | Bit.continuous | Bit.endOfEach | Bit.leftAligned | Bit.start) == 0 else {
        return false
      }
      converters[number].words[register] = new & ~Bit.start
      if new & Bit.on == 0 {
        converters[number].results = []
      } else if new & Bit.start != 0 {
        start(number)
      }
    default: converters[number].words[register] = new
    }
    return true
  }

  // MARK: Converting

  private func start(_ number: Int) {
    converters[number].hasStarted = true
    converters[number].isDone = false
    convert(number, from: context.clock.now)
  }

  /// The channels of the regular sequence, in their order.
  private func sequence(_ converter: Converter) -> [Int] {
    let count = Int(converter.words[Register.sequence1, default: 0] >> 20 & 15) + 1
    let registers = [Register.sequence3, Register.sequence2, Register.sequence1]
    return (0..<count).map { index in
      Int(converter.words[registers[index / 6], default: 0] >> (5 * UInt32(index % 6)) & 31)
    }
  }

  /// Converts the sequence from an instant on. The voltages are those of now.
  private func convert(_ number: Int, from start: Instant) {
    let converter = converters[number]
    let resolution = converter.words[Register.control1, default: 0] >> 24 & 3
    let bits = 12 - 2 * resolution
    let isLeftAligned = converter.words[Register.control2, default: 0] & Bit.leftAligned != 0
    var time = start
    converters[number].results = sequence(converter).map { channel in
      time = time + duration(of: channel, converter, bits: bits)
      let value = UInt32(reading(channel)) >> (12 - bits)
      return (time, isLeftAligned ? value << (bits == 6 ? 2 : 16 - bits) : value)
    }
  }

  /// Sampling and one cycle of the converter's clock for each bit.
  private func duration(of channel: Int, _ converter: Converter, bits: UInt32) -> Interval {
    let sampling = [3, 15, 28, 56, 84, 112, 144, 480]
    let register = channel < 10 ? Register.sampleTimes2 : Register.sampleTimes1
    let code = converter.words[register, default: 0] >> (3 * UInt32(channel % 10)) & 7
    let divider = 2 * (Int(commonControl >> 16 & 3) + 1)
    let cycles = (sampling[Int(code)] + Int(bits)) * divider
    return .nanoseconds(Int64(cycles) * 1_000_000_000 / Int64(max(1, context.clocks.frequencies.apb2)))
  }

  private func reading(_ channel: Int) -> Int {
    switch channel {
    // At 25 °C (data sheet DS8626, 6.3.22).
    case 16: return isOn(Bit.temperatureAndReference) ? AnalogInput.temperature(voltage: 0.76).reading : 0
    case 17: return isOn(Bit.temperatureAndReference) ? AnalogInput.reference.reading : 0
    case 18: return isOn(Bit.battery) ? AnalogInput.battery.reading : 0
    default:
      let pin = context.pins.first { $0.analogChannel == channel }
      return pin.map { AnalogInput.pin($0).reading } ?? 0
    }
  }

  private func isOn(_ bit: UInt32) -> Bool { commonControl & bit != 0 }

  /// Takes over what is done by now.
  private func settle(_ number: Int) {
    let now = context.clock.now
    let control = converters[number].words[Register.control2, default: 0]
    while let last = converters[number].results.last, let next = converters[number].results.first,
      next.time <= now
    {
      if control & Bit.continuous != 0, last.time <= now {
        // It has begun anew since then; what it gives now is what counts.
        converters[number].data = last.value
        converters[number].isDone = true
        convert(number, from: now)
        return
      }
      converters[number].results.removeFirst()
      converters[number].data = next.value
      if control & Bit.endOfEach != 0 || converters[number].results.isEmpty {
        converters[number].isDone = true
      }
    }
  }

  private func status(of number: Int) -> UInt32 {
    settle(number)
    let converter = converters[number]
    return (converter.hasStarted ? Bit.started : 0) | (converter.isDone ? Bit.endOfConversion : 0)
  }
}
