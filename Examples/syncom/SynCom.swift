import Asyncio
import Drivers
import Machine
import Session

/// Two boards exchange messages through two clocks and two lines of data: one sends, the other answers with the length of what it has
/// received. In Python: initiator.py, passive.py
@main struct SynCom: BoardsProgram {
  static let abstract = "Messages over four wires; run with --wiring Examples/syncom/syncom.yaml."

  static func firmware(of board: String) -> (@Firmware (Board) async throws -> Void)? {
    switch board {
    case "initiator": initiate
    case "passive": answer
    default: nil
    }
  }

  @Firmware private static func initiate(_ board: Board) async throws {
    let link = try link(.initiator, board)
    try await link.ready()
    for word in ["one", "two", "three"] {
      try link.send(word)
      print("initiator: received", try await link.receive())
    }
  }

  @Firmware private static func answer(_ board: Board) async throws {
    let link = try link(.passive, board)
    try await link.ready()
    for _ in 0..<3 {
      let message = try await link.receive()
      print("passive: received", message)
      try link.send("\(message) has \(message.count) letters")
    }
    // So that the last answer reaches the other end.
    try await sleepMs(200)
  }

  @Firmware private static func link(_ role: SynchronousLink.Role, _ board: Board) throws -> SynchronousLink {
    try SynchronousLink(
      role, clockIn: board.pins["Y8"], clockOut: board.pins["Y6"], dataIn: board.pins["Y7"],
      dataOut: board.pins["Y5"])
  }
}
