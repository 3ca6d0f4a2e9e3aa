import Timebase

/// The interrupt that a handler handles.
public struct Interrupt {
  /// The pin or peripheral that interrupted: `X1`, `Timer 4`.
  public let source: String
  /// When the edge came, not when the handler started.
  public let time: Instant
  /// The level after the edge; `nil` for interrupts that have none, as a timer's.
  public let level: Level?

  /// How a handler reaches the board.
  enum Access {
    /// The firmware stands still: the handler holds the baton.
    case exclusive(BoardReference)
    /// The firmware runs at the same time: it carries out the request at its next look at the clock.
    case deferred(InterruptMessages)
  }

  let access: Access

  /// Does something with the board: toggles an LED, reads a pin.
  ///
  /// In virtual and paced mode at once, while the firmware stands still. In host mode, where the handler runs
  /// beside the firmware, as soon as the firmware looks at the clock.
  public func perform(_ action: @escaping @Sendable (Board) -> Void) {
    switch access {
    case .exclusive(let reference):
      if let board = reference.board { action(board) }
    case .deferred(let messages):
      messages.put(.action(action))
    }
  }
}

/// The board, without keeping it alive: the interrupt controller is part of it.
final class BoardReference {
  weak var board: Board?
}
