import Asyncio
import Drivers
import Machine
import Session

/// Sets the board's clock by the pulses of a GPS receiver, on X3, and its sentences, on UART 4; then prints how far both are apart. In
/// Python: gps_clock.py
@main struct GPSTime: FirmwareProgram {
  static let abstract = "Sets the clock by a GPS receiver; run with --device gps@tx:X2,rx:X1,pps:X3."

  @Firmware static func run(on board: Board) async throws {
    let uart = try board.uart(4)
    try uart.start(UARTSettings(baudRate: 9600, receiveBufferSize: 256))
    let gps = GPS(StreamReader(uart), clock: board.clock)
    let time = try GPSClock(gps, pulses: try board.pins["X3"], clock: board.clock)
    try await time.ready()
    print("before:", board.realTimeClock.dateTime)
    try await time.setClock()
    print("after:", board.realTimeClock.dateTime)
    for _ in 0..<3 {
      print("apart:", try await time.lead(of: board.realTimeClock) / 1000, "ms")
    }
  }
}
