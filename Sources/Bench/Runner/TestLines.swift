import Machine
import Timebase

/// Real lines behind the pins of the boards that tests run on, one board after the other.
public protocol TestLines: Sendable {
  /// Joins the pins of a board to their lines.
  /// - Throws: when there are none for this board.
  func join(_ board: Board) throws -> JoinedLines
}

/// The lines of one board.
public struct JoinedLines {
  /// Kept as long as the board runs.
  public let owner: AnyObject
  /// Gives the lines back.
  public let release: @Sendable () -> Void

  public init(owner: AnyObject, release: @escaping @Sendable () -> Void) {
    self.owner = owner
    self.release = release
  }
}

/// Something that a test does and real lines cannot: the test is skipped with this as its reason.
struct BeyondLines: Error, CustomStringConvertible {
  let description: String
  init(_ what: String) { description = "real lines: \(what)" }
}

/// Looks at a pin that is a real line now and then, as its edges are reported only where firmware has an
/// interrupt for them.
final class LineSampler {
  private let pin: Pin
  private let clock: Clock
  private static let period = Interval.milliseconds(1)

  init(_ pin: Pin, _ clock: Clock) {
    self.pin = pin
    self.clock = clock
    look()
  }

  private func look() {
    _ = pin.level
    clock.schedule(at: clock.now + Self.period) { [weak self] in self?.look() }
  }
}
