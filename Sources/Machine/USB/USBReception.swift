import Timebase

/// The interrupt of the serial line in a USB socket: the computer has sent something. Computers do so once a millisecond, the length of a frame (USB
/// 2.0, 5.3.3).
public final class USBReception {
  private static let frame = Interval.milliseconds(1)

  private let clock: Clock
  private let interrupts: InterruptController
  private let source: InterruptSource
  /// Whether there are bytes that nobody has read.
  private let hasInput: () -> Bool
  /// Whether the bytes that are there have interrupted.
  private var isTold = false
  private var event: Clock.EventID?

  public init(_ board: Board, hasInput: @escaping () -> Bool) {
    clock = board.clock
    interrupts = board.interrupts
    // The priority of the port's USB interrupt (ports/stm32/irq.h).
    source = interrupts.makeSource(name: "USB", priority: 6)
    self.hasInput = hasInput
  }

  deinit { if let event { clock.cancel(event) } }

  /// - Parameter handler: nil takes it away.
  public func setInterrupt(_ handler: InterruptHandler?) {
    source.clear()
    source.handler = handler
    source.isEnabled = true
    isTold = false
    if let event { clock.cancel(event) }
    event = nil
    if handler != nil { lookAgain() }
  }

  /// Firmware has read: what is left, or comes, interrupts anew.
  /// - Parameter count: how many bytes it got; none when there was nothing, or there will be no more.
  public func taken(_ count: Int) { if count > 0 { isTold = false } }

  private func lookAgain() {
    event = clock.schedule(at: clock.now + Self.frame) { [weak self] in self?.look() }
  }

  private func look() {
    event = nil
    guard source.handler != nil else { return }
    lookAgain()
    guard hasInput() else {
      isTold = false
      return
    }
    guard !isTold, source.latched == nil else { return }
    isTold = true
    interrupts.raise(source)
  }
}
