import Glibc

/// Wall time since it was made.
struct HostStopwatch {
  private let start = HostStopwatch.now

  /// Seconds.
  var seconds: Double { Double(Self.now - start) / 1e9 }

  private static var now: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
