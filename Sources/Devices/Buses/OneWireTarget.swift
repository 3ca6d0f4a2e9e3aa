import Machine
import Timebase

/// Behaviour of a 1-Wire device behind its ROM: it answers function commands.
protocol OneWireBehaviour: AnyObject {
  /// A function command for this device.
  func answer(to command: UInt8) -> OneWireReply
  /// Whether it takes part in an alarm search.
  var hasAlarm: Bool { get }
}

/// Transfer that follows a function command on the line.
enum OneWireReply {
  /// Nothing; the next thing is a reset.
  case none
  /// Bytes for the controller, then ones.
  case send([UInt8])
  /// So many bytes from the controller.
  case receive(Int, ([UInt8]) -> Void)
  /// One bit in each read slot: whether it has finished.
  case status(() -> Bool)
}

/// A device on a 1-Wire line: presence, the ROM commands, bits in both directions.
///
/// Times in regular speed, of the DS18B20's data sheet (Maxim 19-7487), "1-Wire signaling": a low of 480 µs is a reset, answered 30 µs
/// after its end by a low of 120 µs; a bit is read 30 µs after the falling edge of its slot; a zero is held for 30 µs.
final class OneWireTarget: NetListener {
  /// Eight bytes: the family code, six of the serial number, the check sum; as they go over the line.
  let rom: [UInt8]

  private static let shortestReset = Interval.microseconds(480)
  private static let presenceWait = Interval.microseconds(30)
  private static let presence = Interval.microseconds(120)
  private static let sample = Interval.microseconds(30)
  private static let zero = Interval.microseconds(30)

  private enum State {
    /// Waits for a reset.
    case idle
    case romCommand
    case functionCommand
    /// Compares what comes with its ROM.
    case matching
    /// Sends a bit of its ROM, then the complement, then hears which half of the devices goes on.
    case searching(step: Int)
    case sending([UInt8])
    case receiving(Int, ([UInt8]) -> Void)
    case status(() -> Bool)
  }

  private let site: DeviceSite
  private let data: Terminal
  private weak var behaviour: (any OneWireBehaviour)?
  private var listening: NetListening?
  private var state = State.idle
  /// Bits of the present state that are done.
  private var bits = 0
  private var received: [UInt8] = []
  private var fell: Instant?
  /// Until then edges are the presence pulses of this device and of others.
  private var deafUntil = Instant.powerOn

  init(rom: [UInt8], site: DeviceSite) {
    self.rom = rom
    self.site = site
    data = site.pin("data")
    site.powerChanged = { [unowned self] in state = .idle }
    if site.flag("pullups") { data.pull(.up) }
  }

  func serve(_ behaviour: any OneWireBehaviour) {
    self.behaviour = behaviour
    listening = data.net.listen(self)
  }

  /// The check sum of the family: CRC-8 with x⁸ + x⁵ + x⁴ + 1, the lowest bit first (application note 27).
  static func checksum(_ bytes: some Sequence<UInt8>) -> UInt8 {
    bytes.reduce(0) { sum, byte in
      (0..<8).reduce(sum ^ byte) { sum, _ in sum & 1 == 1 ? sum >> 1 ^ 0x8C : sum >> 1 }
    }
  }

  // MARK: Slots

  func netChanged(_ edge: Net.Edge) {
    guard edge.time >= deafUntil, site.isPowered else { return }
    if edge.level == .low {
      fell = edge.time
      slotBegins(at: edge.time)
    } else if let fell {
      self.fell = nil
      if edge.time - fell >= Self.shortestReset { reset(at: edge.time) }
    }
  }

  private func reset(at time: Instant) {
    let start = time + Self.presenceWait
    let end = start + Self.presence
    deafUntil = end + .microseconds(1)
    begin(.romCommand)
    site.at(start) { [weak self] in self?.data.driver.drive(.low, at: start) }
    site.at(end) { [weak self] in self?.data.driver.release(at: end) }
  }

  private func slotBegins(at time: Instant) {
    switch state {
    case .idle: break
    case .searching(let step) where step < 2: send(romBit == (step == 0), at: time) { $0.searchGoesOn() }
    case .sending(let bytes):
      let bit = bits < bytes.count * 8 ? bytes[bits / 8] >> UInt8(bits % 8) & 1 == 1 : true
      send(bit, at: time) { $0.bits += 1 }
    case .status(let isDone): send(isDone(), at: time) { _ in }
    case .romCommand, .functionCommand, .matching, .searching, .receiving:
      let moment = time + Self.sample
      site.at(moment) { [weak self] in
        guard let self, moment >= deafUntil else { return }
        take(data.level == .high)
      }
    }
  }

  private var romBit: Bool { rom[bits / 8] >> UInt8(bits % 8) & 1 == 1 }

  private func send(_ bit: Bool, at time: Instant, then goOn: @escaping (OneWireTarget) -> Void) {
    if !bit { data.driver.drive(.low, at: time) }
    let end = time + Self.zero
    site.at(end) { [weak self] in
      guard let self else { return }
      data.driver.release(at: end)
      goOn(self)
    }
  }

  private func searchGoesOn() {
    if case .searching(let step) = state { state = .searching(step: step + 1) }
  }

  // MARK: Received bits

  private func take(_ bit: Bool) {
    switch state {
    case .matching:
      guard bit == romBit else {
        state = .idle
        return
      }
      bits += 1
      if bits == 64 { begin(.functionCommand) }
    case .searching:
      guard bit == romBit else {
        state = .idle
        return
      }
      bits += 1
      state = .searching(step: 0)
      if bits == 64 { begin(.functionCommand) }
    default:
      if bits % 8 == 0 { received.append(0) }
      if bit { received[received.count - 1] |= 1 << UInt8(bits % 8) }
      bits += 1
      if bits % 8 == 0 { byteCame() }
    }
  }

  private func byteCame() {
    switch state {
    case .romCommand: romCommand(received[0])
    case .functionCommand: follow(behaviour?.answer(to: received[0]) ?? .none)
    case .receiving(let count, let take) where received.count == count:
      let bytes = received
      state = .idle
      take(bytes)
    default: break
    }
  }

  private func romCommand(_ command: UInt8) {
    switch command {
    case 0x33: begin(.sending(rom))
    case 0x55: begin(.matching)
    case 0xCC: begin(.functionCommand)
    case 0xF0: begin(.searching(step: 0))
    case 0xEC: begin(behaviour?.hasAlarm == true ? .searching(step: 0) : .idle)
    default: state = .idle
    }
  }

  private func follow(_ reply: OneWireReply) {
    switch reply {
    case .none: state = .idle
    case .send(let bytes): begin(.sending(bytes))
    case .receive(let count, let take): begin(.receiving(count, take))
    case .status(let isDone): begin(.status(isDone))
    }
  }

  private func begin(_ state: State) {
    self.state = state
    bits = 0
    received = []
  }
}
