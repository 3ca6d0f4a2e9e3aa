import Asyncio
import Drivers
import Machine
import Session

/// Two boards send each other lines through an I2C bus, as a stream of bytes: one controls the bus, the other is its target and
/// sends back in capitals what it receives. In Python, with a memory that both see: controller.py, target.py
@main struct I2CStream: BoardsProgram {
  static let abstract = "A stream over I2C; run with --wiring Examples/i2c_stream/i2c_stream.yaml."

  static func firmware(of board: String) -> (@Firmware (Board) async throws -> Void)? {
    switch board {
    case "controller": control
    case "target": answer
    default: nil
    }
  }

  @Firmware private static func control(_ board: Board) async throws {
    let link = try I2CLink(
      .controller, on: board.i2c(1), own: board.pins["Y12"], remote: board.pins["Y11"])
    try await link.ready()
    let (reader, writer) = (StreamReader(link.stream), StreamWriter(link.stream))
    for word in ["one", "two", "three"] {
      try writer.write("\(word)\n")
      try await writer.drain()
      let line = try await reader.readLine()
      print("controller: received", String(decoding: line.dropLast(), as: UTF8.self))
    }
  }

  @Firmware private static func answer(_ board: Board) async throws {
    let link = try I2CLink(.target, on: board.i2c(1), own: board.pins["Y11"], remote: board.pins["Y12"])
    try await link.ready()
    let (reader, writer) = (StreamReader(link.stream), StreamWriter(link.stream))
    for _ in 0..<3 {
      let line = String(decoding: try await reader.readLine(), as: UTF8.self)
      print("target: received", line.dropLast())
      try writer.write(line.uppercased())
      try await writer.drain()
    }
    // So that the last line reaches the other end.
    try await sleepMs(300)
  }
}
