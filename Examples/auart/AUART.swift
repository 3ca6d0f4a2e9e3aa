import Asyncio
import Machine
import Session

/// UART 4 talks to itself: what it sends on X1 comes back on X2. Runs until it is interrupted. In Python: auart.py
@main struct AUART: FirmwareProgram {
  static let abstract = "UART 4 talks to itself; run with --wire X1-X2."

  @Firmware static func run(on board: Board) async throws {
    let uart = try board.uart(4)
    try uart.start(UARTSettings(baudRate: 9600))
    let sender = createTask { try await send(to: uart) }
    let receiver = createTask { try await receive(from: uart) }
    _ = try await gather(sender, receiver)
  }

  @Firmware private static func send(to uart: UART) async throws {
    let writer = StreamWriter(uart)
    while true {
      try writer.write("Hello uart\n")
      try await writer.drain()
      try await sleep(2)
    }
  }

  @Firmware private static func receive(from uart: UART) async throws {
    let reader = StreamReader(uart)
    while true {
      print("Received", BytesLiteral(try await reader.readLine()))
    }
  }
}
