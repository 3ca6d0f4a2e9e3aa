import Timebase

/// Receives characters from a net: part of a UART, and of a device that listens to one.
///
/// A frame that a transmitter sends at this receiver's rate is taken as a whole. Anything else, bits that firmware puts on a pin
/// or a frame that another driver disturbs, is decoded from its edges, sampled in the middle of each bit.
public final class SerialReceiver {
  /// A character as it was heard.
  public struct Character: Sendable, Hashable {
    public var value: UInt16
    /// There was no stop bit where one has to be.
    public var isFramingError: Bool
    /// The line was low for as long as a character takes.
    public var isBreak: Bool
  }

  private let decoder: SerialDecoder
  private var listening: NetListening?

  /// - Parameters:
  ///   - isInverted: takes the opposite of every level.
  ///   - receive: called when the last bit of a character has passed, with the time of its end.
  public init(
    clock: Clock, format: SerialFormat = SerialFormat(), bitTime: BitTime, isInverted: Bool = false,
    _ receive: @escaping (Character, Instant) -> Void
  ) {
    decoder = SerialDecoder(clock: clock, format: format, bitTime: bitTime, isInverted: isInverted, receive)
  }

  deinit { stop() }

  /// A sender with other settings was heard.
  var hearsOtherSettings: ((FrameWaveform, _ sender: String) -> Void)? {
    get { decoder.hearsOtherSettings }
    set { decoder.hearsOtherSettings = newValue }
  }

  /// Listens to a net, until it is to listen to another one or to stop, or goes away.
  public func start(on net: Net) {
    stop()
    // The net keeps what listens; a weak reference that is followed at every character would be slower.
    listening = net.listen(keeping: decoder)
  }

  var isListening: Bool { listening != nil }

  public func stop() {
    decoder.forget()
    listening = nil
    decoder.forget()
  }

  /// Whether a character is on the line.
  public var isBusy: Bool { decoder.isBusy }
}

/// Decodes the edges of a line into characters.
private final class SerialDecoder: NetListener {
  typealias Character = SerialReceiver.Character

  private let clock: Clock
  private let format: SerialFormat
  private let bitTime: BitTime
  private let isInverted: Bool
  private let receive: (Character, Instant) -> Void
  var hearsOtherSettings: ((FrameWaveform, _ sender: String) -> Void)?
  /// The frame that is taken as a whole.
  private var taken: FrameWaveform?
  /// The line's edges since the start bit that is decoded, it included.
  private var edges: [Net.Edge] = []
  /// The end of the frame that is decoded.
  private var event: Clock.EventID?

  init(
    clock: Clock, format: SerialFormat, bitTime: BitTime, isInverted: Bool,
    _ receive: @escaping (Character, Instant) -> Void
  ) {
    self.clock = clock
    self.format = format
    self.bitTime = bitTime
    self.isInverted = isInverted
    self.receive = receive
  }

  var isBusy: Bool { taken != nil || event != nil }

  /// A character that is on its way is not heard.
  func forget() {
    taken = nil
    edges = []
    if let event { clock.cancel(event) }
    event = nil
  }

  // MARK: Frames as a whole

  func takes(_ waveform: any Waveform, from driver: NetDriver, at start: Instant) -> Bool {
    guard let frame = waveform as? FrameWaveform, event == nil else { return false }
    let isOtherwise = differs(frame.bitTime) || frame.isInverted != isInverted
    if frame.format != format || isOtherwise { hearsOtherSettings?(frame, driver.name) }
    if isOtherwise { return false }
    taken = frame
    return true
  }

  func stopsTaking(_ waveform: any Waveform, from driver: NetDriver, at time: Instant) {
    guard let frame = taken, frame === waveform else { return }
    taken = nil
    if time >= frame.end { return receive(character(of: frame), frame.end) }
    // From here on the line's level counts; up to here the frame did.
    var edge = frame.start <= time ? frame.start : nil
    while let instant = edge, instant <= time {
      if let level = frame.level(at: instant) { netChanged(Net.Edge(level: level, time: instant)) }
      edge = frame.nextEdge(after: instant)
    }
  }

  /// Returns the frame's character: exact when the settings are the sender's, otherwise made of the levels
  /// sampled in the middle of the supposed bits.
  private func character(of frame: FrameWaveform) -> Character {
    if frame.isUnderstood(as: format, bitTime: bitTime) {
      return Character(value: frame.value & format.mask, isFramingError: false, isBreak: false)
    }
    return character(isBreak: frame.isBreak) { frame.level(atBit: $0, sampledBy: bitTime) }
  }

  /// Senders on another bus may be off by a rounding of the divider; 3 % is what a receiver bears.
  private func differs(_ other: BitTime) -> Bool {
    guard other != bitTime else { return false }
    return abs(other.baudRate - bitTime.baudRate) * 100 > 3 * bitTime.baudRate
  }

  // MARK: Edges

  func netChanged(_ edge: Net.Edge) {
    let edge = isInverted ? Net.Edge(level: edge.level.opposite, time: edge.time) : edge
    if edges.isEmpty && edge.level == .high { return }
    edges.append(edge)
    if event == nil { expectEnd() }
  }

  /// The first edge is a start bit's.
  private func expectEnd() {
    guard let start = edges.first?.time else { return }
    let end = start + bitTime.interval(bits: format.bitCount)
    event = clock.schedule(at: end) { [weak self] in
      guard let self else { return }
      event = nil
      decode(from: start, to: end)
    }
  }

  private func decode(from start: Instant, to end: Instant) {
    // A start bit that is over before its middle was a disturbance.
    let isFrame = level(at: start + bitTime.middle(ofBit: 0)) == .low
    let isBreak = edges.allSatisfy { $0.level == .low || $0.time >= end }
    let heard = character(isBreak: isBreak) { level(at: start + bitTime.middle(ofBit: $0)) }
    // The sender may be a little faster: a falling edge after the middle of the stop bit begins the next
    // frame.
    let over = isFrame ? start + bitTime.middle(ofBit: format.bitCount - 1) : start
    let next = edges.firstIndex { $0.time > over && $0.level == .low }
    edges.removeFirst(next ?? edges.count)
    expectEnd()
    if isFrame { receive(heard, end) }
  }

  private func level(at instant: Instant) -> Level { edges.last { $0.time <= instant }?.level ?? .high }

  private func character(isBreak: Bool, sample: (Int) -> Level) -> Character {
    var value: UInt16 = 0
    for bit in 0..<format.dataBits where sample(bit + 1) == .high { value |= 1 << UInt16(bit) }
    return Character(
      value: value, isFramingError: sample(format.firstStopBit) == .low, isBreak: isBreak)
  }
}
