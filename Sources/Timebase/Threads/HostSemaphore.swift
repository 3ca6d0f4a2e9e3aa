import Glibc

/// A POSIX semaphore. Handing control to another thread and back through two of them costs 6 to 8 µs;
/// condition variables cost 44 (prototypes/interrupt-handoff).
package final class HostSemaphore: Sendable {
  // Never reassigned, and every access goes through sem_wait and sem_post, which are thread safe. Valid from
  // `init` to `deinit`, so as long as anybody can reach it.
  nonisolated(unsafe) private let handle: UnsafeMutablePointer<sem_t>

  package init(value: UInt32 = 0) {
    handle = .allocate(capacity: 1)
    sem_init(handle, 0, value)
  }

  deinit {
    sem_destroy(handle)
    handle.deallocate()
  }

  package func signal() { sem_post(handle) }

  package func wait() {
    while sem_wait(handle) != 0 && errno == EINTR {}
  }

  /// Waits for a signal or for `interval`, whichever is first. The system's calendar clock is what it can wait
  /// by, so a change of that can end the wait early or late: look at the time afterwards.
  package func wait(atMost interval: Interval) {
    var end = timespec()
    clock_gettime(CLOCK_REALTIME, &end)
    let (seconds, nanoseconds) = (Int64(end.tv_nsec) + max(0, interval.nanoseconds % 1_000_000_000))
      .quotientAndRemainder(dividingBy: 1_000_000_000)
    end.tv_sec += Int(max(0, interval.nanoseconds / 1_000_000_000) + seconds)
    end.tv_nsec = Int(nanoseconds)
    _ = sem_timedwait(handle, &end)
  }
}
