import Asyncio
import Machine

/// A button that calls functions at short, double and long presses (`Pushbutton` of micropython-async).
@Firmware
public final class Pushbutton {
  /// Between two looks at the pin, milliseconds (`debounce_ms`).
  public static var debounceMs = 50
  /// From when on a press is long, milliseconds (`long_press_ms`).
  public static var longPressMs = 1000
  /// How long a second press may take to make it a double one, milliseconds (`double_click_ms`).
  public static var doubleClickMs = 400

  /// Whether it is pressed, bounces aside (`button()`).
  public private(set) var isPressed: Bool
  private let pin: Pin
  private let restLevel: Level
  private let suppress: Bool
  private var onPress: Action?
  private var onRelease: Action?
  private var onDouble: Action?
  private var longTimer: RetriggerableDelay<Void>?
  private var doubleTimer: RetriggerableDelay<Void>?
  /// A first press may become a double one.
  private var isDoublePending = false
  /// The present press was the second one.
  private var wasDouble = false
  private var task: FirmwareTask<Void>?
  /// The place at which firmware has made it.
  private let file: StaticString
  private let line: UInt

  /// - Parameters:
  ///   - pin: an input with a pull-up or pull-down, as it takes.
  ///   - suppress: whether the release of a long or double press is not reported.
  ///   - restLevel: of the pin while the button is not pressed (`sense`); by default the present one.
  public init(
    _ pin: Pin, suppress: Bool = false, restLevel: Level? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    self.file = file
    self.line = line
    self.pin = pin
    self.suppress = suppress
    let rest = restLevel ?? pin.level
    self.restLevel = rest
    isPressed = pin.level != rest
    task = createService(name: "Pushbutton", file: file, line: line) { try await self.watch() }
  }

  /// Whether it is pressed this moment (`rawstate()`).
  public var isPressedNow: Bool { pin.level != restLevel }

  // MARK: Callbacks

  /// Calls `function` at each press (`press_func`).
  public func onPress(_ function: @escaping @Firmware () throws -> Void) { onPress = .function(function) }

  /// Runs `coroutine` as a task at each press.
  public func onPress(_ coroutine: @escaping @Firmware () async throws -> Void) {
    onPress = .coroutine(coroutine)
  }

  /// The event that each press sets (`press_func(None)`), instead of a call.
  public func pressEvent() -> Event {
    let event = Event()
    onPress = .function { event.set() }
    return event
  }

  /// Calls `function` at each release (`release_func`).
  public func onRelease(_ function: @escaping @Firmware () throws -> Void) { onRelease = .function(function) }

  /// Runs `coroutine` as a task at each release.
  public func onRelease(_ coroutine: @escaping @Firmware () async throws -> Void) {
    onRelease = .coroutine(coroutine)
  }

  /// The event that each release sets (`release_func(None)`), instead of a call.
  public func releaseEvent() -> Event {
    let event = Event()
    onRelease = .function { event.set() }
    return event
  }

  /// Calls `function` at the second of two quick presses (`double_func`).
  public func onDouble(_ function: @escaping @Firmware () throws -> Void) { setDouble(.function(function)) }

  /// Runs `coroutine` as a task at the second of two quick presses.
  public func onDouble(_ coroutine: @escaping @Firmware () async throws -> Void) {
    setDouble(.coroutine(coroutine))
  }

  /// The event that the second of two quick presses sets (`double_func(None)`), instead of a call.
  public func doubleEvent() -> Event {
    let event = Event()
    setDouble(.function { event.set() })
    return event
  }

  /// Calls `function` when it has been held for `longPressMs` (`long_func`).
  public func onLong(_ function: @escaping @Firmware () throws -> Void) {
    if let longTimer {
      longTimer.setCallback(function)
    } else {
      longTimer = RetriggerableDelay(file: file, line: line, callback: function)
    }
  }

  /// Runs `coroutine` as a task when it has been held for `longPressMs`.
  public func onLong(_ coroutine: @escaping @Firmware () async throws -> Void) {
    if let longTimer {
      longTimer.setCallback(coroutine)
    } else {
      longTimer = RetriggerableDelay(file: file, line: line, callback: coroutine)
    }
  }

  /// The event that a long press sets (`long_func(None)`), instead of a call.
  public func longEvent() -> Event {
    let event = Event()
    onLong { event.set() }
    return event
  }

  /// Calls nothing at double presses any more (`double_func(False)`).
  public func ignoreDouble() {
    onDouble = nil
    doubleTimer = nil
  }

  /// Calls nothing at long presses any more (`long_func(False)`).
  public func ignoreLong() { longTimer = nil }

  /// Looks at the pin no more (`deinit()`).
  public func end() throws(SchedulerError) { try task?.cancel() }

  private func setDouble(_ action: Action) {
    onDouble = action
    if doubleTimer == nil {
      doubleTimer = RetriggerableDelay(file: file, line: line) { try self.doubleTimedOut() }
    }
  }

  // MARK: Events

  private func watch() async throws {
    while true {
      let now = isPressedNow
      if now != isPressed {
        isPressed = now
        if now { try didPress() } else { try didRelease() }
      }
      try await sleepMs(Self.debounceMs)
    }
  }

  private func didPress() throws {
    try onPress?.launch()
    let isSecond = onDouble != nil && doubleTimer?.isRunning == true
    // A long press right after a short one is not a double press held long.
    if !isSecond { try longTimer?.trigger(milliseconds: Self.longPressMs) }
    guard let onDouble, let doubleTimer else { return }
    if isSecond {
      try doubleTimer.stop()
      isDoublePending = false
      wasDouble = true
      try onDouble.launch()
    } else {
      try doubleTimer.trigger(milliseconds: Self.doubleClickMs)
      isDoublePending = true
    }
  }

  private func didRelease() throws {
    let isShort = longTimer?.isRunning ?? true
    if !suppress || (!isDoublePending && !wasDouble && isShort) { try onRelease?.launch() }
    try longTimer?.stop()
    wasDouble = false
  }

  /// No second press has come: the release that was held back is reported, unless the button is still held.
  private func doubleTimedOut() throws {
    isDoublePending = false
    if suppress && !isPressed && longTimer?.isRunning != true { try onRelease?.launch() }
  }
}
