/// How a timer's channels are set up by register (RM0090, 17.4.7 to 17.4.9 and 17.4.18): CCMR1, CCMR2, CCER, and of timers 1 and 8 the bit MOE of
/// BDTR.
///
/// A channel that is off does nothing with its mode, so what is written is kept here until the channel is switched on.
final class TimerChannelRegisters {
  private let timer: HardwareTimer
  /// The modes of channels that are off, by their numbers.
  private var modes: [Int: UInt32] = [:]
  /// The bits of CCER of channels that are off: those of timers 1 and 8 wait for MOE.
  private var pendingEnables: [Int: UInt32] = [:]
  private var isMainOutputOn = false

  /// The bits of an output's mode.
  private enum ModeBit {
    /// 0 for an output, 1 for the input of the same number.
    static let selection: UInt32 = 3
    static let fast: UInt32 = 4
    static let preload: UInt32 = 8
    static let mode: UInt32 = 0x70
  }

  /// A channel's four bits in CCER.
  private enum EnableBit {
    static let on: UInt32 = 1
    static let low: UInt32 = 2
    static let complement: UInt32 = 4
    static let complementLow: UInt32 = 8
  }

  private static let mainOutputEnable: UInt32 = 1 << 15

  init(_ timer: HardwareTimer) { self.timer = timer }

  private func channels(_ numbers: ClosedRange<Int>) -> [TimerChannel] {
    timer.allChannels.filter { numbers.contains($0.number) }
  }

  // MARK: CCMR1 and CCMR2

  private func mode(of channel: TimerChannel) -> UInt32 {
    channel.isOn ? channel.modeBits : modes[channel.number] ?? 0
  }

  /// The register of two channels; nil where the timer has neither.
  func modes(_ numbers: ClosedRange<Int>) -> UInt32? {
    let channels = channels(numbers)
    guard !channels.isEmpty else { return nil }
    return channels.reduce(0) { $0 | mode(of: $1) << (8 * UInt32($1.number - numbers.lowerBound)) }
  }

  /// - Returns: false for inputs with a filter, a prescaler or another channel's pin, and for outputs that a signal clears.
  func setModes(_ numbers: ClosedRange<Int>, _ value: UInt32, mask: UInt32) -> Bool {
    guard let old = modes(numbers) else { return false }
    let new = old & ~mask | value
    for channel in channels(numbers) {
      let bits = new >> (8 * UInt32(channel.number - numbers.lowerBound)) & 0xff
      guard bits != mode(of: channel) else { continue }
      let isOutput = bits & ModeBit.selection == 0
      guard isOutput ? bits & 0x80 == 0 : bits == 1 else { return false }
      if channel.isOn {
        // A channel's direction can only be changed while it is off.
        guard isOutput, channel.isOutput else { return false }
        channel.change(to: outputMode(bits), preload: bits & ModeBit.preload != 0)
      } else {
        modes[channel.number] = bits & ~ModeBit.fast
      }
    }
    return true
  }

  private func outputMode(_ bits: UInt32) -> TimerChannel.OutputMode {
    TimerChannel.OutputMode.allCases[Int(bits & ModeBit.mode) >> 4]
  }

  // MARK: CCER

  private func enable(of channel: TimerChannel) -> UInt32 {
    channel.isOn ? channel.enableBits : pendingEnables[channel.number] ?? 0
  }

  var enables: UInt32 {
    timer.allChannels.reduce(0) { $0 | enable(of: $1) << (4 * UInt32($1.number - 1)) }
  }

  /// - Returns: false where only a complementary output would be on, or the two outputs of a channel would have different polarities.
  func setEnables(_ value: UInt32, mask: UInt32) -> Bool {
    let new = enables & ~mask | value
    for channel in timer.allChannels {
      let bits = new >> (4 * UInt32(channel.number - 1)) & 15
      guard bits != enable(of: channel) else { continue }
      guard bits & EnableBit.on != 0 else {
        guard bits & EnableBit.complement == 0 else { return false }
        if channel.isOn {
          modes[channel.number] = channel.modeBits
          channel.switchOff()
        }
        pendingEnables[channel.number] = bits
        continue
      }
      if bits & EnableBit.complement != 0, (bits >> 2 ^ bits) & EnableBit.low != 0 { return false }
      guard switchOn(channel, bits) else { return false }
    }
    return true
  }

  private func switchOn(_ channel: TimerChannel, _ bits: UInt32) -> Bool {
    let mode = mode(of: channel)
    guard !timer.hasComplements || isMainOutputOn || mode & ModeBit.selection != 0 || hasOutput else {
      pendingEnables[channel.number] = bits
      return true
    }
    // Switching a channel on does not start the counter here.
    let wasRunning = timer.isRunning
    if mode & ModeBit.selection == 0 {
      channel.start(
        outputMode(mode), compare: channel.compare, activeLevel: bits & EnableBit.low != 0 ? .low : .high,
        complement: bits & EnableBit.complement != 0)
      channel.change(to: outputMode(mode), preload: mode & ModeBit.preload != 0)
    } else {
      let edges: [UInt32: EdgeTrigger] = [0: .rising, 2: .falling, 10: .risingOrFalling]
      guard let edges = edges[bits & (EnableBit.low | EnableBit.complementLow)] else { return false }
      channel.startCapture(edges)
    }
    pendingEnables[channel.number] = nil
    if !wasRunning { timer.setRunning(false) }
    return true
  }

  // MARK: BDTR

  private var hasOutput: Bool { timer.allChannels.contains(where: \.isOutput) }

  /// The bits MOE, BKE and BKP; nil for a timer without complementary outputs, and with a dead time, which is coded otherwise there.
  var mainOutput: UInt32? {
    guard timer.hasComplements, timer.deadTime == 0 else { return nil }
    return (isMainOutputOn || hasOutput ? Self.mainOutputEnable : 0) | breakBits
  }

  /// BKE where there is a break input, and BKP where that is active high (RM0090, 17.4.18).
  private var breakBits: UInt32 {
    switch timer.breakInput?.activeLevel {
    case .low?: 0x1000
    case .high?: 0x3000
    case nil: 0
    }
  }

  func setMainOutput(_ value: UInt32, mask: UInt32) -> Bool {
    guard let old = mainOutput else { return false }
    let new = old & ~mask | value
    guard new & ~Self.mainOutputEnable == breakBits else { return false }
    if old & ~new != 0 {
      // Outputs are let go of; nothing is left on.
      for channel in timer.allChannels where channel.isOutput {
        modes[channel.number] = channel.modeBits
        pendingEnables[channel.number] = channel.enableBits
        channel.switchOff()
      }
    }
    isMainOutputOn = new & Self.mainOutputEnable != 0
    guard isMainOutputOn else { return true }
    for channel in timer.allChannels where !channel.isOn {
      if let bits = pendingEnables[channel.number], bits & EnableBit.on != 0 { _ = switchOn(channel, bits) }
    }
    return true
  }
}
