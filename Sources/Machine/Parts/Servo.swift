import Timebase

/// A connector for a hobby servo: pulses 50 times a second, whose length sets the servo's position
/// (ports/stm32/servo.c).
///
/// The pulses come from a channel of a timer that counts in steps of 10 µs; all servos share it. Everything is kept in these
/// steps, as the board does.
public final class Servo {
  public struct Calibration: Sendable, Hashable {
    /// The shortest and the longest pulse, in steps of 10 µs.
    public var minimum: UInt8 = 64
    public var maximum: UInt8 = 242
    /// The pulse of the middle, or of a motor that stands.
    public var center: UInt8 = 150
    /// The length of the pulse of 90 degrees beyond the middle one, in steps of 10 µs.
    public var angle90: UInt8 = 97
    /// The length of the pulse of full speed forward beyond the middle one, in steps of 10 µs.
    public var speed100: UInt8 = 70

    public init() {}
  }

  /// 1 is the first.
  public let number: Int
  public let pin: Pin
  public var calibration = Calibration()
  /// The present pulse, in steps of 10 µs.
  private(set) var pulse: UInt16 = 150 {
    didSet { if pulse != oldValue { pulseChanged() } }
  }

  private var target: UInt16 = 0
  /// Updates of the timer until the target is reached.
  private var updatesLeft: UInt16 = 0
  /// The remainder of the way, in parts of an update.
  private var remainder = 0
  fileprivate let channel: TimerChannel
  private let driver: ServoDriver
  private let clock: Clock
  let observers = SignalObservers()

  init(number: Int, pin: Pin, timer: HardwareTimer, context: PartContext) throws(TimerError) {
    self.number = number
    self.pin = pin
    clock = context.clock
    driver = ServoDriver.shared(timer, context)
    channel = try timer.channel(of: pin)
    driver.servos.append(ServoDriver.Reference(servo: self))
  }

  /// Switches the pin to the timer and begins to put pulses out, of the length that they last had.
  public func start() throws(TimerError) {
    target = pulse
    updatesLeft = 0
    try driver.timer.connect(pin)
    try driver.start()
    channel.start(.pwm, compare: Int(pulse))
  }

  // MARK: Moving

  /// Goes to a pulse of so many microseconds at once.
  public func setPulseWidth(microseconds: Int) { go(to: microseconds / 10, in: 0) }

  /// Goes to an angle in degrees.
  /// - Parameter duration: milliseconds that it takes.
  public func setAngle(_ angle: Float, in duration: Int = 0) {
    go(to: pulse(calibration.angle90, angle / 90), in: duration / 20)
  }

  /// Changes the speed of a servo that turns round and round: -100 to 100.
  /// - Parameter duration: milliseconds that it takes.
  public func setSpeed(_ speed: Float, in duration: Int = 0) {
    go(to: pulse(calibration.speed100, speed / 100), in: duration / 20)
  }

  /// Microseconds.
  public var pulseWidth: Int { 10 * Int(pulse) }
  /// Degrees.
  public var angle: Int { scaled(90, calibration.angle90) }
  public var speed: Int { scaled(100, calibration.speed100) }

  private func pulse(_ full: UInt8, _ share: Float) -> Int {
    let offset = (Float(full) * share).rounded(.towardZero)
    return Int(calibration.center)
      + Int(Int16(truncatingIfNeeded: Int32(exactly: offset) ?? (offset > 0 ? .max : .min)))
  }

  private func scaled(_ full: Int, _ length: UInt8) -> Int {
    length == 0 ? 0 : (Int(pulse) - Int(calibration.center)) * full / Int(length)
  }

  private func go(to target: Int, in updates: Int) {
    self.target = UInt16(truncatingIfNeeded: target)
    updatesLeft = UInt16(truncatingIfNeeded: updates)
    if updates != 0 { remainder = 0 }
    driver.step()
  }

  /// One step towards the target, at an update of the timer.
  /// - Returns: whether there are more to come.
  fileprivate func step() -> Bool {
    guard pulse != target else { return false }
    target = min(max(target, UInt16(calibration.minimum)), UInt16(calibration.maximum))
    defer { channel.compare = Int(pulse) }
    if updatesLeft <= 1 {
      pulse = target
      updatesLeft = 0
      return false
    }
    remainder += Int(target) - Int(pulse)
    pulse = UInt16(truncatingIfNeeded: Int(pulse) + remainder / Int(updatesLeft))
    remainder %= Int(updatesLeft)
    updatesLeft -= 1
    return true
  }

  private func pulseChanged() { observers.tell(.real(Double(pulseWidth)), at: clock.now) }

  // MARK: Registers

  /// Writes the length of the pulse past what the servo knows, as `pyb.servo()` does.
  public func setCompare(_ steps: Int) { channel.compare = steps }

  /// Changes the period of all servos' pulses and the length of this one's, as `pyb.pwm()` does.
  public func setTimer(period: Int, compare: Int) throws(TimerError) {
    let timer = driver.timer
    try timer.change(
      TimerDivision(prescaler: timer.division.prescaler, period: period & timer.largestCount))
    channel.compare = compare
  }

  /// Resets as a soft reset does: the pulses go on.
  func forgetSettings() {
    calibration = Calibration()
    pulse = 150
    target = 0
    updatesLeft = 0
  }
}

/// The timer that all servos share: moves them at its updates while one of them is under way.
private final class ServoDriver {
  struct Reference {
    unowned let servo: Servo
  }

  let timer: HardwareTimer
  var servos: [Reference] = []
  private let clock: Clock
  private var event: Clock.EventID?
  /// When an update was last dealt with.
  private var lastUpdate = Instant.powerOn

  private init(_ timer: HardwareTimer, _ clock: Clock) {
    self.timer = timer
    self.clock = clock
  }

  deinit { if let event { clock.cancel(event) } }

  static func shared(_ timer: HardwareTimer, _ context: PartContext) -> ServoDriver {
    for case let servo as Servo in context.partsSoFar {
      if let driver = servo.sharedDriver(of: timer) { return driver }
    }
    return ServoDriver(timer, context.clock)
  }

  /// Steps of 10 µs, and 50 updates a second.
  func start() throws(TimerError) {
    guard !timer.isRunning else { return }
    try timer.start(TimerDivision(prescaler: timer.sourceClock / 100_000 - 1, period: 1999))
    timer.outlivesSoftReset = true
    lastUpdate = clock.now
  }

  /// Moves every servo. The interrupt of an update that has come since it was last enabled follows at once, as on the board.
  func step() {
    guard stepOnce(), event == nil else { return }
    if let update = timer.counting(at: lastUpdate)?.nextUpdate(after: lastUpdate), update <= clock.now {
      lastUpdate = clock.now
      guard stepOnce() else { return }
    }
    awaitUpdate()
  }

  private func stepOnce() -> Bool {
    var isMoving = false
    for reference in servos where reference.servo.step() { isMoving = true }
    return isMoving
  }

  private func awaitUpdate() {
    guard let update = timer.counting(at: clock.now)?.nextUpdate(after: clock.now) else { return }
    event = clock.schedule(at: update) { [weak self] in
      guard let self else { return }
      event = nil
      lastUpdate = update
      if stepOnce() { awaitUpdate() }
    }
  }
}

extension Servo {
  fileprivate func sharedDriver(of timer: HardwareTimer) -> ServoDriver? {
    driver.timer === timer ? driver : nil
  }
}
