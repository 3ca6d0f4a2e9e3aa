import Asyncio
import Machine

/// A character display with the controller HD44780 on four data lines (`LCD` of micropython-async).
///
/// A line that changes is written by a task of the display's own, a character at a time, so that other tasks
/// run meanwhile; of texts that follow each other too fast only the last is shown. Times and instructions:
/// Hitachi, HD44780U data sheet (ADE-207-272(Z)), table 6 and figure 24.
@Firmware
public final class LetterDisplay {
  public let columns: Int
  public let rows: Int

  private let select: Pin
  private let enable: Pin
  private let data: [Pin]
  private var lines: [String]
  private var isChanged: [Bool]
  private var task: FirmwareTask<Void>?

  /// Four-bit interface; two lines, small characters; on, without a cursor; to the right; cleared.
  private static let instructions: [UInt8] = [0x28, 0x0C, 0x06, 0x01]
  /// Addresses of the lines' first characters.
  private static let lineAddresses: [UInt8] = [0x00, 0x40, 0x14, 0x54]

  /// - Parameters:
  ///   - select: RS.
  ///   - data: D4, D5, D6, D7.
  public init(
    select: Pin, enable: Pin, data: [Pin], columns: Int, rows: Int = 2, file: StaticString = #fileID,
    line: UInt = #line
  ) throws(SchedulerError) {
    self.select = select
    self.enable = enable
    self.data = data
    self.columns = columns
    self.rows = rows
    lines = Array(repeating: "", count: rows)
    isChanged = Array(repeating: false, count: rows)
    for pin in [select, enable] + data { pin.configure(.outputPushPull, level: .low, file: file, line: line) }
    try setUp()
    task = createService(name: "LetterDisplay", file: file, line: line) { try await self.show() }
  }

  /// The text of a row: cut off at the end of the display, blanks behind it.
  public subscript(row: Int) -> String {
    get { lines[row] }
    set {
      let text = String(newValue.prefix(columns))
      let padded = text + String(repeating: " ", count: columns - text.count)
      guard padded != lines[row] else { return }
      lines[row] = padded
      isChanged[row] = true
    }
  }

  /// Shows no more.
  public func end() throws(SchedulerError) { try task?.cancel() }

  /// The display may be in any state: three times eight bits bring it into a known one (figure 24).
  private func setUp() throws(SchedulerError) {
    for delay: Swift.Duration in [.milliseconds(5), .microseconds(100), .microseconds(50)] {
      try send(half: 3, delay: delay)
    }
    try send(half: 2)
    for instruction in Self.instructions { try send(instruction) }
    // Clearing takes 1.52 ms.
    try busyWait(.milliseconds(2))
  }

  private func show() async throws {
    while true {
      for row in 0..<rows where isChanged[row] {
        isChanged[row] = false
        let text = lines[row]
        try send(0x80 | Self.lineAddresses[row])
        for letter in text {
          try send(letter.asciiValue ?? 0x3F, isData: true)
          try await sleepMs(0)
        }
      }
      try await sleepMs(20)
    }
  }

  private func send(_ byte: UInt8, isData: Bool = false) throws(SchedulerError) {
    select.level = isData ? .high : .low
    try send(half: byte >> 4)
    try send(half: byte & 0x0F)
  }

  private func send(half: UInt8, delay: Swift.Duration = .microseconds(50)) throws(SchedulerError) {
    for (place, pin) in data.enumerated() { pin.level = half >> UInt8(place) & 1 == 1 ? .high : .low }
    enable.high()
    try busyWait(.microseconds(1))
    enable.low()
    try busyWait(delay)
  }
}
