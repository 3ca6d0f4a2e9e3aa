import Asyncio
import Machine

/// A switch with an event for each way that it goes (`ESwitch` of micropython-async).
///
/// Its task looks at the pin every `debounceMs` until `end()`, so that contacts may bounce.
@Firmware
public final class ESwitch {
  /// Between two looks at the pin, milliseconds (`debounce_ms`).
  public static var debounceMs = 50

  /// Set when the switch closes; clearing it is the program's business.
  public let close = Event()
  /// Set when the switch opens; clearing it is the program's business.
  public let open = Event()
  /// Whether it is closed, bounces aside (`switch()`).
  public private(set) var isClosed: Bool
  private let pin: Pin
  private let openLevel: Level
  private var task: FirmwareTask<Void>?

  /// - Parameters:
  ///   - pin: an input with a pull-up or pull-down, as it takes.
  ///   - openLevel: of the pin while the switch is open (`lopen`).
  public init(
    _ pin: Pin, openLevel: Level = .high, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.pin = pin
    self.openLevel = openLevel
    isClosed = pin.level != openLevel
    task = createService(name: "ESwitch", file: file, line: line) {
      try await self.watch(everyMs: Self.debounceMs)
    }
  }

  /// Looks at the pin no more and clears the events (`deinit()`).
  public func end() throws(SchedulerError) {
    try task?.cancel()
    open.clear()
    close.clear()
  }

  private func watch(everyMs: Int) async throws {
    while true {
      let now = pin.level != openLevel
      if now != isClosed {
        isClosed = now
        if now { close.set() } else { open.set() }
      }
      try await sleepMs(everyMs)
    }
  }
}
