import Asyncio
import Drivers
import Machine
import Session

/// Prints where a GPS receiver on UART 4 is, has it tell only every two seconds, and prints three places more. In Python: gps.py
@main struct Position: FirmwareProgram {
  static let abstract = "Reads a GPS receiver; run with --device gps@tx:X2,rx:X1."

  @Firmware static func run(on board: Board) async throws {
    let uart = try board.uart(4)
    try uart.start(UARTSettings(baudRate: 9600, receiveBufferSize: 256))
    let gps = GPS(StreamReader(uart), clock: board.clock)
    let control = GPSControl(gps, StreamWriter(uart))
    try await gps.next([.position, .altitude, .course, .date])
    show(gps)
    try await control.setInterval(.seconds(2))
    print("firmware", try await control.askVersion())
    for _ in 0..<3 {
      try await gps.next([.position, .altitude, .course, .date])
      show(gps)
    }
    print("wrong check sums:", gps.counts.wrongChecksums)
  }

  @Firmware private static func show(_ gps: GPS) {
    guard let position = gps.position, let altitude = gps.altitude, let time = gps.time else { return }
    print(
      time, position.latitudeText(), position.longitudeText(), Int(altitude.rounded()), "m",
      gps.compassDirection ?? "")
  }
}
