import Asyncio
import Drivers
import Machine
import Session
import Timebase

/// Shows a countdown and the microseconds since the start on a display of letters. In Python: alcd.py
@main struct ALCD: FirmwareProgram {
  static let abstract =
    "Shows a countdown; run with --device hd44780:lcd@Y1,Y2,Y6,Y5,Y4,Y3 --trace FILE."

  @Firmware static func run(on board: Board) async throws {
    let data = try ["Y6", "Y5", "Y4", "Y3"].map { try board.pins[$0] }
    let display = try LetterDisplay(
      select: try board.pins["Y1"], enable: try board.pins["Y2"], data: data, columns: 16)
    for second in (0...20).reversed() {
      display[0] = "Swift \(second)"
      let microseconds = String(try boardTime().microseconds)
      display[1] = String(repeating: " ", count: max(0, 11 - microseconds.count)) + microseconds + "uS"
      try await sleep(1)
    }
    try display.end()
  }
}
