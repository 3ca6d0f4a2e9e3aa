import Diagnostics
import Timebase

/// One thing that can drive a net: a pin of the board, a device, a person's button, a test.
///
/// Push-pull is `drive(.high)` and `drive(.low)`; open drain is `drive(.low)` and `release()`; a pull alone is
/// `hold(_:)`.
public final class NetDriver {
  /// Names the driver in diagnostics: `X1`, `switch USR`.
  public let name: String
  /// What it drives with full strength; `nil` when it drives nothing.
  public private(set) var level: Level?
  /// The voltage that it drives, where that is not simply one of the two levels: a DAC, a potentiometer.
  public private(set) var voltage: Double?
  /// What it holds weakly, whether it drives or not.
  public private(set) var pull: Pull = .none
  /// Where Swift firmware has set up the pin that drives.
  var setUpAt: SourceLine?
  /// Where it is attached; a wire can move it to another net.
  public internal(set) var net: Net? {
    get { place?.object }
    set { place = newValue.map { BorrowedReference(object: $0) } }
  }

  private var place: BorrowedReference<Net>?

  public init(name: String) { self.name = name }

  /// - Parameter time: when it happens, if that is not the clock's `now`.
  public func drive(_ level: Level, at time: Instant? = nil) { set(level: level, pull: pull, at: time) }

  /// Stops driving; a pull stays.
  public func release(at time: Instant? = nil) { set(level: nil, pull: pull, at: time) }

  public func hold(_ pull: Pull, at time: Instant? = nil) { set(level: level, pull: pull, at: time) }

  /// Drives a voltage; digital inputs see it as high from half of the supply on.
  /// - Parameter voltage: volts, 0 to `Net.supply`; taken as the nearer end outside.
  public func drive(voltage: Double, at time: Instant? = nil) {
    let bounded = min(max(voltage, 0), Net.supply)
    set(level: bounded >= Net.supply / 2 ? .high : .low, pull: pull, at: time)
    self.voltage = bounded
  }

  func set(level: Level?, pull: Pull, at time: Instant? = nil) {
    voltage = nil
    guard level != self.level || pull != self.pull else { return }
    let old = (self.level, self.pull)
    self.level = level
    self.pull = pull
    net?.driverChanged(from: old, to: (level, pull), at: time)
  }

  /// As `drive`, for a driver that drives one of the two levels already: what pin writes spend their time with.
  @inline(__always) func turn(to level: Level) {
    guard let old = self.level, voltage == nil else { return drive(level) }
    guard level != old else { return }
    self.level = level
    if place?.lend({ $0.driverTurned(to: level) }) == false { net?.resolve(at: nil) }
  }
}
