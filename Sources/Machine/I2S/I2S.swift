import Timebase

/// How an I2S bus is set up.
public struct I2SSettings: Sendable, Hashable {
  public enum Direction: Sendable, Hashable {
    case send
    case receive
  }

  public var direction: Direction
  /// Bits of a sample: 16 or 32.
  public var bits: Int
  /// False sends each sample on both channels, and keeps the left one of those that come.
  public var isStereo: Bool
  /// Frames a second.
  public var rate: Int
  /// Bytes that wait to be sent, or to be read.
  public var bufferSize: Int

  public init(direction: Direction, bits: Int, isStereo: Bool, rate: Int, bufferSize: Int) {
    self.direction = direction
    self.bits = bits
    self.isStereo = isStereo
    self.rate = rate
    self.bufferSize = bufferSize
  }

  /// Bits of a word on the bus: input is always read as 32.
  var bitsOfWord: Int { direction == .receive ? 32 : bits }
  /// Bytes that firmware has for one frame.
  public var bytesOfFrame: Int { bits / 8 * (isStereo ? 2 : 1) }
}

/// An I2S peripheral that controls its bus and sends or receives frames without a pause (RM0090, 28.4), with the driver's buffers
/// (ports/stm32/machine_i2s.c): the direct memory access takes 128 bytes at a time, and silence where there are fewer.
public final class I2S {
  /// Bytes of half of the memory that goes round.
  private static let halfSize = 128

  public let number: Int
  /// `nil` while the peripheral is off.
  public private(set) var settings: I2SSettings?
  /// Called when another half has been sent or filled: there may be room, or samples.
  public var halfDone: (() -> Void)?

  let sentSamples = SignalObservers()
  let receivedSamples = SignalObservers()

  private let context: PartContext
  private var pins: (sck: Pin, ws: Pin, sd: Pin)?
  private var output: PinOutput?
  private var buffer: [UInt8] = []
  private var start = Instant.powerOn
  private var halves = 0
  private var event: Clock.EventID?
  /// The words being sent: the next half is taken while this one is on the bus.
  private var waiting: [UInt32] = []
  private var lastBit = false
  private var listening: NetListening?
  private var edges: [(time: Instant, level: Level)] = []
  private var levelBefore = Level.low

  init(number: Int, context: PartContext) {
    self.number = number
    self.context = context
  }

  deinit { if let event { context.clock.cancel(event) } }

  // MARK: Setting up

  /// Returns whether a pin can carry a line: the I2S shares pins and peripheral with the SPI of its number.
  public func canUse(_ pin: Pin, for line: String) -> Bool {
    pin.carries("SPI\(number)_\(line)")
  }

  /// Starts the bus's clocks.
  public func start(_ settings: I2SSettings, sck: Pin, ws: Pin, sd: Pin) {
    stop()
    self.settings = settings
    pins = (sck, ws, sd)
    buffer = []
    waiting = []
    lastBit = false
    halves = 0
    start = context.clock.now
    let bits = 2 * settings.bitsOfWord
    let clock = TickRate(hertz: 2 * settings.rate * bits)
    sck.connectPeripheral("SPI\(number)_SCK", output: .low)
      .drive(
        PulseWaveform(start: start, rate: clock, period: 2, pulse: 1, offset: 1, isTracedByItsPart: true),
        at: start)
    ws.connectPeripheral("SPI\(number)_NSS", output: .low)
      .drive(
        PulseWaveform(
          start: start, rate: clock, period: 2 * bits, pulse: bits, offset: bits, isTracedByItsPart: true),
        at: start)
    let isSending = settings.direction == .send
    output = sd.connectPeripheral("SPI\(number)_MOSI", output: isSending ? .low : nil)
    if !isSending {
      levelBefore = sd.net.level
      listening = sd.net.listen { [unowned self] edge in edges.append((edge.time, edge.level)) }
    }
    schedule()
  }

  public func stop() {
    guard settings != nil, let pins else { return }
    settings = nil
    if let event { context.clock.cancel(event) }
    event = nil
    listening = nil
    edges = []
    output = nil
    self.pins = nil
    pins.sck.disconnectPeripheral("SPI\(number)_SCK")
    pins.ws.disconnectPeripheral("SPI\(number)_NSS")
    pins.sd.disconnectPeripheral("SPI\(number)_MOSI")
  }

  // MARK: The driver's buffer

  /// Bytes of samples that could be written at once.
  public var room: Int { settings.map { max(0, $0.bufferSize - 1 - buffer.count) } ?? 0 }

