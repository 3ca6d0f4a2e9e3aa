import Timebase

/// The registers of an I2C peripheral that controls its bus (RM0090, 27.6), for programs that poll them.
///
/// A transfer that a program asks for by a write is on the wires while the write lasts; a byte comes from the target when the program looks for it in SR1. So the
/// flags are set when the program looks. Interrupts, DMA, SMBus and being a target are not there.
public final class I2CRegisters: RegisterBank {
  public let addresses: Range<UInt32>
  private let i2c: I2CController
  /// ACK, POS and the bits without effect.
  private var control1: UInt32 = 0
  private var control2: UInt32?
  private var ownAddress: UInt32 = 0x4000
  private var riseTime: UInt32?
  private var filter: UInt32 = 0
  /// Whether a program has switched off what `I2C(…)` has set up.
  private var isHeld = false
  /// Flags of SR1 that stay until a program clears them.
  private var errors: UInt32 = 0
  private var wire: (any I2CWire)?
  private var phase = Phase.idle
  private var isStartPending = false
  private var isStatusRead = false
  /// DR, and the shift register behind it.
  private var data: UInt8 = 0
  private var hasData = false
  private var shifted: UInt8?
  /// The transfer as it is told to those who observe the bus.
  private var record: (address: Int, isRead: Bool, bytes: [UInt8], acknowledged: Int)?

  private enum Phase {
    case idle
    /// Behind the start condition: SB.
    case started
    /// The target has acknowledged its address: ADDR, until a program has read SR1 and SR2.
    case addressed(isRead: Bool)
    case writing(hasWritten: Bool)
    case reading(isFirst: Bool)
    /// The last byte has been refused, or the target has refused: a stop condition or another start has to follow.
    case over
  }

  private static let bases: [Int: UInt32] = [1: 0x4000_5400, 2: 0x4000_5800, 3: 0x4000_5c00]

  private enum Register {
    static let control1: UInt32 = 0x00
    static let control2: UInt32 = 0x04
    static let ownAddress1: UInt32 = 0x08
    static let ownAddress2: UInt32 = 0x0c
    static let data: UInt32 = 0x10
    static let status1: UInt32 = 0x14
    static let status2: UInt32 = 0x18
    static let clock: UInt32 = 0x1c
    static let riseTime: UInt32 = 0x20
    static let filter: UInt32 = 0x24
  }

  /// Bits of CR1.
  private enum Control {
    static let enable: UInt32 = 1
    static let generalCall: UInt32 = 1 << 6
    static let noStretch: UInt32 = 1 << 7
    static let start: UInt32 = 1 << 8
    static let stop: UInt32 = 1 << 9
    static let acknowledge: UInt32 = 1 << 10
    static let position: UInt32 = 1 << 11
    static let softwareReset: UInt32 = 1 << 15
    static let kept: UInt32 = generalCall | noStretch | acknowledge | position
    static let known: UInt32 = kept | enable | start | stop | softwareReset
  }

  /// Bits of SR1.
  private enum Status {
    static let started: UInt32 = 1
    static let addressed: UInt32 = 1 << 1
    static let byteFinished: UInt32 = 1 << 2
    static let received: UInt32 = 1 << 6
    static let canSend: UInt32 = 1 << 7
    static let arbitrationLost: UInt32 = 1 << 9
    static let refused: UInt32 = 1 << 10
    static let timeout: UInt32 = 1 << 14
  }

  /// Bits of CCR.
  private enum ClockBit {
    static let divider: UInt32 = 0xfff
    static let sixteenToNine: UInt32 = 1 << 14
    static let fast: UInt32 = 1 << 15
  }

  init?(_ i2c: I2CController) {
    guard let base = Self.bases[i2c.number] else { return nil }
    addresses = base..<base + 0x400
    self.i2c = i2c
  }

  // MARK: Access

