import MicroPython
import Timebase

/// The counters of `time.ticks_*`, which wrap at 2^30 as on the board.
enum Ticks {
  static let period: Int64 = 1 << 30
  static let mask = period - 1

  @inline(__always) static func value(_ count: Int64, _ vm: Interpreter) -> Value {
    Value(smallInt: Int(count & mask))
  }

  /// From `start` to `end` by the shorter way round: -2^29 to 2^29 - 1.
  static func difference(_ end: Int, _ start: Int) -> Int {
    let half = Int(period) / 2
    return ((end &- start &+ half) & Int(mask)) - half
  }
}

extension Interpreter {
  /// A time in seconds as whole milliseconds: the product is a float of the board, then cut to an integer.
  func milliseconds(seconds value: Value) throws(Raised) -> Int {
    if value.isSmallInt { return value.smallInt.multipliedReportingOverflow(by: 1000).partialValue }
    return try milliseconds(heap.float(try double(value) * 1000))
  }

  /// An integer, or a float cut to one.
  func milliseconds(_ value: Value) throws(Raised) -> Int {
    guard let double = native(of: value).float else { return try int(value) }
    guard double.isFinite, abs(double) < 1e18 else {
      throw error(.overflowError, "can't convert \(double.isNaN ? "NaN" : "inf") to int")
    }
    return Int(double)
  }
}
