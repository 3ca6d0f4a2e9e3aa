import Asyncio
import Machine

/// A keypad whose keys are at the crossings of rows and columns, up to 64 (`Keyboard` of micropython-async).
///
/// `for try await code in keyboard` takes the scan codes of pressed keys for ever. The code counts from the last column of
/// the last row. When nobody takes them, the oldest are dropped.
@Firmware
public final class Keyboard {
  private let contacts: Crosspoint
  private let codes: RingbufQueue<Int>
  private var pressed: UInt64 = 0
  private var task: FirmwareTask<Void>?

  /// - Parameters:
  ///   - rows: open-drain outputs.
  ///   - columns: inputs with pull-ups.
  ///   - bufferSize: room for codes that nobody has taken, plus one.
  ///   - debounceMs: how long a contact may bounce.
  public init(
    rows: [Pin], columns: [Pin], bufferSize: Int = 10, debounceMs: Int = 50,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    contacts = Crosspoint(rows: rows, columns: columns)
    codes = RingbufQueue(size: bufferSize)
    task = createService(name: "Keyboard", file: file, line: line) {
      try await self.scan(debounceMs: debounceMs)
    }
  }

  /// Whether the key of a scan code is held, bounces aside.
  public subscript(code: Int) -> Bool { pressed >> UInt64(code) & 1 == 1 }

  /// Waits for the next scan code.
  /// - Throws: `CancelledError`.
  public func get(file: StaticString = #fileID, line: UInt = #line) async throws -> Int {
    try await codes.get(file: file, line: line)
  }

  /// Looks at the keys no more (`deinit()`).
  public func end() throws(SchedulerError) { try task?.cancel() }

  private func scan(debounceMs: Int) async throws {
    while true {
      let now = contacts.read()
      let new = now & ~pressed
      if new != 0 {
        for code in 0..<contacts.count where new >> UInt64(code) & 1 == 1 { try? codes.putNowait(code) }
      }
      let hasChanged = now != pressed
      pressed = now
      try await sleepMs(hasChanged ? debounceMs : 0)
    }
  }
}

extension Keyboard: @Firmware AsyncSequence {
  /// Takes scan codes as `get()` does; never ends by itself.
  public struct Iterator: @Firmware AsyncIteratorProtocol {
    fileprivate let keyboard: Keyboard

    @Firmware public mutating func next() async throws -> Int? { try await keyboard.get() }
  }

  public func makeAsyncIterator() -> Iterator { Iterator(keyboard: self) }
}