  public func load(_ offset: UInt32) -> UInt32? {
    if i2c.frequency == nil { forget() }
    switch offset {
    case Register.control1:
      return control1 | (isEnabled ? Control.enable : 0) | (isStartPending ? Control.start : 0)
    case Register.control2: return control2 ?? UInt32(i2c.sourceClock / 1_000_000)
    case Register.ownAddress1: return ownAddress
    case Register.ownAddress2: return 0
    case Register.data: return takeData()
    case Register.status1:
      advance()
      isStatusRead = true
      return status1
    case Register.status2: return readStatus2()
    case Register.clock: return clockControl
    case Register.riseTime: return riseTime ?? 2
    case Register.filter: return filter
    default: return nil
    }
  }

  public func store(_ value: UInt32, _ offset: UInt32, mask: UInt32) -> Bool {
    if i2c.frequency == nil { forget() }
    switch offset {
    case Register.control1: return setControl((load(offset) ?? 0) & ~mask | value)
    case Register.control2:
      let new = (load(offset) ?? 0) & ~mask | value
      // The frequency of the bus that feeds it, which is known anyhow.
      guard new & ~0x3f == 0 else { return false }
      control2 = new
    case Register.ownAddress1:
      let new = ownAddress & ~mask | value
      // Bit 14 shall be kept at 1 by software; an own address would be a target's.
      guard new & ~0x4000 == 0 else { return false }
      ownAddress = new
    case Register.ownAddress2: return value == 0
    case Register.data: write(UInt8(truncatingIfNeeded: value))
    // Flags are cleared by writing 0 to them.
    case Register.status1: errors &= ~(mask & ~value)
    case Register.clock: return setClock(clockControl & ~mask | value)
    case Register.riseTime: riseTime = value & 0x3f
    case Register.filter: filter = value & 0x1f
    default: return false
    }
    return true
  }

  private var isEnabled: Bool { i2c.frequency != nil && !isHeld }

  /// The state after a reset of the peripheral.
  private func forget() {
    wire = nil
    phase = .idle
    isStartPending = false
    hasData = false
    shifted = nil
    errors = 0
    record = nil
  }

  // MARK: CR1

  private func setControl(_ new: UInt32) -> Bool {
    guard new & ~Control.known == 0 else { return false }
    control1 = new & Control.kept
    if new & Control.softwareReset != 0 {
      forget()
      return true
    }
    let isOn = new & Control.enable != 0
    if isOn, i2c.frequency == nil {
      i2c.start(frequency: I2CTiming(control: clockControl, clock: i2c.sourceClock).frequency, pull: .none)
    }
    isHeld = !isOn && i2c.frequency != nil
    guard isEnabled else {
      forget()
      return true
    }
    if new & Control.stop != 0 { attempt { () throws(I2CError) in try stop() } }
    if new & Control.start != 0 { start() }
    return true
  }

  private func start() {
    isStartPending = true
    attempt { () throws(I2CError) in
      try finishReading()
      tellOfTransfer()
      let wire: any I2CWire
      if let open = self.wire { wire = open } else { wire = try i2c.openBus() }
      try wire.start()
      self.wire = wire
      isStartPending = false
      isStatusRead = false
      phase = .started
    }
  }

  private func stop() throws(I2CError) {
    guard let wire else { return }
    try finishReading()
    self.wire = nil
    phase = .idle
    try wire.stop()
    tellOfTransfer()
  }

  /// Does something on the bus and turns what goes wrong into flags.
  private func attempt(_ body: () throws(I2CError) -> Void) {
    do throws(I2CError) { try body() } catch {
      switch error {
      // It waits until the bus is free.
      case .busBusy: return
      case .arbitrationLost: errors |= Status.arbitrationLost
      default: errors |= Status.timeout
      }
      wire = nil
      phase = .idle
      isStartPending = false
    }
  }

  // MARK: DR

  private func write(_ byte: UInt8) {
    guard let wire else { return }
    attempt { () throws(I2CError) in
      switch phase {
      case .started:
        let isAcknowledged = try wire.write(byte)
        record = (Int(byte >> 1), byte & 1 == 1, [], isAcknowledged ? 0 : -1)
        isStatusRead = false
        if isAcknowledged { phase = .addressed(isRead: byte & 1 == 1) } else { refuse() }
      case .writing:
        let isAcknowledged = try wire.write(byte)
        record?.bytes.append(byte)
        if isAcknowledged { record?.acknowledged += 1 } else { refuse() }
        phase = .writing(hasWritten: true)
      case .idle, .addressed, .reading, .over: break
      }
    }
  }

