import Synchronization

/// A named thread that takes the baton: it runs the work that it is handed, one piece at a time, in order.
///
/// `lend` keeps the caller waiting until the work is done, so that exactly one of the two runs, as on a single
/// core. `post` does not: the work runs in parallel, and must be safe to.
public final class BatonThread: Sendable {
  public typealias Work = @Sendable () -> Void

  private enum Order: Sendable {
    case posted(Work)
    case lent(Loan)
    case end
  }

  /// Work of a caller that waits for it.
  ///
  /// Its closure and what that reaches cross to the other thread although they are not Sendable. Safe because the
  /// caller touches nothing between handing it over and `finished`, which is signalled after the last use of the
  /// closure; the semaphores order the memory accesses of the two threads.
  private final class Loan: @unchecked Sendable {
    let finished = HostSemaphore(spinning: true)
    private var body: (() -> Void)?

    func begin(_ body: @escaping () -> Void) { self.body = body }

    func run() {
      body?()
      // The caller's closure must not outlive the caller's call.
      body = nil
      finished.signal()
    }
  }

  /// Work for a moment of wall time.
  private struct Appointment: Sendable {
    let due: Instant
    let time: HostTime
    let work: Work
  }

  private struct Queue {
    var orders: [Order] = []
    /// The loan of the last caller that waited, for the next one.
    var spareLoan: Loan?
    /// The latest first, so that the next one is at the end.
    var appointments: [Appointment] = []

    /// Takes the order to run now, or returns how long there is none; `nil` for ever. Orders go first, so
    /// that appointments that come faster than they can be kept do not keep them out.
    mutating func next() -> (order: Order?, pause: Interval?) {
      if !orders.isEmpty { return (orders.removeFirst(), nil) }
      guard let first = appointments.last else { return (nil, nil) }
      let pause = first.due - first.time.now
      guard pause <= .zero else { return (nil, pause) }
      appointments.removeLast()
      return (.posted(first.work), nil)
    }
  }

  /// State that the thread shares with its owner; outlives the owner until the thread has ended.
  private final class Shared: Sendable {
    let queue = Mutex(Queue())
    let news = HostSemaphore(spinning: true)

    func enqueue(_ order: Order) {
      queue.withLock { $0.orders.append(order) }
      news.signal()
    }

    /// Runs `body` on the thread and waits for its end.
    func lend(_ body: @escaping () -> Void) {
      let loan = queue.withLock { queue in
        let loan = queue.spareLoan.take() ?? Loan()
        loan.begin(body)
        queue.orders.append(.lent(loan))
        return loan
      }
      news.signal()
      loan.finished.wait()
      queue.withLock { $0.spareLoan = loan }
    }

    func enqueue(_ appointment: Appointment) {
      queue.withLock { queue in
        let index = queue.appointments.firstIndex { $0.due <= appointment.due } ?? queue.appointments.endIndex
        queue.appointments.insert(appointment, at: index)
      }
      news.signal()
    }

    func serve() {
      while true {
        let (order, pause) = queue.withLock { $0.next() }
        switch order {
        case .posted(let work): work()
        case .lent(let loan): loan.run()
        case .end: return
        case nil:
          // One signal for each order, and none is missed: the queue is looked at again after every wait.
          if let pause { news.wait(atMost: pause) } else { news.wait() }
        }
      }
    }
  }

  private let shared: Shared

  /// Starts the thread.
  /// - Parameter name: at most 15 bytes, as `ps` and a debugger show it.
  /// - Throws: `ThreadStartError` when the system has no thread to give.
  public init(name: String) throws(ThreadStartError) {
    let shared = Shared()
    self.shared = shared
    try startHostThread(name: name) { shared.serve() }
  }

  deinit { shared.enqueue(.end) }

  /// Runs `body` on the thread and waits for its end.
  public func lend(_ body: () -> Void) {
    withoutActuallyEscaping(body) { shared.lend($0) }
  }

  /// Runs `work` on the thread after all work that it was handed before; returns at once.
  public func post(_ work: @escaping Work) { shared.enqueue(.posted(work)) }

  /// Runs `work` on the thread when `instant` has come in host mode; returns at once.
  public func post(at instant: Instant, _ time: HostTime, _ work: @escaping Work) {
    shared.enqueue(Appointment(due: instant, time: time, work: work))
  }
}
