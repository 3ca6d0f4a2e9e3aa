import Asyncio
import Machine
import Session

/// Three LEDs flash side by side for ten seconds, each at its own rate. In Python: aledflash.py
@main struct AledFlash: FirmwareProgram {
  static let abstract = "Three LEDs of a Pyboard flash for ten seconds, each at its own rate."

  @Firmware static func run(on board: Board) async throws {
    print("Flash LED's for 10 seconds")
    for number in 1...3 {
      let led = try board.led(number)
      createTask {
        // Red changes every 200 ms, green every 700 ms, yellow every 1200 ms.
        while true {
          try await sleepMs(200 + 500 * (number - 1))
          led.toggle()
        }
      }
    }
    try await sleep(10)
  }
}
