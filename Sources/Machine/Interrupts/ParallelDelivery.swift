import Asyncio
import Synchronization
import Timebase

/// Runs handlers beside the firmware, in host mode: one at a time on the `interrupt` thread, started from whatever
/// thread sees the edge, without asking the firmware's.
final class ParallelDelivery: Sendable {
  let thread: BatonThread
  let mailbox: FirmwareMailbox
  let time: HostTime
  private let gate = Mutex(Gate())

  private struct Gate {
    var isOpen = true
    /// Lines that latched something while it was closed.
    var held: [ParallelLine] = []
  }

  init(thread: BatonThread, mailbox: FirmwareMailbox, time: HostTime) {
    self.thread = thread
    self.mailbox = mailbox
    self.time = time
  }

  /// Opening it starts the handlers that were held back.
  func setOpen(_ isOpen: Bool) {
    let held = gate.withLock { gate in
      gate.isOpen = isOpen
      guard isOpen else { return [ParallelLine]() }
      defer { gate.held = [] }
      return gate.held
    }
    for line in held { start(line) }
  }

  /// An edge: starts the line's handler, or latches it while that runs or while the gate is closed.
  /// Callable from any thread.
  /// - Parameter taken: called when its handler has ended, or when there will be none.
  func raise(
    _ line: ParallelLine, at time: Instant, level: Level?, taken: (@Sendable () -> Void)? = nil
  ) {
    switch line.latch(InterruptSource.Latch(time: time, level: level, taken: taken)) {
    case .start: start(line)
    case .wait: break
    case .missed:
      mailbox.put(.missed(line, at: time))
      taken?()
    case .refused: taken?()
    }
  }

  private func start(_ line: ParallelLine) {
    let mayStart = gate.withLock { gate in
      if !gate.isOpen { gate.held.append(line) }
      return gate.isOpen
    }
    guard mayStart else { return }
    thread.post { [self] in run(line) }
  }

  private func run(_ line: ParallelLine) {
    guard let latch = line.take() else { return }
    mailbox.put(.began(line, at: time.now))
    var failure: (any Error)?
    do {
      try line.handler(
        Interrupt(source: line.label, time: latch.time, level: latch.level, access: .deferred(mailbox)))
    } catch {
      failure = error
      line.switchOff()
    }
    mailbox.put(.ended(line, at: time.now, failure: failure))
    latch.taken?()
    if line.finish() { start(line) }
  }
}
