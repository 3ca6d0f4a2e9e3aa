import Synchronization
import Timebase

/// Takes in what other threads send back to a board; the only part of a scheduler that they touch.
final class SideDoor: Sendable {
  /// A suspended Swift task's job, and what belongs to it.
  struct Arrival: Sendable {
    let job: UnownedJob
    let body: FirmwareTaskBody?
  }

  private let arrivals = Mutex<[Arrival]>([])
  private let isOccupied = Atomic(false)
  private let wakeSignal: WakeSignal

  init(wakeSignal: WakeSignal) { self.wakeSignal = wakeSignal }

  /// Callable from any thread; `wakes` can be false on the board's own thread, which is awake.
  func enter(_ arrival: Arrival, wakes: Bool) {
    arrivals.withLock { $0.append(arrival) }
    isOccupied.store(true, ordering: .releasing)
    if wakes { wakeSignal.wake() }
  }

  var hasArrivals: Bool { isOccupied.load(ordering: .relaxed) }

  /// In the order of coming.
  func takeAll() -> [Arrival] {
    isOccupied.store(false, ordering: .relaxed)
    return arrivals.withLock { arrivals in
      defer { arrivals.removeAll() }
      return arrivals
    }
  }
}
