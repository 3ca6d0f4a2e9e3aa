import Glibc
import Synchronization

/// A counting semaphore: one atomic counter, and a POSIX semaphore for those that have to sleep.
///
/// Waking a sleeping thread takes the kernel some microseconds, tens of them where another processor has to be woken from
/// its idle state. One made with `spinning` looks at the counter for a while before it sleeps: a thread on another processor
/// that signals meanwhile needs no kernel.
///
/// Memory ordering: `signal` adds with release and `wait` takes with acquire ordering, on the same counter. So what a thread
/// did before `signal` is visible to the one whose `wait` that signal ends: directly when it found the counter above zero;
/// when it slept, `sem_post` and `sem_wait` order the two as well.
package final class HostSemaphore: Sendable {
  /// Signals that nobody has taken; below zero the number of threads that sleep, or are about to.
  private let count: Atomic<Int>
  /// For the sleepers: posted once for each signal that found the counter below zero.
  // Never reassigned, and every access goes through sem_wait and sem_post, which are thread safe. Valid from
  // `init` to `deinit`, so as long as anybody can reach it.
  nonisolated(unsafe) private let sleepers: UnsafeMutablePointer<sem_t>
  private let patience: SpinPatience?

  /// - Parameter spinning: whether a wait is expected to end within microseconds.
  package init(value: Int = 0, spinning: Bool = false) {
    count = Atomic(value)
    patience = spinning ? SpinPatience() : nil
    sleepers = .allocate(capacity: 1)
    sem_init(sleepers, 0, 0)
  }

  deinit {
    sem_destroy(sleepers)
    sleepers.deallocate()
  }

  package func signal() {
    if count.add(1, ordering: .releasing).oldValue < 0 { sem_post(sleepers) }
  }

  package func wait() {
    if let patience, patience.spin(until: takeIfSignalled) { return }
    if count.subtract(1, ordering: .acquiring).oldValue > 0 { return }
    while sem_wait(sleepers) != 0 && errno == EINTR {}
  }

  /// Waits for a signal or for `interval`, whichever is first. It can only wait by the system's calendar
  /// clock, so a change of that can end the wait early or late: look at the time afterwards.
  package func wait(atMost interval: Interval) {
    if count.subtract(1, ordering: .acquiring).oldValue > 0 { return }
    var end = timespec()
    clock_gettime(CLOCK_REALTIME, &end)
    let (seconds, nanoseconds) = (Int64(end.tv_nsec) + max(0, interval.nanoseconds % 1_000_000_000))
      .quotientAndRemainder(dividingBy: 1_000_000_000)
    end.tv_sec += Int(max(0, interval.nanoseconds / 1_000_000_000) + seconds)
    end.tv_nsec = Int(nanoseconds)
    if sem_timedwait(sleepers, &end) == 0 { return }
    giveUp()
  }

  /// Takes a signal if there is one.
  private func takeIfSignalled() -> Bool {
    let signals = count.load(ordering: .relaxed)
    guard signals > 0 else { return false }
    return count.compareExchange(
      expected: signals, desired: signals - 1, ordering: .acquiring
    ).exchanged
  }

  /// A sleeper that was not woken takes itself off the counter; if a signal counts on it already, it takes that one. Relaxed: who gives
  /// up has been handed nothing, and an exchange in between does not part a signal from the wait that it ends.
  private func giveUp() {
    var counted = count.load(ordering: .relaxed)
    while counted < 0 {
      let (exchanged, original) = count.compareExchange(
        expected: counted, desired: counted + 1, ordering: .relaxed)
      if exchanged { return }
      counted = original
    }
    while sem_wait(sleepers) != 0 && errno == EINTR {}
  }
}

/// How long one side of a hand-over spins before it sleeps. If its waits do not end while it spins, because
/// the other thread has no processor, it stops spinning for a while: then the two had better share one.
private final class SpinPatience: Sendable {
  /// The longest spin. Waking an idle processor takes about as long.
  private static let limit: Int64 = 20_000
  /// After a spin in vain, so many waits sleep at once; doubled each time, up to a bound.
  private static let longestPause = 64

  private let isUseful = hostProcessorCount > 1
  /// Waits that still sleep at once. Only the waiting thread uses these two; atomic because the next one may be another. Relaxed:
  /// they decide how long to spin, and an old value costs some microseconds.
  private let paused = Atomic(0)
  private let nextPause = Atomic(1)

  /// - Returns: whether `condition` came true.
  func spin(until condition: () -> Bool) -> Bool {
    if condition() { return true }
    guard isUseful else { return false }
    let left = paused.load(ordering: .relaxed)
    guard left == 0 else {
      paused.store(left - 1, ordering: .relaxed)
      return false
    }
    let end = hostNanoseconds() + Self.limit
    repeat {
      // Reading the time lets the other thread of the same core have its turn, as a pause instruction would.
      if condition() {
        nextPause.store(1, ordering: .relaxed)
        return true
      }
    } while hostNanoseconds() < end
    let pause = nextPause.load(ordering: .relaxed)
    paused.store(pause, ordering: .relaxed)
    nextPause.store(min(2 * pause, Self.longestPause), ordering: .relaxed)
    return false
  }
}

/// How many processors this process may use: from the file system, because Swift does not see `sched_getaffinity`, which is a
/// GNU extension. One where that cannot be read.
private let hostProcessorCount: Int = {
  let descriptor = open("/proc/self/status", O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return 1 }
  defer { close(descriptor) }
  var bytes = [UInt8](repeating: 0, count: 8192)
  let count = read(descriptor, &bytes, bytes.count)
  // A mask in hexadecimal digits with commas in between.
  let mask = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    .split(separator: "\n").first { $0.hasPrefix("Cpus_allowed:") }
  let digits = mask?.dropFirst("Cpus_allowed:".count) ?? ""
  return max(1, digits.reduce(0) { $0 + ($1.hexDigitValue ?? 0).nonzeroBitCount })
}()
