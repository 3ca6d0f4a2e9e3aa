import Glibc
import Synchronization

/// Ends a clock's wait on the host from any thread, or from a POSIX signal handler.
///
/// A pipe rather than a condition variable: writing to it is allowed in a signal handler.
public final class WakeSignal: Sendable {
  private let readEnd: Int32
  private let writeEnd: Int32
  /// Whether a byte lies in the pipe or is about to; keeps the pipe from ever being full.
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

  /// Whether `wake()` was called since this was last asked.
  func consume() -> Bool {
    guard isPending.load(ordering: .relaxed) else { return false }
    var bytes: (UInt64, UInt64) = (0, 0)
    _ = read(readEnd, &bytes, MemoryLayout.size(ofValue: bytes))
    return isPending.exchange(false, ordering: .acquiringAndReleasing)
  }

  /// Waits until the host's monotonic clock shows `deadline` (nanoseconds), or for ever.
  /// - Returns: whether `wake()` ended it.
  func wait(untilHostTime deadline: Int64?) -> Bool {
    while true {
      if consume() { return true }
      var descriptor = pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0)
      guard let deadline else {
        _ = poll(&descriptor, 1, -1)
        continue
      }
      let left = deadline - hostNanoseconds()
      if left <= 0 { return false }
      // poll counts in milliseconds.
      if left >= 1_000_000 {
        _ = poll(&descriptor, 1, Int32(clamping: left / 1_000_000))
      } else {
        waitPrecisely(nanoseconds: Int(left))
      }
    }
  }

  /// Waits for a byte in the pipe for less than a second.
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
