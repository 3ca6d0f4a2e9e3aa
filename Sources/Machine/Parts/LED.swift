import Timebase

/// A light-emitting diode of the board.
///
/// Behaves as `pyb.LED` (ports/stm32/led.c): those that can be dimmed take any brightness, the others are on for
/// anything but zero.
public final class LED {
  /// 1 is the first.
  public let number: Int
  /// As the board file says: `red`.
  public let colour: String
  public let isDimmable: Bool
  public let pin: Pin

  private let context: PartContext
  /// Brightness while a timer's pulse width controls the pin; `nil` while the pin is simply on or off.
  private var pulseWidth: Int?
  private var observers: [(Int, Instant) -> Void] = []
  private var told = 0

  init(number: Int, description: BoardDescription.LED, pin: Pin, context: PartContext) {
    self.number = number
    self.pin = pin
    self.context = context
    colour = description.colour
    isDimmable = description.isDimmable
    pin.configure(.outputPushPull, level: .low, at: nil)
    pin.net.observe { [unowned self] edge in tell(at: edge.time) }
  }

  public var isOn: Bool { intensity > 0 }

  /// Brightness, 0 to 255. Values outside are taken as the nearer end.
  public var intensity: Int {
    get { pulseWidth ?? (pin.mode == .outputPushPull && pin.net.level == .high ? 255 : 0) }
    set {
      if pin.isHostPin && (1..<255).contains(newValue) { tellThatItIsOnOrOff(newValue) }
      guard isDimmable && !pin.isHostPin, (1..<255).contains(newValue) else {
        set(newValue > 0 ? .high : .low)
        return
      }
      pulseWidth = newValue
      if pin.mode == .outputPushPull { pin.connectPeripheral("pulse width", output: .low) }
      tell(at: context.clock.now)
      context.interrupts.poll()
    }
  }

  public func on() { set(.high) }
  public func off() { set(.low) }

  /// A dimmed LED counts as on.
  public func toggle() { set(isOn ? .low : .high) }

  /// Calls `observer` with brightness and time after each change.
  public func observe(_ observer: @escaping (Int, Instant) -> Void) { observers.append(observer) }

  private func set(_ level: Level) {
    if pulseWidth != nil {
      pulseWidth = nil
      pin.configure(.outputPushPull, level: level, at: nil)
    } else {
      pin.level = level
    }
    tell(at: context.clock.now)
  }

  private func tellThatItIsOnOrOff(_ intensity: Int) {
    context.reporter.reportOnce(
      "no-intensity", .warning,
      "LED(\(number)) is on a GPIO line of this machine, which is on or off: intensity \(intensity) switches it on",
      advice: "use on() and off(), or switch it fast from a task")
  }

  private func tell(at time: Instant) {
    let brightness = intensity
    guard brightness != told else { return }
    told = brightness
    context.trace.record(.led(number, brightness: brightness), at: time)
    for observer in observers { observer(brightness, time) }
  }
}
