import Asyncio
import Machine

/// A switch between a pin and ground that calls functions when it is opened or closed (`Switch` of micropython-async;
/// `Machine.Switch` is the part on the board).
///
/// Its task looks at the pin every `debounceMs` until `end()`, so that contacts may bounce.
@Firmware
public final class DebouncedSwitch {
  /// Between two looks at the pin, milliseconds (`debounce_ms`).
  public static var debounceMs = 50

  /// The debounced level: low while the switch is closed (`switch()`).
  public private(set) var level: Level
  /// Set when the switch closes (`close_func(None)`); clearing it is the program's business.
  public let close = Event()
  /// Set when the switch opens (`open_func(None)`).
  public let open = Event()
  private let pin: Pin
  private var onClose: Action?
  private var onOpen: Action?
  private var task: FirmwareTask<Void>?

  /// - Parameter pin: an input with a pull-up.
  public init(_ pin: Pin, file: StaticString = #fileID, line: UInt = #line) {
    self.pin = pin
    level = pin.level
    task = createService(name: "DebouncedSwitch", file: file, line: line) { try await self.watch() }
  }

  /// Calls `function` when the switch closes (`close_func`).
  public func onClose(_ function: @escaping @Firmware () throws -> Void) { onClose = .function(function) }

  /// Runs `coroutine` as a task when the switch closes.
  public func onClose(_ coroutine: @escaping @Firmware () async throws -> Void) {
    onClose = .coroutine(coroutine)
  }

  /// Calls `function` when the switch opens (`open_func`).
  public func onOpen(_ function: @escaping @Firmware () throws -> Void) { onOpen = .function(function) }

  /// Runs `coroutine` as a task when the switch opens.
  public func onOpen(_ coroutine: @escaping @Firmware () async throws -> Void) {
    onOpen = .coroutine(coroutine)
  }

  /// Looks at the pin no more (`deinit()`).
  public func end() throws(SchedulerError) { try task?.cancel() }

  private func watch() async throws {
    while true {
      let now = pin.level
      if now != level {
        level = now
        if now == .low {
          close.set()
          try onClose?.launch()
        } else {
          open.set()
          try onOpen?.launch()
        }
      }
      try await sleepMs(Self.debounceMs)
    }
  }
}
