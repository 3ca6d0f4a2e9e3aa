import Timebase

/// The processor's clocks, which its firmware can change: that of the processor itself, and those of the buses with its
/// peripherals (RM0090, 7.2).
public final class ClockTree {
  /// Hz.
  public struct Frequencies: Sendable, Hashable {
    /// The frequency from which the bus and processor clocks are divided.
    public var system: Int
    /// The processor's.
    public var processor: Int
    public var apb1: Int
    public var apb2: Int

    public init(system: Int, processor: Int, apb1: Int, apb2: Int) {
      self.system = system
      self.processor = processor
      self.apb1 = apb1
      self.apb2 = apb2
    }
  }

  public private(set) var frequencies: Frequencies
  /// Called when the clocks have changed.
  let changes = Observers<() -> Void>()

  private let clock: Clock
  private let description: BoardDescription.Processor

  init(_ description: BoardDescription.Processor, clock: Clock) {
    self.description = description
    self.clock = clock
    frequencies = Frequencies(
      system: description.clock, processor: description.clock, apb1: description.apb1,
      apb2: description.apb2)
  }

  /// Changes the clocks. Peripherals keep their dividers, so that their rates change too; so does what running costs.
  public func set(_ frequencies: Frequencies) {
    guard frequencies != self.frequencies else { return }
    self.frequencies = frequencies
    clock.setProcessorSpeed(frequencies.processor, costsAreGivenFor: description.clock)
    changes.callEach { $0() }
  }

  /// The present clock of a bus, Hz.
  public func frequency(of bus: BoardDescription.Bus) -> Int {
    switch bus.name {
    case "apb1": frequencies.apb1
    case "apb2": frequencies.apb2
    default: bus.clock
    }
  }

  /// Returns the frequency that a timer on a bus counts: the bus's, twice that if it is divided from the
  /// processor's clock.
  public func timerFrequency(on bus: BoardDescription.Bus) -> Int {
    let frequency = frequency(of: bus)
    return frequency == frequencies.processor ? frequency : 2 * frequency
  }
}
