/// A timer's registers (RM0090, 17.4 and 18.4): the counter, the divider, the compare values and the
/// channels' modes can be written, and what it counts: its clock, an encoder, the pulses on a pin; interrupts can be read.
public final class TimerRegisters: RegisterBank {
  public let addresses: Range<UInt32>
  private let timer: HardwareTimer

  private static let bases: [Int: UInt32] = [
    1: 0x4001_0000, 2: 0x4000_0000, 3: 0x4000_0400, 4: 0x4000_0800, 5: 0x4000_0c00, 6: 0x4000_1000,
    7: 0x4000_1400, 8: 0x4001_0400, 9: 0x4001_4000, 10: 0x4001_4400, 11: 0x4001_4800, 12: 0x4000_1800,
    13: 0x4000_1c00, 14: 0x4000_2000,
  ]

  /// The trigger that SMCR selects while nothing uses it.
  private var trigger: UInt32 = 0
  private lazy var channelSetup = TimerChannelRegisters(timer)

  private enum Register {
    static let control1: UInt32 = 0x00
    static let slaveMode: UInt32 = 0x08
    static let interruptEnable: UInt32 = 0x0c
    static let status: UInt32 = 0x10
    static let eventGeneration: UInt32 = 0x14
    static let captureCompareModes: ClosedRange<UInt32> = 0x18...0x1c
    static let captureCompareEnable: UInt32 = 0x20
    static let counter: UInt32 = 0x24
    static let prescaler: UInt32 = 0x28
    static let autoReload: UInt32 = 0x2c
    static let captureCompare: ClosedRange<UInt32> = 0x34...0x40
    static let breakAndDeadTime: UInt32 = 0x44
  }

  private static let counterEnable: UInt32 = 1
  private static let updateGeneration: UInt32 = 1

  init?(_ timer: HardwareTimer) {
    guard let base = Self.bases[timer.number] else { return nil }
    addresses = base..<base + 0x400
    self.timer = timer
  }

  public func load(_ offset: UInt32) -> UInt32? {
    switch offset {
    case Register.control1: control
    case Register.slaveMode: slaveMode
    case Register.interruptEnable:
      flags(timer.hasHandler) { $0.hasHandler }
    case Register.status: flags(timer.hasUpdateFlag) { $0.hasFlag }
    case Register.eventGeneration: 0
    case Register.captureCompareModes: channelSetup.modes(offset == 0x18 ? 1...2 : 3...4)
    case Register.captureCompareEnable: channelSetup.enables
    case Register.breakAndDeadTime: channelSetup.mainOutput
    case Register.counter: UInt32(truncatingIfNeeded: timer.counter)
    case Register.prescaler: UInt32(truncatingIfNeeded: timer.division.prescaler)
    case Register.autoReload: UInt32(truncatingIfNeeded: timer.division.period)
    case Register.captureCompare: channel(at: offset).map { UInt32(truncatingIfNeeded: $0.takeCompare()) }
    default: nil
    }
  }

  public func store(_ value: UInt32, _ offset: UInt32, mask: UInt32) -> Bool {
    switch offset {
    case Register.control1:
      guard (control ^ value) & mask & ~Self.counterEnable == 0 else { return false }
      timer.setRunning(value & Self.counterEnable != 0)
    // A write that changes nothing is no error.
    case Register.interruptEnable:
      return load(offset).map { ($0 ^ value) & mask == 0 } ?? false
    case Register.slaveMode: return setSlaveMode(slaveMode & ~mask | value)
    case Register.captureCompareModes:
      return channelSetup.setModes(offset == 0x18 ? 1...2 : 3...4, value, mask: mask)
    case Register.captureCompareEnable: return channelSetup.setEnables(value, mask: mask)
    case Register.breakAndDeadTime: return channelSetup.setMainOutput(value, mask: mask)
    case Register.status:
      // A flag is cleared by writing 0 to it.
      if mask & ~value & 1 != 0 { timer.clearUpdateFlag() }
      for channel in channels where mask & ~value >> UInt32(channel.number) & 1 != 0 { channel.clearFlag() }
    case Register.eventGeneration:
      guard value & ~Self.updateGeneration == 0 else { return false }
      if value != 0 { timer.update() }
    case Register.counter: timer.counter = Int(value)
    case Register.prescaler:
      return change(TimerDivision(prescaler: Int(value & 0xffff), period: timer.division.period))
    case Register.autoReload:
      return change(
        TimerDivision(prescaler: timer.division.prescaler, period: Int(value) & timer.largestCount))
    case Register.captureCompare:
      guard let channel = channel(at: offset) else { return false }
      channel.compare = Int(value)
    default: return false
    }
    return true
  }

