import Asyncio
import Machine
import Timebase

/// Switches or buttons at the crossings of rows and columns, up to 64, with short, double and long presses (`SwArray` of
/// micropython-async).
///
/// `for try await (code, event) in array` takes what happens for ever. When nobody takes it, the oldest is dropped.
@Firmware
public final class SwArray {
  /// Events of a switch, and how they are reported.
  public struct Events: OptionSet, Sendable, Hashable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// It closed (`CLOSE`).
    public static let close = Events(rawValue: 1)
    /// It opened (`OPEN`).
    public static let open = Events(rawValue: 2)
    /// It was held for `longPressMs` (`LONG`).
    public static let long = Events(rawValue: 4)
    /// It was closed twice within `doubleClickMs` (`DOUBLE`).
    public static let double = Events(rawValue: 8)
    /// Each press is reported as one kind of press only (`SUPPRESS`).
    public static let suppress = Events(rawValue: 16)
  }

  /// How long a contact may bounce, milliseconds (`debounce_ms`).
  public static var debounceMs = 50
  /// From when on a press is long, milliseconds (`long_press_ms`).
  public static var longPressMs = 1000
  /// How long a second press may take to make it a double one, milliseconds (`double_click_ms`).
  public static var doubleClickMs = 400

  /// The switches that are closed, bounces aside, one bit for each scan code (`keymap()`).
  public private(set) var keymap: UInt64 = 0
  private let contacts: Crosspoint
  private let wanted: Events
  private let queue: RingbufQueue<(Int, Events)>
  /// The switches whose press a task follows.
  private var followed: UInt64 = 0
  private var task: FirmwareTask<Void>?
  /// The place at which firmware has made it.
  private let file: StaticString
  private let line: UInt

  /// - Parameters:
  ///   - rows: open-drain outputs.
  ///   - columns: inputs with pull-ups.
  ///   - events: the events to report, and whether with `suppress`.
  ///   - bufferSize: room for events that nobody has taken, plus one.
  public init(
    rows: [Pin], columns: [Pin], events: Events, bufferSize: Int = 10,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    self.file = file
    self.line = line
    contacts = Crosspoint(rows: rows, columns: columns)
    wanted = events
    queue = RingbufQueue(size: bufferSize)
    task = createService(name: "SwArray", file: file, line: line) {
      try await self.scan(debounceMs: Self.debounceMs)
    }
  }

  /// Whether the switch of a scan code is closed, bounces aside.
  public subscript(code: Int) -> Bool { keymap >> UInt64(code) & 1 == 1 }

  /// Waits for the next event.
  /// - Returns: the scan code and the event.
  /// - Throws: `CancelledError`.
  public func get(file: StaticString = #fileID, line: UInt = #line) async throws -> (Int, Events) {
    try await queue.get(file: file, line: line)
  }

  /// Looks at the switches no more (`deinit()`).
  public func end() throws(SchedulerError) { try task?.cancel() }

  private func scan(debounceMs: Int) async throws {
    let isTimed = !wanted.isDisjoint(with: [.suppress, .long, .double])
    while true {
      let now = contacts.read()
      let changed = now ^ keymap
      if changed != 0 {
        for code in 0..<contacts.count where changed >> UInt64(code) & 1 == 1 {
          let isClosed = now >> UInt64(code) & 1 == 1
          if !isTimed {
            tell(code, isClosed ? .close : .open)
          } else if isClosed && followed >> UInt64(code) & 1 == 0 {
            followed |= 1 << UInt64(code)
            _ = createService(name: "SwArray \(code)", file: file, line: line) { try await self.follow(code) }
          }
        }
      }
      keymap = now
      try await sleepMs(changed != 0 ? debounceMs : 0)
    }
  }

  private func tell(_ code: Int, _ event: Events) {
    if wanted.contains(event) { try? queue.putNowait((code, event)) }
  }

  /// Finds out what becomes of a press.
  private func follow(_ code: Int) async throws {
    // The scan that saw it has yet to note it.
    try await sleepMs(0)
    let isSuppressed = wanted.contains(.suppress)
    let start = try boardTime().milliseconds
    if !isSuppressed { tell(code, .close) }
    while self[code] {
      try await sleepMs(0)
      if try boardTime().milliseconds - start > Int64(Self.longPressMs) {
        tell(code, .long)
        return try await finish(code)
      }
    }
    if !isSuppressed { tell(code, .open) }
    while !self[code] {
      try await sleepMs(0)
      if try boardTime().milliseconds - start > Int64(Self.doubleClickMs) {
        // Without suppression it was reported when it happened.
        if isSuppressed {
          tell(code, .close)
          tell(code, .open)
        }
        followed &= ~(1 << UInt64(code))
        return
      }
    }
    tell(code, .double)
    try await finish(code)
  }

  private func finish(_ code: Int) async throws {
    while self[code] { try await sleepMs(0) }
    tell(code, .open)
    followed &= ~(1 << UInt64(code))
  }
}

extension SwArray: @Firmware AsyncSequence {
  /// Takes events as `get()` does; never ends by itself.
  public struct Iterator: @Firmware AsyncIteratorProtocol {
    fileprivate let array: SwArray

    @Firmware public mutating func next() async throws -> (Int, Events)? { try await array.get() }
  }

  public func makeAsyncIterator() -> Iterator { Iterator(array: self) }
}
