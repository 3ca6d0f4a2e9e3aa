/// The board, without keeping it alive: the interrupt controller is part of it.
final class BoardReference {
  weak var board: Board?
}
