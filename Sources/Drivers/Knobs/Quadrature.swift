import Asyncio
import Machine
import Synchronization

/// Counts the edges of a quadrature encoder, in interrupt handlers.
final class Quadrature: Sendable {
  private struct Position: Sendable {
    var x: Level
    var y: Level
    var count: Int
  }

  /// Set at each move.
  let moved = ThreadSafeFlag()
  private let position: Mutex<Position>

  /// Takes both pins' interrupt lines.
  init(
    _ x: Pin, _ y: Pin, count: Int, file: StaticString, line: UInt
  ) throws(ExternalInterruptError) {
    position = Mutex(Position(x: x.level, y: y.level, count: count))
    let (xName, yName) = (x.cpuName, y.cpuName)
    try x.irq(.risingOrFalling, file: file, line: line) { interrupt in
      interrupt.perform { board in
        guard let x = board.pins.find(xName)?.level, let y = board.pins.find(yName)?.level else { return }
        self.edgeOfX(x, y)
      }
    }
    try y.irq(.risingOrFalling, file: file, line: line) { interrupt in
      interrupt.perform { board in
        guard let x = board.pins.find(xName)?.level, let y = board.pins.find(yName)?.level else { return }
        self.edgeOfY(x, y)
      }
    }
  }

  var count: Int { position.withLock { $0.count } }

  /// By the time that the handler runs the next edge may have come; then nothing has moved.
  private func edgeOfX(_ x: Level, _ y: Level) {
    let hasMoved = position.withLock { position in
      guard x != position.x else { return false }
      position.x = x
      position.count += x != y ? 1 : -1
      return true
    }
    if hasMoved { moved.set(eventIsKept: true) }
  }

  private func edgeOfY(_ x: Level, _ y: Level) {
    let hasMoved = position.withLock { position in
      guard y != position.y else { return false }
      position.y = y
      position.count -= x != y ? 1 : -1
      return true
    }
    if hasMoved { moved.set(eventIsKept: true) }
  }
}
