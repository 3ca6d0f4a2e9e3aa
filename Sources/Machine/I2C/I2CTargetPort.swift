import Timebase

/// Ties a target to the two lines of a bus. A controller that drives the bus bit by bit is followed edge by
/// edge; a controller that finds only such ports on both lines hands its bytes over whole.
public final class I2CTargetPort {
  /// Whose port this is: it holds the port.
  public unowned let target: any I2CTarget
  /// Whether the target takes part: one without power does not.
  public var isConnected = true

  private let sda: NetDriver
  private let scl: NetDriver
  private let clock: Clock
  private var listening: [NetListening] = []
  private var state = State.idle
  private var isClockHigh: Bool
  /// When the edge came that is being answered: before the clock's `now` where it came from another board, or while a long
  /// instruction ran.
  private var edgeTime = Instant.powerOn

  private enum State {
    case idle
    /// Bits of the address and the direction that have come.
    case address(UInt8, count: Int)
    /// The ninth bit of an address that was acknowledged or not.
    case addressAcknowledge(isRead: Bool, isMine: Bool)
    case receiving(UInt8, count: Int)
    case receiveAcknowledge
    /// Bits of a byte that have gone out.
    case sending(UInt8, count: Int)
    case sendAcknowledge(Bool)
    /// Somebody else's transfer.
    case ignoring
  }

  /// - Parameter name: of the device, for diagnostics.
  public init(_ target: any I2CTarget, name: String, scl: Net, sda: Net, context: PartContext) {
    self.target = target
    clock = context.clock
    self.scl = NetDriver(name: "\(name) SCL")
    self.sda = NetDriver(name: "\(name) SDA")
    isClockHigh = scl.level == .high
    scl.attach(self.scl)
    sda.attach(self.sda)
    listening = [
      scl.listen(keeping: I2CLineListener(self, isClock: true)),
      sda.listen(keeping: I2CLineListener(self, isClock: false)),
    ]
  }

  deinit { disconnect() }

  /// Takes the target off the bus for good.
  public func disconnect() {
    for listening in listening { listening.cancel() }
    listening = []
    scl.net?.detach(scl)
    sda.net?.detach(sda)
  }

  // MARK: Edges

  fileprivate func clockChanged(_ edge: Net.Edge) {
    let isHigh = edge.level == .high
    guard isHigh != isClockHigh else { return }
    isClockHigh = isHigh
    edgeTime = edge.time
    guard isConnected else { return }
    if isHigh { clockRose() } else { clockFell() }
  }

  fileprivate func dataChanged(_ edge: Net.Edge) {
    guard isClockHigh, isConnected else { return }
    edgeTime = edge.time
    endTransfer()
    // Data that changes while the clock is high is a start or a stop condition.
    state = edge.level == .low ? .address(0, count: 0) : .idle
    sda.release(at: edgeTime)
  }

  private func endTransfer() {
    switch state {
    case .idle, .ignoring, .address, .addressAcknowledge(_, isMine: false): break
    case .addressAcknowledge, .receiving, .receiveAcknowledge, .sending, .sendAcknowledge: target.stop()
    }
  }

  private var bit: UInt8 { sda.net?.level == .high ? 1 : 0 }

  private func clockRose() {
    switch state {
    case .address(let bits, let count): state = .address(bits << 1 | bit, count: count + 1)
    case .receiving(let bits, let count): state = .receiving(bits << 1 | bit, count: count + 1)
    case .sendAcknowledge:
      let wantsMore = bit == 0
      target.acknowledge(wantsMore)
      state = .sendAcknowledge(wantsMore)
    default: break
    }
  }

  private func clockFell() {
    switch state {
    case .address(let bits, 8):
      let isMine = target.start(address: bits >> 1, isRead: bits & 1 == 1)
      if isMine { pullDataLow() }
      state = .addressAcknowledge(isRead: bits & 1 == 1, isMine: isMine)
    case .addressAcknowledge(_, isMine: false): state = .ignoring
    case .addressAcknowledge(isRead: true, _): send(target.read())
    case .addressAcknowledge, .receiveAcknowledge:
      sda.release(at: edgeTime)
      state = .receiving(0, count: 0)
    case .receiving(let byte, 8):
      if target.write(byte) { pullDataLow() }
      state = .receiveAcknowledge
    case .sending(let byte, let count):
      if count < 8 {
        send(bit: byte >> (7 - UInt8(count)) & 1)
        state = .sending(byte, count: count + 1)
      } else {
        sda.release(at: edgeTime)
        state = .sendAcknowledge(false)
      }
    case .sendAcknowledge(true): send(target.read())
    case .sendAcknowledge(false):
      sda.release(at: edgeTime)
      target.stop()
      state = .ignoring
    default: break
    }
  }

  private func send(_ byte: UInt8) {
    stretch()
    send(bit: byte >> 7)
    state = .sending(byte, count: 1)
  }

  private func send(bit: UInt8) {
    if bit == 1 { sda.release(at: edgeTime) } else { sda.drive(.low, at: edgeTime) }
  }

  private func pullDataLow() {
    stretch()
    sda.drive(.low, at: edgeTime)
  }

  /// Holds the clock, which is low now, until the target is ready.
  private func stretch() {
    let interval = target.clockStretch
    guard interval > .zero else { return }
    scl.drive(.low, at: edgeTime)
    clock.schedule(at: edgeTime + interval) { [weak self] in self?.scl.release() }
  }
}

/// One of the two lines as a target hears it.
final class I2CLineListener: NetListener {
  private(set) weak var port: I2CTargetPort?
  let isClock: Bool

  init(_ port: I2CTargetPort, isClock: Bool) {
    self.port = port
    self.isClock = isClock
  }

  func netChanged(_ edge: Net.Edge) {
    if isClock { port?.clockChanged(edge) } else { port?.dataChanged(edge) }
  }

  var needsBusEdges: Bool { false }

  /// Pulses that are faster than the fastest mode of the bus (fast-mode plus, 1 MHz; UM10204 table 10) are nothing that a target follows.
  func takes(_ waveform: any Waveform, from driver: NetDriver, at start: Instant) -> Bool {
    guard let pulses = waveform as? PulseWaveform else { return false }
    return pulses.rate.interval(ticks: pulses.period) < .microseconds(1)
  }
}
