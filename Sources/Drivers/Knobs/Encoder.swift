import Asyncio
import Machine

/// Limits that contradict each other or the first value (a `ValueError` in Python).
public struct EncoderRangeError: Error, Equatable, CustomStringConvertible {
  public let value: Int
  public let minimum: Int?
  public let maximum: Int?

  public var description: String {
    "an encoder cannot begin at \(value): it goes from \(minimum.map(String.init) ?? "-∞") to "
      + (maximum.map(String.init) ?? "∞")
  }
}

/// A control knob with a quadrature encoder (`Encoder` of micropython-async). Its edges are counted in interrupt handlers.
///
/// `for try await value in encoder` takes values as they change.
@Firmware
public final class Encoder {
  /// The position, in the units of `division` and within the limits (`value()`).
  public private(set) var value: Int
  private let changed = Event()
  private let edges: Quadrature
  private let division: Int
  private let limits: (minimum: Int?, maximum: Int?, modulus: Int?)
  private let delayMs: Int
  private let onChange: @Firmware (Int, Int) throws -> Void
  private var task: FirmwareTask<Void>?

  /// - Parameters:
  ///   - x: an input, usually with a pull-up; uses its interrupt line.
  ///   - y: likewise.
  ///   - value: initial value.
  ///   - division: edges that make a change of 1; 4 for most knobs with detents.
  ///   - minimum: lowest value.
  ///   - maximum: highest value.
  ///   - modulus: the value is reduced to less than this, for knobs that go round.
  ///   - delayMs: between the first edge and the look at the position.
  ///   - onChange: called in a task with the value and how much it has changed.
  /// - Throws: `EncoderRangeError`; `ExternalInterruptError` if another pin has one of the interrupt lines.
  public init(
    _ x: Pin, _ y: Pin, value: Int = 0, division: Int = 1, minimum: Int? = nil, maximum: Int? = nil,
    modulus: Int? = nil, delayMs: Int = 100, file: StaticString = #fileID, line: UInt = #line,
    onChange: @escaping @Firmware (Int, Int) throws -> Void = { _, _ in }
  ) throws {
    guard minimum.map({ $0 <= value }) ?? true, maximum.map({ value <= $0 }) ?? true else {
      throw EncoderRangeError(value: value, minimum: minimum, maximum: maximum)
    }
    self.value = value
    self.division = Swift.max(1, division)
    limits = (minimum, maximum, modulus)
    self.delayMs = delayMs
    self.onChange = onChange
    edges = try Quadrature(x, y, count: value * Swift.max(1, division), file: file, line: line)
    task = createService(name: "Encoder", file: file, line: line) { try await self.follow() }
  }

  /// Follows the knob no more.
  public func end() throws(SchedulerError) { try task?.cancel() }

  /// Waits until the value changes.
  /// - Throws: `CancelledError`.
  public func get(file: StaticString = #fileID, line: UInt = #line) async throws -> Int {
    try await changed.wait(file: file, line: line)
    changed.clear()
    return value
  }

  private func follow() async throws {
    var lastCount = edges.count
    var lastDivided = value
    var limited = value
    while true {
      edges.moved.clear()
      try await edges.moved.wait()
      try await sleepMs(delayMs)
      let count = edges.count
      if count == lastCount { continue }
      lastCount = count
      // Halves go to the even neighbour, as Python rounds.
      let divided = Int((Double(count) / Double(division)).rounded(.toNearestOrEven))
      if divided == lastDivided { continue }
      let previous = limited
      limited += divided - lastDivided
      lastDivided = divided
      if let maximum = limits.maximum { limited = Swift.min(maximum, limited) }
      if let minimum = limits.minimum { limited = Swift.max(minimum, limited) }
      if let modulus = limits.modulus { limited = ((limited % modulus) + modulus) % modulus }
      value = limited
      if limited != previous {
        try onChange(limited, limited - previous)
        changed.set()
      }
    }
  }
}

extension Encoder: @Firmware AsyncSequence {
  /// Takes values as `get()` does; never ends by itself.
  public struct Iterator: @Firmware AsyncIteratorProtocol {
    fileprivate let encoder: Encoder

    @Firmware public mutating func next() async throws -> Int? { try await encoder.get() }
  }

  public func makeAsyncIterator() -> Iterator { Iterator(encoder: self) }
}
