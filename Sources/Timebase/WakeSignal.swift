import Glibc
import Synchronization

/// Ends a clock's wait on the host from any thread, or from a POSIX signal handler.
///
/// A pipe rather than a condition variable: writing to it is allowed in a signal handler.
public final class WakeSignal: Sendable {
  private let readEnd: Int32
  private let writeEnd: Int32
  /// Whether a byte lies in the pipe or is about to; keeps the pipe from ever being full.
  ///
  /// Both sides exchange it, acquiring and releasing. So a `wake` that finds it set writes no byte, and what
  /// its caller wrote before is seen all the same by the thread that consumes the pending wake: that exchange
  /// comes after this one. The relaxed loads only save work: where they miss an exchange on another thread,
  /// its byte ends the next wait, because what was exchanged before a byte was written is seen by the thread
  /// that has read the byte (the kernel's pipe has a lock).
  private let isPending = Atomic(false)

  init() {
    var ends: [Int32] = [-1, -1]
    // Without a free descriptor there is nothing to be woken through: waits then only end when they are over.
    if pipe(&ends) == 0 {
      for end in ends {
        _ = fcntl(end, F_SETFL, O_NONBLOCK)
        _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      }
    }
    readEnd = ends[0]
    writeEnd = ends[1]
  }

  deinit {
    close(readEnd)
    close(writeEnd)
  }

  /// Ends the wait that is going on, or the next one if nobody waits.
  public func wake() {
    guard !isPending.exchange(true, ordering: .acquiringAndReleasing) else { return }
    var byte: UInt8 = 1
    _ = write(writeEnd, &byte, 1)
  }

  /// Whether `wake()` was called and nobody has consumed that yet.
  var isSignalled: Bool { isPending.load(ordering: .relaxed) }

  /// Whether `wake()` was called since this was last asked.
  func consume() -> Bool {
    guard isPending.load(ordering: .relaxed) else { return false }
    drain()
    return isPending.exchange(false, ordering: .acquiringAndReleasing)
  }

  private func drain() {
    var bytes: (UInt64, UInt64) = (0, 0)
    _ = read(readEnd, &bytes, MemoryLayout.size(ofValue: bytes))
  }

  /// Waits until the host's monotonic clock shows `deadline` (nanoseconds), or for ever.
  /// - Returns: whether `wake()` ended it.
  func wait(untilHostTime deadline: Int64?) -> Bool {
    while true {
      if consume() { return true }
      let left = deadline.map { $0 - hostNanoseconds() }
      if let left, left <= 0 { return false }
      waitForByte(nanoseconds: left)
      // A thread may be held up between announcing a wake and writing its byte, until the wake was consumed. Such a byte
      // wakes nobody; left in the pipe, it would end every wait at once.
      if !isPending.load(ordering: .relaxed) { drain() }
    }
  }

  /// Waits until a byte lies in the pipe, but not longer than so long; nil for ever.
  private func waitForByte(nanoseconds: Int64?) {
    guard let nanoseconds, nanoseconds < 1_000_000 else {
      var descriptor = pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0)
      // poll counts in milliseconds.
      _ = poll(&descriptor, 1, nanoseconds.map { Int32(clamping: $0 / 1_000_000) } ?? -1)
      return
    }
    waitPrecisely(nanoseconds: Int(nanoseconds))
  }

  /// As `waitForByte`, for less than a second.
  private func waitPrecisely(nanoseconds: Int) {
    var pause = timespec(tv_sec: 0, tv_nsec: nanoseconds)
    guard readEnd >= 0, readEnd < FD_SETSIZE else {
      _ = nanosleep(&pause, nil)
      return
    }
    var descriptors = fd_set()
    withUnsafeMutableBytes(of: &descriptors) { bytes in
      // The set is an array of words; on a machine with the lowest byte first that is an array of bytes.
      bytes[Int(readEnd) / 8] |= 1 << UInt8(readEnd % 8)
    }
    _ = pselect(readEnd + 1, &descriptors, nil, nil, &pause, nil)
  }
}

/// The host's monotonic clock in nanoseconds; the one place that reads it.
func hostNanoseconds() -> Int64 {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}