  private func refuse() {
    errors |= Status.refused
    phase = .over
  }

  private func takeData() -> UInt32 {
    let byte = data
    hasData = false
    if let shifted {
      data = shifted
      hasData = true
      self.shifted = nil
    }
    return UInt32(byte)
  }

  /// A program looks for a byte: it comes in now, if there is room for it.
  private func advance() {
    if isStartPending { start() }
    guard case .reading = phase, !hasData || shifted == nil else { return }
    attempt { () throws(I2CError) in try readByte() }
  }

  private func readByte() throws(I2CError) {
    guard case .reading(let isFirst) = phase, let wire else { return }
    // With POS, ACK is about the byte behind the one that comes.
    let isWanted =
      control1 & Control.acknowledge != 0 || isFirst && control1 & Control.position != 0
    let byte = try wire.read(acknowledge: isWanted)
    record?.bytes.append(byte)
    record?.acknowledged += 1
    if hasData { shifted = byte } else { (data, hasData) = (byte, true) }
    phase = isWanted ? .reading(isFirst: false) : .over
  }

  /// Before a stop condition or another start, the byte that is under way comes in.
  private func finishReading() throws(I2CError) {
    guard case .reading = phase, !hasData || shifted == nil else { return }
    try readByte()
  }

  // MARK: SR1 and SR2

  private var status1: UInt32 {
    let flags: UInt32 =
      switch phase {
      case .started: Status.started
      case .addressed: Status.addressed
      case .writing(let hasWritten): Status.canSend | (hasWritten ? Status.byteFinished : 0)
      case .idle, .reading, .over: 0
      }
    return flags | errors | (hasData ? Status.received : 0) | (shifted == nil ? 0 : Status.byteFinished)
  }

  private func readStatus2() -> UInt32 {
    let isTransmitter =
      switch phase {
      case .addressed(isRead: false), .writing: true
      default: false
      }
    let flags: UInt32 =
      (wire == nil ? 0 : 1) | (wire != nil || i2c.isLineLow ? 2 : 0) | (isTransmitter ? 4 : 0)
    if case .addressed(let isRead) = phase, isStatusRead {
      phase = isRead ? .reading(isFirst: true) : .writing(hasWritten: false)
    }
    return flags
  }

  private func tellOfTransfer() {
    if let (address, isRead, bytes, acknowledged) = record {
      i2c.tell(isRead ? "read" : "write", address, bytes, acknowledged: acknowledged)
    }
    record = nil
  }

  // MARK: CCR

  private var clockControl: UInt32 { i2c.timing.control }

  private func setClock(_ new: UInt32) -> Bool {
    guard new & ~(ClockBit.divider | ClockBit.sixteenToNine | ClockBit.fast) == 0, new & ClockBit.divider != 0
    else { return false }
    i2c.timing = I2CTiming(control: new, clock: i2c.sourceClock)
    return true
  }
}

extension I2CTiming {
  /// - Parameters:
  ///   - control: CCR (RM0090, 27.6.8).
  ///   - clock: Hz, of the peripheral's bus.
  fileprivate init(control: UInt32, clock: Int) {
    let divider = Int(control & 0xfff)
    let rate = TickRate(hertz: clock)
    switch (control >> 15 & 1, control >> 14 & 1) {
    case (0, _): self.init(rate: rate, low: divider, high: divider)
    case (_, 0): self.init(rate: rate, low: 2 * divider, high: divider)
    default: self.init(rate: rate, low: 16 * divider, high: 9 * divider)
    }
  }

  /// The same as CCR.
  fileprivate var control: UInt32 {
    if low == high { return UInt32(low & 0xfff) }
    if low == 2 * high { return 1 << 15 | UInt32(high & 0xfff) }
    return 3 << 14 | UInt32(low / 16 & 0xfff)
  }
}
