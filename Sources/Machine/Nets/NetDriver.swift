import Diagnostics
import Timebase

/// One thing that can drive a net: a pin of the board, a device, a person's button, a test.
///
/// Push-pull is `drive(.high)` and `drive(.low)`; open drain is `drive(.low)` and `release()`; a pull alone
/// is `hold(_:)`; a level that changes by itself is `drive(_:)` with a waveform.
public final class NetDriver {
  /// Names the driver in diagnostics: `X1`, `switch USR`.
  public let name: String
  /// The voltage that it drives, where that is not simply one of the two levels: a potentiometer.
  public private(set) var voltage: Double?
  /// Its weak pull, whether it drives or not.
  public private(set) var pull: Pull = .none
  /// The function of time that it drives; `nil` for an output that stays as it is.
  public private(set) var waveform: (any Waveform)?
  /// The place at which Swift firmware has set up the pin that drives.
  var setUpAt: SourceLine?
  /// The net it is attached to; a wire can move it to another one.
  public internal(set) var net: Net? {
    get { place?.object }
    set { place = newValue.map { BorrowedReference(object: $0) } }
  }

  /// The level that the net counts for it: the level that it drives, or the waveform's when the net last
  /// looked.
  var settledLevel: Level?
  private var place: BorrowedReference<Net>?
  /// Whether it drives a level, or nothing: no voltage and no waveform.
  private var isPlain = true
  /// When it began to drive the waveform.
  private(set) var waveformStart = Instant.powerOn
  /// Whether the waveform's high lets go.
  private(set) var isOpenDrain = false

  public init(name: String) { self.name = name }

  /// The level that it drives with full strength now; `nil` when it drives nothing.
  public var level: Level? {
    guard waveform != nil, let net else { return settledLevel }
    return waveformLevel(at: net.now)
  }

  /// - Parameter time: when it happens, if that is not the clock's `now`.
  public func drive(_ level: Level, at time: Instant? = nil) { set(level: level, pull: pull, at: time) }

  /// Stops driving; a pull stays.
  public func release(at time: Instant? = nil) { set(level: nil, pull: pull, at: time) }

  public func hold(_ pull: Pull, at time: Instant? = nil) {
    guard pull != self.pull else { return }
    let old = self.pull
    self.pull = pull
    net?.driverChanged(self, from: (settledLevel, old), to: (settledLevel, pull), at: time)
  }

  /// Drives a voltage; digital inputs see it as high from half of the supply on.
  /// - Parameter voltage: volts, 0 to `Net.supply`; taken as the nearer end outside.
  public func drive(voltage: Double, at time: Instant? = nil) {
    let bounded = min(max(voltage, 0), Net.supply)
    set(level: bounded >= Net.supply / 2 ? .high : .low, pull: pull, voltage: bounded, at: time)
    net?.voltageChanged(of: self, at: time)
  }

  /// Drives `waveform`, from `time` on, until it drives something else.
  /// - Parameters:
  ///   - time: when it begins, if that is not the clock's `now`.
  ///   - openDrain: lets go where the waveform is high.
  public func drive(_ waveform: any Waveform, at time: Instant? = nil, openDrain: Bool = false) {
    guard let net else { return become(waveform, openDrain: openDrain, at: time ?? .powerOn) }
    let start = time ?? net.now
    net.waveformBegins(on: self, at: start) { become(waveform, openDrain: openDrain, at: start) }
  }

  func set(level: Level?, pull: Pull, voltage: Double? = nil, at time: Instant? = nil) {
    if waveform != nil { return endWaveform(level, pull, voltage, at: time) }
    self.voltage = voltage
    isPlain = voltage == nil
    guard level != settledLevel || pull != self.pull else { return }
    let old = (settledLevel, self.pull)
    settledLevel = level
    self.pull = pull
    net?.driverChanged(self, from: old, to: (level, pull), at: time)
  }

  private func endWaveform(_ level: Level?, _ pull: Pull, _ voltage: Double?, at time: Instant?) {
    guard let net else { return become(level, pull, voltage) }
    net.waveformEnds(on: self, at: time ?? net.now) { become(level, pull, voltage) }
  }

  private func become(_ waveform: any Waveform, openDrain: Bool, at start: Instant) {
    self.waveform = waveform
    waveformStart = start
    isOpenDrain = openDrain
    voltage = nil
    isPlain = false
  }

  private func become(_ level: Level?, _ pull: Pull, _ voltage: Double?) {
    waveform = nil
    self.voltage = voltage
    isPlain = voltage == nil
    settledLevel = level
    self.pull = pull
  }

  /// Returns the level that a driver with a waveform drives at `time`.
  func waveformLevel(at time: Instant) -> Level? {
    let level = waveform?.level(at: time)
    return isOpenDrain && level == .high ? nil : level
  }

  func voltage(at time: @autoclosure () -> Instant) -> Double? {
    waveform == nil ? voltage : waveform?.voltage(at: time())
  }

  /// As `drive`, for a driver that drives one of the two levels already: the hot path of pin writes.
  @inline(__always) func turn(to level: Level) {
    guard let old = settledLevel, isPlain else { return drive(level) }
    guard level != old else { return }
    settledLevel = level
    if place?.lend({ $0.driverTurned(to: level) }) == false {
      net?.driverChanged(self, from: (old, pull), to: (level, pull), at: nil)
    }
  }
}

extension NetDriver: WaveformOutput {
  public func drive(_ waveform: any Waveform, at time: Instant?) {
    drive(waveform, at: time, openDrain: false)
  }
}
