import Asyncio
import Diagnostics
import Machine
import Timebase

/// Exact time by the pulse that a GPS receiver gives at the beginning of each second (`GPS_Timer` of micropython-async). The sentence that
/// follows a pulse says which second it was.
///
///     let time = try GPSClock(gps, pulses: board.pins["X3"], clock: board.clock)
///     try await time.ready()
///     try await time.setClock()
@Firmware
public final class GPSClock {
  /// A time of day with its part of a second.
  public struct Reading: Sendable, Hashable, CustomStringConvertible {
    public var date: DateTime
    public var microseconds: Int

    /// `2018-06-15 12:00:01.000250`
    public var description: String { "\(date).\(microseconds.decimal(digits: 6))" }
  }

  private struct Pulses {
    var latest: Instant?
    /// The time that the board's clock is set to at the next pulse.
    var setting: DateTime?
  }

  private let gps: GPS
  private let pin: Pin
  private let clock: Clock
  private let pulses: HandlerBox<Pulses>
  private let pulsed = ThreadSafeFlag()
  private let isReady = Event()
  /// A pulse and the second that began with it.
  private var reference: (pulse: Instant, seconds: Int)?
  private var task: FirmwareTask<Void>?

  /// - Parameters:
  ///   - pin: on which the receiver's pulses come; takes its interrupt line.
  ///   - clock: the board's.
  /// - Throws: `ExternalInterruptError` if another pin has the interrupt line.
  public init(
    _ gps: GPS, pulses pin: Pin, clock: Clock, file: StaticString = #fileID, line: UInt = #line
  ) throws(ExternalInterruptError) {
    self.gps = gps
    self.pin = pin
    self.clock = clock
    let pulses = HandlerBox(Pulses())
    self.pulses = pulses
    let pulsed = pulsed
    pin.configure(.input, file: file, line: line)
    try pin.irq(.rising, file: file, line: line) { interrupt in
      let setting = pulses.withLock { state in
        state.latest = interrupt.time
        return state.setting.take()
      }
      if let setting { interrupt.perform { $0.realTimeClock.set(setting) } }
      pulsed.set(eventIsKept: true)
    }
    task = createService(name: "GPSClock", file: file, line: line) { try await self.follow() }
  }

  /// Hears no more pulses.
  public func end() throws(SchedulerError) {
    try task?.cancel()
    try? pin.setInterrupt(.rising, nil)
  }

  /// Waits until a pulse has come and the receiver has said which second it began.
  public func ready() async throws { try await isReady.wait() }

  /// Universal time now; `nil` before it is ready.
  public var now: Reading? {
    guard let reference else { return nil }
    let elapsed = Int((clock.now - reference.pulse).nanoseconds / 1000)
    return Reading(
      date: DateTime(secondsSince2000: reference.seconds + elapsed / 1_000_000),
      microseconds: elapsed % 1_000_000)
  }

  /// Sets the board's real-time clock in the handler of the next pulse, to universal time.
  public func setClock() async throws {
    let next = try await nextPulse().seconds + 1
    pulses.withLock { $0.setting = DateTime(secondsSince2000: next) }
    _ = try await nextPulse()
  }

  /// Waits for a pulse.
  /// - Returns: how many microseconds the real-time clock, which counts in steps of 1/256 s, was ahead at it.
  public func lead(of clock: RealTimeClock) async throws -> Int {
    let (pulse, seconds) = try await nextPulse()
    // The clock's time at a step is exact.
    let step = clock.subseconds
    while clock.subseconds == step { try busyWait(.microseconds(10)) }
    let elapsed = Int((self.clock.now - pulse).nanoseconds / 1000)
    return clock.microsecondsSince2000 - elapsed - seconds * 1_000_000
  }

  /// Measures how fast the real-time clock goes, and corrects it.
  /// - Parameter minutes: how long it measures: a step of the correction is 0.954 millionths.
  /// - Returns: the clock's new calibration.
  public func calibrate(_ clock: RealTimeClock, minutes: Int = 5) async throws -> Int {
    clock.calibration = 0
    try await setClock()
    let before = try await lead(of: clock)
    try await sleep(Double(60 * max(1, minutes)))
    let gained = try await lead(of: clock) - before
    let millionths = Double(gained) / Double(60 * max(1, minutes))
    clock.calibration = Int((-millionths / 0.954).rounded())
    return clock.calibration
  }

  /// - Returns: the next pulse, and the second that began with it.
  private func nextPulse() async throws -> (pulse: Instant, seconds: Int) {
    try await ready()
    pulsed.clear()
    try await pulsed.wait()
    guard let pulse = pulses.withLock({ $0.latest }), let reference else { return (clock.now, 0) }
    // Pulses come with the seconds, even while sentences stay away.
    let elapsed = Double((pulse - reference.pulse).nanoseconds) / 1e9
    return (pulse, reference.seconds + Int(elapsed.rounded()))
  }

  private func follow() async throws {
    while true {
      try await gps.next(.date)
      // A sentence comes within the second that its pulse began.
      guard let time = gps.time, let pulse = pulses.withLock({ $0.latest }),
        clock.now - pulse < .seconds(1)
      else { continue }
      reference = (pulse, time.secondsSince2000)
      isReady.set()
    }
  }
}