  private var control: UInt32 {
    let mode: UInt32 =
      switch (timer.mode, timer.matchDirection) {
      case (.up, _): 0
      case (.down, _): 0x10
      case (.center, .down): 0x20
      case (.center, .up): 0x40
      case (.center, .both): 0x60
      }
    // The period is buffered.
    return mode | 0x80 | (timer.isRunning ? Self.counterEnable : 0)
  }

  // MARK: SMCR

  private enum SlaveMode {
    static let mode: UInt32 = 7
    static let trigger: UInt32 = 7 << 4
    static let externalClock: UInt32 = 7
    /// Triggers: the filtered inputs of channels 1 and 2, the external trigger's.
    static let input1: UInt32 = 5
    static let input2: UInt32 = 6
    static let externalTrigger: UInt32 = 7
  }

  private var slaveMode: UInt32 {
    switch timer.encoder?.edges {
    case .a: trigger | 1
    case .b: trigger | 2
    case .both: trigger | 3
    case .pulses: trigger | SlaveMode.externalClock
    case nil: trigger
    }
  }

  /// - Returns: false for other timers as a clock, for gates and resets, for filters and dividers.
  private func setSlaveMode(_ new: UInt32) -> Bool {
    guard new != slaveMode else { return true }
    guard new & ~(SlaveMode.mode | SlaveMode.trigger) == 0 else { return false }
    let edges: TimerEncoder.Edges
    switch new & SlaveMode.mode {
    case 0:
      timer.stopFollowing()
      trigger = new & SlaveMode.trigger
      return true
    case 1: edges = .a
    case 2: edges = .b
    case 3: edges = .both
    case SlaveMode.externalClock:
      guard let channel = channel(ofTrigger: new >> 4 & 7) else { return false }
      let isFalling = channelSetup.enables >> UInt32(4 * (channel - 1)) & 2 != 0
      edges = .pulses(channel: channel, level: isFalling ? .low : .high)
    default: return false
    }
    do throws(TimerError) { try timer.follow(edges, from: timer.counter) } catch { return false }
    trigger = new & SlaveMode.trigger
    return true
  }

  private func channel(ofTrigger trigger: UInt32) -> Int? {
    switch trigger {
    case SlaveMode.input1: 1
    case SlaveMode.input2: 2
    // That of timer 2 is on the pins of its channel 1.
    case SlaveMode.externalTrigger: timer.number == 2 ? 1 : nil
    default: nil
    }
  }

  private var channels: [TimerChannel] { timer.allChannels }

  private func channel(at offset: UInt32) -> TimerChannel? {
    let number = (offset - Register.captureCompare.lowerBound) / 4 + 1
    do throws(TimerError) { return try timer.channel(Int(number)) } catch { return nil }
  }

  /// A bit for the update and one for each channel.
  private func flags(_ update: Bool, _ flag: (TimerChannel) -> Bool) -> UInt32 {
    channels.reduce(update ? 1 : 0) { flag($1) ? $0 | 1 << UInt32($1.number) : $0 }
  }

  private func change(_ division: TimerDivision) -> Bool {
    do throws(TimerError) {
      try timer.change(division)
      return true
    } catch { return false }
  }
}
