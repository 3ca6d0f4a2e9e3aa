import Asyncio
import Machine
import Session

/// An LED blinks: one of the Pyboard's, or the one that is wired to GPIO17 of a Raspberry Pi. Runs until it is interrupted.
/// In Python: blink.py
@main struct Blink: FirmwareProgram {
  static let abstract = "An LED blinks; on a Raspberry Pi with --backend gpiod --board raspberry-pi."

  @Firmware static func run(on board: Board) async throws {
    let led = try board.led(1)
    defer { led.off() }
    while true {
      led.toggle()
      try await sleepMs(500)
    }
  }
}
