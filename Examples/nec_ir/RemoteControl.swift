import Asyncio
import Drivers
import Machine
import Session

/// Prints what an infrared remote control sends, whose receiver is on X3; key 162 switches the red LED. Runs until it is
/// interrupted. In Python: nec_ir.py
@main struct RemoteControl: FirmwareProgram {
  static let abstract = "Hears an infrared remote control; run with --device ir_receiver:ir@X3."

  @Firmware static func run(on board: Board) async throws {
    let led = try board.led(1)
    let remote = try RemoteReceiver(try board.pins["X3"])
    for try await code in remote {
      switch code {
      case .key(let command, let address):
        print("command \(command) address \(address)")
        if command == 162 { led.toggle() }
      case .held: print("held")
      case .failure(let failure): print("not understood: \(failure)")
      }
    }
  }
}
