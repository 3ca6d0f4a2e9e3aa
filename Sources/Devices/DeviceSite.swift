import Diagnostics
import Machine
import Timebase

/// A device's place on its board: its name, its pins, the keys it was made with, and its board's time. A
/// device keeps it.
public final class DeviceSite {
  public let name: String
  public let kind: DeviceKind
  /// Context that the parts of the board share.
  public let context: PartContext
  /// In the order of the kind's pins.
  public let terminals: [Terminal]
  /// Random numbers of its own, which follow from the run's seed and its name.
  public let random: RandomSource

  /// Called once, when wires are in place and controls have their first values.
  public var started: (() -> Void)?

  /// Whether its power was taken away; see `faults`.
  private(set) var isUnpowered = false
  /// Called when that has changed.
  var powerChanged: (() -> Void)?

  private let values: [String: PartValue]
  private var observations: [Observation] = []

  init(name: String, kind: DeviceKind, values: [String: PartValue], context: PartContext) {
    self.name = name
    self.kind = kind
    self.context = context
    self.values = values
    terminals = kind.pins.map { Terminal($0.name, owner: name, context: context) }
    random = RandomSource(seed: context.seed, name: name)
  }

  public var clock: Clock { context.clock }
  public var now: Instant { context.clock.now }

  // MARK: Pins and keys

  /// - Parameter name: of a pin of the kind.
  public func pin(_ name: String) -> Terminal {
    guard let terminal = terminals.first(where: { $0.name == name }) else {
      preconditionFailure("\(kind.name) has no pin \(name) in its description")
    }
    return terminal
  }

  /// - Parameter key: one of the kind's.
  public func value(_ key: String) -> PartValue {
    guard let value = values[key] else {
      preconditionFailure("\(kind.name) has no key \(key) in its description")
    }
    return value
  }

  public func integer(_ key: String) -> Int {
    if case .integer(let number) = value(key) { number } else { 0 }
  }
  public func real(_ key: String) -> Double { if case .real(let number) = value(key) { number } else { 0 } }
  public func flag(_ key: String) -> Bool { value(key) == .flag(true) }
  public func text(_ key: String) -> String { "\(value(key))" }

  /// Whether it has power: nobody has taken it away, and its supplies are as they should be, as far as they are wired: ground
  /// low, power high.
  public var isPowered: Bool {
    !isUnpowered
      && zip(kind.pins, terminals).allSatisfy { pin, terminal in
        guard pin.isSupply, terminal.isWired else { return true }
        return (terminal.level == .low) == (pin.role == .ground)
      }
  }

  // MARK: Faults

  /// Faults that any device can have: it has no power, one of its pins is stuck.
  var faults: [Control] {
    let pins = kind.pins.filter { !$0.isSupply }.map(\.name)
    let stuck = Control(
      "stuck", choices: ["none"] + pins.flatMap { ["\($0):low", "\($0):high"] },
      example: "\(pins.first ?? ""):low"
    ) { [self] word in stick(word) }
    guard kind.pins.contains(where: { $0.role == .power }) else { return pins.isEmpty ? [] : [stuck] }
    let unpowered = Control("unpowered", .flag, example: "1") { [self] value, _ in
      setPower(isOff: value == .flag(true))
    }
    return [unpowered] + (pins.isEmpty ? [] : [stuck])
  }

  /// - Parameter word: `data:low`, or `none`.
  private func stick(_ word: String) {
    let parts = word.split(separator: ":").map(String.init)
    for (pin, terminal) in zip(kind.pins, terminals) {
      terminal.stuckLevel =
        parts.count == 2 && parts[0] == pin.name ? (parts[1] == "low" ? .low : .high) : nil
    }
  }

  private func setPower(isOff: Bool) {
    guard isOff != isUnpowered else { return }
    isUnpowered = isOff
    for terminal in terminals { terminal.isDriven = !isOff }
    powerChanged?()
  }

  // MARK: Time

  /// Does something after a while; interrupts that it causes are served behind it.
  @discardableResult
  public func after(_ delay: Interval, _ action: @escaping () -> Void) -> Clock.EventID {
    at(now + delay, action)
  }

  /// Does something at an instant; interrupts that it causes are served behind it.
  @discardableResult
  public func at(_ instant: Instant, _ action: @escaping () -> Void) -> Clock.EventID {
    context.clock.schedule(at: instant) { [weak context] in
      action()
      context?.interrupts.poll()
    }
  }

  public func cancel(_ event: Clock.EventID?) { if let event { context.clock.cancel(event) } }

  // MARK: Reports

  func start() {
    started?()
    started = nil
  }

  /// Keeps an observation as long as the device.
  func keep(_ observation: Observation) { observations.append(observation) }

  /// Reports a mistake of the firmware's, once for each place in it.
  public func report(_ finding: Finding, _ message: String, advice: String) {
    context.reporter.reportOnce(finding, "\(name): \(message)", advice: advice)
  }

  /// Writes a line of the trace: an action of the device that its signals do not show.
  public func trace(_ words: @autoclosure () -> String) {
    context.trace.record(TraceEntry("\(name) \(words())"), at: now)
  }
}

/// Random numbers that are the same in every run (SplitMix64).
public final class RandomSource: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64, name: String) {
    // FNV-1a, so that devices differ from each other.
    state = name.utf8.reduce(14_695_981_039_346_656_037) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 } ^ seed
  }

  public func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }

  /// 0 up to 1.
  public func fraction() -> Double { Double(next() >> 11) / Double(1 << 53) }
}
