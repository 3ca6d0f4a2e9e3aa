import Asyncio
import Machine
import Session

/// A traffic light: red, red and yellow, green, yellow. The Pyboard's LEDs, or those that are wired to GPIO17 (red),
/// GPIO22 (yellow) and GPIO27 (green) of a Raspberry Pi. Runs until it is interrupted. In Python: traffic_light.py
@main struct TrafficLight: FirmwareProgram {
  static let abstract =
    "Three LEDs are a traffic light; on a Raspberry Pi with --backend gpiod --board raspberry-pi."

  private static let (red, green, yellow) = (1, 2, 3)
  /// What is lit, and for how many seconds.
  private static let phases: [(lit: Set<Int>, seconds: Double)] = [
    ([red], 3), ([red, yellow], 1), ([green], 3), ([yellow], 1),
  ]

  @Firmware static func run(on board: Board) async throws {
    defer { try? show([], on: board) }
    while true {
      for phase in phases {
        try show(phase.lit, on: board)
        try await sleep(phase.seconds)
      }
    }
  }

  @Firmware private static func show(_ lit: Set<Int>, on board: Board) throws {
    for number in [red, green, yellow] {
      let led = try board.led(number)
      if lit.contains(number) { led.on() } else { led.off() }
    }
  }
}
