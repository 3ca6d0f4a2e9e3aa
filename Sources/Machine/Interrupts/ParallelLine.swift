import Synchronization
import Timebase

/// The handler of one source of interrupts while it runs beside the firmware.
final class ParallelLine: Sendable {
  enum Answer {
    case start
    case wait
    case missed
    /// Its handler is off.
    case refused
  }

  let label: String
  let index: Int
  let handler: @Sendable (Interrupt) throws -> Void
  private let state = Mutex(State())

  private struct State {
    var latched: InterruptSource.Latch?
    /// From the edge that starts the handler to its end.
    var isBusy = false
    var isOn = true
  }

  init(label: String, index: Int, handler: @escaping @Sendable (Interrupt) throws -> Void) {
    self.label = label
    self.index = index
    self.handler = handler
  }

  var isOn: Bool { state.withLock { $0.isOn } }

  /// Its handler is not started again.
  func switchOff() {
    state.withLock { state in
      state.isOn = false
      state.latched = nil
    }
  }

  func forget() { state.withLock { $0.latched = nil } }

  func latch(_ latch: InterruptSource.Latch) -> Answer {
    state.withLock { state in
      guard state.isOn else { return .refused }
      guard state.latched == nil else { return .missed }
      state.latched = latch
      if state.isBusy { return .wait }
      state.isBusy = true
      return .start
    }
  }

  func take() -> InterruptSource.Latch? {
    state.withLock { state in
      defer { state.latched = nil }
      if state.latched == nil { state.isBusy = false }
      return state.latched
    }
  }

  /// - Returns: whether an edge came meanwhile, so that the handler is to be started again.
  func finish() -> Bool {
    state.withLock { state in
      state.isBusy = state.latched != nil
      return state.isBusy
    }
  }
}
