import Timebase

/// Context that all parts of a board share: time, pins, interrupt controller, trace and reporter.
///
/// Not thread safe, as the clock: it belongs to the firmware thread and to the holder of the baton.
public final class PartContext {
  public let clock: Clock
  package let reporter: Reporter
  public let trace: Trace
  public let interrupts: InterruptController
  public let externalInterrupts: EXTILines
  /// The processor's clocks.
  public let clocks: ClockTree
  /// Nanoseconds of board time by name, as the board file gives them.
  public let costs: [String: Int]
  /// Seed of the run's random numbers.
  public let seed: UInt64
  /// The board's pins. Empty once the board is gone: pins refer to their context.
  public internal(set) var pins = PinTable([], boardNames: [])
  /// The parts that are there already, while the board is made.
  public internal(set) var partsSoFar: [any Part] = []
  /// See `Board.hostPinFailures`.
  let hostPinFailures = Observers<(HostPinError) -> Bool>()
  /// See `Board.waits`.
  let waits = Observers<() throws -> Void>()

  /// The parts and pins that stimuli have named.
  var stimulatedParts: Set<String> = []
  /// Pins whose 5 V have been reported.
  var pinsWithFiveVolts: Set<String> = []
  /// The device that did not answer firmware's last request on a bus; nil when it did.
  package var silentDevice: SilentDevice?

  let contacts = ContactBoard()
  private var probes: [String: PinProbe] = [:]

  /// - Parameters:
  ///   - interruptLines: one more than the highest number of a pin.
  ///   - hasInterruptPriorities: see `InterruptController`.
  init(
    clock: Clock, processor: BoardDescription.Processor, reporter: Reporter, trace: Trace,
    costs: [String: Int], seed: UInt64, interruptLines: Int,
    hasInterruptPriorities: Bool = true
  ) {
    self.clock = clock
    clocks = ClockTree(processor, clock: clock)
    self.reporter = reporter
    self.trace = trace
    self.costs = costs
    self.seed = seed
    interrupts = InterruptController(
      clock: clock, reporter: reporter, trace: trace, costs: costs, hasPriorities: hasInterruptPriorities)
    clock.waitCarrier = interrupts
    externalInterrupts = EXTILines(count: interruptLines, interrupts: interrupts)
  }

  /// The board file's cost of this name, zero when it gives none.
  public func cost(_ name: String) -> Interval { .nanoseconds(costs[name] ?? 0) }

  /// Returns the probe through which a person or a test drives a pin.
  func probe(on pin: Pin) -> PinProbe {
    if let probe = probes[pin.cpuName] { return probe }
    let probe = PinProbe(pin)
    probes[pin.cpuName] = probe
    return probe
  }

  /// Cuts the references between the board's pins and what they share, which go in circles.
  func dismantle() {
    for pin in pins { pin.net.dismantle() }
    contacts.dismantle()
    pins = PinTable([], boardNames: [])
    probes = [:]
  }
}
