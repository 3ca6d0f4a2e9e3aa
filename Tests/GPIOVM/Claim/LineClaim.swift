import Asyncio
import Machine
import Session

/// Asks for GPIO3, which somebody else has: first in a way that can be refused, then as if it were its own.
@main struct LineClaim: FirmwareProgram {
  static let abstract = "A line that is refused, for tools/test-gpio."

  @Firmware static func run(on board: Board) async throws {
    let wanted = try board.pins["GPIO3"]
    do throws(HostPinError) {
      try wanted.claim(.outputPushPull)
    } catch {
      print("caught \(error.errorNumber): \(error)")
    }
    let other = try board.pins["GPIO5"]
    try other.claim(.outputPushPull, level: .high)
    print("instead \(other.level)")
    wanted.configure(.outputPushPull)
    try await sleepMs(10_000)
    print("not reached")
  }
}
