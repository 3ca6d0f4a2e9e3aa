import Glibc

/// How long a thread was ready to run while the host's processors did other things (`/proc/PID/task/TID/schedstat`, of which the second
/// number is that time in nanoseconds): on a busy host, time that passes says little about what the thread does.
package final class ProcessorDelay: Sendable {
  private let descriptor: Int32

  /// That of the calling thread.
  /// - Returns: nil where the kernel counts no such times.
  package init?() {
    descriptor = open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
  }

  deinit { close(descriptor) }

  /// All of it since the thread began. Any thread may ask.
  package var total: Interval {
    // Three numbers of at most twenty digits.
    let text = withUnsafeTemporaryAllocation(byteCount: 80, alignment: 1) { room in
      let count = pread(descriptor, room.baseAddress, room.count, 0)
      return String(decoding: room.prefix(max(0, count)), as: UTF8.self)
    }
    let numbers = text.split { $0 == " " || $0 == "\n" }
    return .nanoseconds(numbers.count > 1 ? Int64(numbers[1]) ?? 0 : 0)
  }
}
