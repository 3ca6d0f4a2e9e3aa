import Synchronization
import Timebase

/// Takes in what other threads send to a board; the only part of a scheduler that they touch.
///
/// It is the task executor that the board's Swift tasks prefer, so everything that such a task does on its own account runs
/// on the board's thread, in the board's order: child tasks (`async let`, task groups), functions that are isolated to
/// nothing, default actors. None of that needs a thread of Swift's pool, all of which boards may hold, and a child task
/// belongs to its parent's board, whatever other boards run in the process.
final class BoardTaskExecutor: TaskExecutor, ExternalSource {
  /// A suspended Swift task's job, and what belongs to it.
  struct Arrival: Sendable {
    let job: UnownedJob
    let body: FirmwareTaskBody?
    /// Whether the job is known to belong to this board, so that its task prefers this executor.
    let isNative: Bool
    /// The error to be thrown at the await where the task stands.
    var error: (any Error)? = nil
  }

  private let arrivals = Mutex<[Arrival]>([])
  private let orders = Mutex<[any HostOrder]>([])
  /// Orders that have begun and not ended, which the end of the run ends.
  private let running = Mutex<[ObjectIdentifier: any HostOrder]>([:])
  /// Whether the board is gone.
  private let isClosed = Atomic(false)
  /// Whether something may have arrived. A sender puts it under a lock first and stores this afterwards; the
  /// board clears this first and takes under the lock afterwards. If the clearing wipes out the storing, then
  /// the arrival was there before the board took the lock; otherwise this stays set. So the locks do the
  /// ordering, and a look may be relaxed: a board that sleeps is woken. `isClosed` likewise: it is stored
  /// before the lock of the orders is taken, and read after it was.
  private let isOccupied = Atomic(false)
  private let wakeSignal: WakeSignal
  /// Whether the board expects calls from outside, so that unowned jobs rather go there than to a board whose
  /// runs are to be the same every time. Relaxed: it says where to prefer to go, and orders nothing.
  let expectsOthers = Atomic(false)

  init(wakeSignal: WakeSignal) { self.wakeSignal = wakeSignal }

  /// A holder of the board's handle may come at any time.
  var mayStimulate: Bool { expectsOthers.load(ordering: .relaxed) }

  func enqueue(_ job: consuming ExecutorJob) { FirmwareExecutor.shared.place(UnownedJob(job), from: self) }

  /// Callable from any thread; `wakes` can be false on the board's own thread, which is awake.
  func enter(_ arrival: Arrival, wakes: Bool) {
    arrivals.withLock { $0.append(arrival) }
    isOccupied.store(true, ordering: .releasing)
    if wakes { wakeSignal.wake() }
  }

  /// Callable from any thread.
  func enter(_ order: any HostOrder) {
    orders.withLock { $0.append(order) }
    isOccupied.store(true, ordering: .releasing)
    wakeSignal.wake()
    if isClosed.load(ordering: .acquiring) { abandonOrders(SchedulerError.runEnded) }
  }

  /// The board goes; nobody will run anything any more.
  func close() {
    isClosed.store(true, ordering: .releasing)
    abandonOrders(SchedulerError.runEnded)
  }

  func forget(_ order: any HostOrder) { running.withLock { $0[ObjectIdentifier(order)] = nil } }

  /// Ends what other threads wait for.
  func abandonOrders(_ error: any Error) {
    let begun = running.withLock { running in
      defer { running = [:] }
      return running.values
    }
    let waiting = orders.withLock { orders in
      defer { orders = [] }
      return orders
    }
    for order in begun { order.abandon(error) }
    for order in waiting { order.abandon(error) }
  }

  var hasArrivals: Bool { isOccupied.load(ordering: .relaxed) }

  /// Begins taking arrivals out: later ones are seen at the next look.
  func beginTaking() { isOccupied.store(false, ordering: .relaxed) }

  /// In the order of coming.
  func takeAll() -> [Arrival] {
    arrivals.withLock { arrivals in
      defer { arrivals.removeAll() }
      return arrivals
    }
  }

  /// In the order of coming.
  func takeOrders() -> [any HostOrder] {
    let taken = orders.withLock { orders in
      defer { orders.removeAll() }
      return orders
    }
    if !taken.isEmpty {
      running.withLock { running in
        for order in taken where order.isAwaited { running[ObjectIdentifier(order)] = order }
      }
    }
    return taken
  }

  /// Takes those out that any board could run.
  func takeUnownedJobs() -> [Arrival] {
    arrivals.withLock { arrivals in
      let unowned = arrivals.filter { $0.body == nil && !$0.isNative }
      arrivals.removeAll { $0.body == nil && !$0.isNative }
      return unowned
    }
  }
}