  /// - Returns: how many were taken.
  public func write(_ samples: some Collection<UInt8>) -> Int {
    let count = min(room, samples.count)
    buffer += samples.prefix(count)
    return count
  }

  /// Bytes of samples that can be read.
  public var available: Int { settings.map { buffer.count / 8 * $0.bytesOfFrame } ?? 0 }

  /// Takes samples out: whole frames.
  public func read(_ count: Int) -> [UInt8] {
    guard let settings else { return [] }
    var samples: [UInt8] = []
    let frames = min(count / settings.bytesOfFrame, buffer.count / 8)
    for frame in 0..<frames {
      for channel in 0..<(settings.isStereo ? 2 : 1) {
        let word = buffer[(frame * 8 + channel * 4)..<(frame * 8 + channel * 4 + 4)]
        samples += settings.bits == 16 ? word.suffix(2) : word
      }
    }
    buffer.removeFirst(frames * 8)
    return samples
  }

  // MARK: Frames

  private var framesOfHalf: Int {
    settings.map { Self.halfSize / ($0.direction == .receive ? 8 : $0.bits / 4) } ?? 1
  }

  /// When a half begins.
  private func begin(ofHalf half: Int) -> Instant {
    start + TickRate(hertz: settings?.rate ?? 1).interval(ticks: half * framesOfHalf)
  }

  private func schedule() {
    event = context.clock.schedule(at: begin(ofHalf: halves + 1)) { [weak self] in self?.halfEnds() }
  }

  private func halfEnds() {
    guard let settings else { return }
    event = nil
    halves += 1
    if settings.direction == .send { send(settings) } else { receive(settings) }
    schedule()
    halfDone?()
    context.interrupts.poll()
  }

  private func send(_ settings: I2SSettings) {
    let begin = begin(ofHalf: halves)
    let rate = TickRate(hertz: settings.rate * 2 * settings.bitsOfWord)
    let waveform = I2SDataWaveform(
      start: begin, rate: rate, words: waiting, bitsOfWord: settings.bits, before: lastBit)
    if !waiting.isEmpty {
      lastBit = waveform.lastBit
      tell(waiting, settings, sentSamples, "sent", at: begin)
    }
    output?.drive(waveform, at: begin)
    waiting = takeWords(settings)
  }

  /// The words of one half; none for silence.
  private func takeWords(_ settings: I2SSettings) -> [UInt32] {
    guard buffer.count >= Self.halfSize else { return [] }
    let width = settings.bits / 8
    let count = Self.halfSize / width / (settings.isStereo ? 1 : 2)
    var words: [UInt32] = []
    for index in 0..<count {
      let bytes = buffer[(index * width)..<(index * width + width)]
      let sample = bytes.reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << UInt32(32 - settings.bits)
      words.append(sample)
      if !settings.isStereo { words.append(sample) }
    }
    buffer.removeFirst(count * width)
    return words
  }

  private func receive(_ settings: I2SSettings) {
    let begin = begin(ofHalf: halves - 1)
    // Bits are read at the rising edge, in the middle of a period; the first of a word one period behind the change of WS.
    let middle = TickRate(hertz: 2 * settings.rate * 64)
    var words: [UInt32] = []
    var level = levelBefore
    var next = 0
    for word in 0..<(2 * framesOfHalf) {
      var bits: UInt32 = 0
      for bit in 0..<32 {
        let time = begin + middle.interval(ticks: 2 * (word * 32 + bit) + 3)
        while next < edges.count, edges[next].time <= time {
          level = edges[next].level
          next += 1
        }
        bits = bits << 1 | (level == .high ? 1 : 0)
      }
      words.append(bits)
    }
    levelBefore = level
    edges.removeFirst(next)
    if words.contains(where: { $0 != 0 }) { tell(words, settings, receivedSamples, "received", at: begin) }
    guard settings.bufferSize - 1 - buffer.count >= Self.halfSize else { return }
    for word in words {
      for byte in 0..<4 { buffer.append(UInt8(truncatingIfNeeded: word >> UInt32(8 * byte))) }
    }
  }

  private func tell(
    _ words: [UInt32], _ settings: I2SSettings, _ observers: SignalObservers, _ verb: String, at time: Instant
  ) {
    guard context.trace.isOn || !observers.isEmpty else { return }
    let width = settings.bitsOfWord / 8
    context.trace.record(.i2s(number, verb, words, digits: 2 * width), at: time)
    var bytes: [UInt8] = []
    for word in words {
      for byte in (4 - width)..<4 { bytes.append(UInt8(truncatingIfNeeded: word >> UInt32(8 * byte))) }
    }
    observers.tell(.bytes(bytes), at: time)
  }
}
