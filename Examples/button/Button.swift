import Asyncio
import Machine
import Session

/// Each press of the button interrupts, wakes a task and switches an LED: USR on a Pyboard, a button between GPIO24 and
/// ground on a Raspberry Pi. Runs until it is interrupted. In Python: button.py
@main struct Button: FirmwareProgram {
  static let abstract = "A button's interrupt wakes a task; try --at 1s:press=USR --for 2s."
  private static let debounceMs = 50

  @Firmware static func run(on board: Board) async throws {
    let pressed = ThreadSafeFlag()
    let button = try board.pins["SW"]
    button.configure(.input, pull: .up)
    try button.irq(.falling) { _ in pressed.set() }
    let led = try board.led(1)
    defer { led.off() }
    print("Press the button.")
    while true {
      try await pressed.wait()
      led.toggle()
      print("Pressed")
      try await sleepMs(debounceMs)  // a contact bounces
      pressed.clear()
    }
  }
}
