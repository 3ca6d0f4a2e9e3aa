import Asyncio
import Machine
import Session

/// A task waits for rising edges on X1. A software timer drives X2, which is wired to X1, so an edge comes every second.
/// Runs until it is interrupted. In Python: pin_edge.py
@main struct PinEdge: FirmwareProgram {
  static let abstract = "An edge's interrupt handler wakes a task; run with --wire X1-X2, try --for 5s."

  @Firmware static func run(on board: Board) async throws {
    let flag = ThreadSafeFlag()
    let input = try board.pins["X1"]
    input.configure(.input)
    try input.irq(.rising) { _ in flag.set() }

    let output = try board.pins["X2"]
    output.configure(.outputPushPull)
    let timer = board.makeSoftTimer()
    try timer.start(period: 500) { interrupt in
      interrupt.perform { board in try? board.pins["X2"].toggle() }
    }
    defer { timer.stop() }
    while true {
      try await flag.wait()
      print("Got edge.")
    }
  }
}
