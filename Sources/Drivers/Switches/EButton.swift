import Asyncio
import Machine

/// A button with events for short, double and long presses (`EButton` of micropython-async).
@Firmware
public final class EButton {
  /// Between two looks at the pin, milliseconds (`debounce_ms`).
  public static var debounceMs = 50
  /// From when on a press is long, milliseconds (`long_press_ms`).
  public static var longPressMs = 1000
  /// How long a second press may take to make it a double one, milliseconds (`double_click_ms`).
  public static var doubleClickMs = 400

  /// Set when it is pressed; with `suppress` only when it is certain that the press is neither long nor double.
  public let press = Event()
  /// Set at the second of two quick presses.
  public let double = Event()
  /// Set when it has been held for `longPressMs`.
  public let long = Event()
  /// Set when it is released; with `suppress` after `press`.
  public let release = Event()
  /// Whether it is pressed, bounces aside (`button()`).
  public private(set) var isPressed: Bool
  private let pin: Pin
  private let restLevel: Level
  private let suppress: Bool
  private let longTimer: RetriggerableDelay<Void>
  private let doubleTimer: RetriggerableDelay<Void>
  private var tasks: [FirmwareTask<Void>] = []

  /// - Parameters:
  ///   - pin: an input with a pull-up or pull-down, as it takes.
  ///   - suppress: whether each press sets the events of one kind of press only.
  ///   - restLevel: of the pin while the button is not pressed (`sense`); by default the present one.
  public init(
    _ pin: Pin, suppress: Bool = false, restLevel: Level? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    self.pin = pin
    self.suppress = suppress
    let rest = restLevel ?? pin.level
    self.restLevel = rest
    isPressed = pin.level != rest
    longTimer = RetriggerableDelay(milliseconds: Self.longPressMs, file: file, line: line)
    doubleTimer = RetriggerableDelay(milliseconds: Self.doubleClickMs, file: file, line: line)
    let interval = Self.debounceMs
    func run(_ name: String, _ body: @escaping @Firmware () async throws -> Void) {
      tasks.append(createService(name: name, file: file, line: line, body))
    }
    run("EButton") { try await self.watch(everyMs: interval) }
    run("EButton long") { try await self.waitForLong() }
    if suppress { run("EButton double") { try await self.waitForSingle() } }
  }

  /// Whether it is pressed this moment (`rawstate()`).
  public var isPressedNow: Bool { pin.level != restLevel }

  /// Looks at the pin no more and clears the events (`deinit()`).
  public func end() throws(SchedulerError) {
    for task in tasks { try task.cancel() }
    for event in [press, double, long, release] { event.clear() }
  }

  private func watch(everyMs: Int) async throws {
    while true {
      let now = isPressedNow
      if now != isPressed {
        isPressed = now
        if now { try didPress() } else { try didRelease() }
      }
      try await sleepMs(everyMs)
    }
  }

  private func didPress() throws {
    if !suppress { press.set() }
    if doubleTimer.isRunning {
      double.set()
      try doubleTimer.stop()
    } else {
      try doubleTimer.trigger()
      try longTimer.trigger()
    }
  }

  private func didRelease() throws {
    try longTimer.stop()
    // While a second press may follow, `press` has to come before it.
    if !suppress || !doubleTimer.isRunning { release.set() }
  }

  private func waitForLong() async throws {
    while true {
      try await longTimer.wait()
      longTimer.clear()
      long.set()
    }
  }

  /// No second press has come: unless it is held, it was a short one.
  private func waitForSingle() async throws {
    while true {
      try await doubleTimer.wait()
      doubleTimer.clear()
      if !longTimer.isRunning {
        press.set()
        release.set()
      }
    }
  }
}
