import Machine
import Timebase

/// A code that a remote control with NEC's protocol has sent.
public enum RemoteCode: Sendable, Hashable {
  /// A key. An address above 255 is one of extended NEC, without a complement.
  case key(command: Int, address: Int)
  /// The key of the last code is held: each 108 ms.
  case held
  /// Something that is no code: weak light, another protocol.
  case failure(RemoteFailure)
}

/// Why a code was not understood.
public enum RemoteFailure: Sendable, Hashable {
  /// A pulse or a pause of a length that there is not.
  case timing
  /// The command and its complement do not belong together.
  case complement
}

/// Reads NEC's protocol from the edges of an infrared receiver, whose output is low while it sees the carrier.
///
/// Times of the µPD6121 data sheet: a leader of 9 ms and 4.5 ms, or 2.25 ms for a held key; bits of 562.5 µs and 562.5 or
/// 1687.5 µs, the lowest first; a last mark of 562.5 µs.
struct RemoteDecoder {
  private enum State {
    case idle
    case leader
    case bits(UInt32, count: Int)
    case held
  }

  private var state = State.idle
  private var last: Instant?

  /// - Parameter level: behind the edge.
  /// - Returns: the code that ends with this edge.
  mutating func take(_ level: Level, at time: Instant) -> RemoteCode? {
    defer { self.last = time }
    guard let last else { return nil }
    let length = (time - last).nanoseconds / 1000
    return level == .high ? markEnded(length) : spaceEnded(length)
  }

  /// - Parameter length: in microseconds.
  private mutating func markEnded(_ length: Int64) -> RemoteCode? {
    if Self.leaderMark.contains(length) {
      state = .leader
      return nil
    }
    switch state {
    case .bits(let word, let count) where Self.mark.contains(length):
      guard count == 32 else { return nil }
      state = .idle
      return Self.code(word)
    case .held where Self.mark.contains(length):
      state = .idle
      return .held
    case .idle: return nil
    case .leader, .bits, .held: return fail()
    }
  }

  private mutating func spaceEnded(_ length: Int64) -> RemoteCode? {
    switch state {
    case .leader where Self.leaderSpace.contains(length): state = .bits(0, count: 0)
    case .leader where Self.heldSpace.contains(length): state = .held
    case .bits(let word, let count) where count < 32 && Self.mark.contains(length):
      state = .bits(word, count: count + 1)
    case .bits(let word, let count) where count < 32 && Self.oneSpace.contains(length):
      state = .bits(word | 1 << UInt32(count), count: count + 1)
    case .idle: break
    case .leader, .bits, .held: return fail()
    }
    return nil
  }

  private mutating func fail() -> RemoteCode {
    state = .idle
    return .failure(.timing)
  }

  private static func code(_ word: UInt32) -> RemoteCode {
    let bytes = (0..<4).map { Int(word >> UInt32(8 * $0) & 0xFF) }
    guard bytes[2] == bytes[3] ^ 0xFF else { return .failure(.complement) }
    let isExtended = bytes[0] != bytes[1] ^ 0xFF
    return .key(command: bytes[2], address: isExtended ? bytes[0] | bytes[1] << 8 : bytes[0])
  }

  /// Receivers make pulses longer or shorter by up to 200 µs (Vishay, TSOP382 data sheet).
  private static let mark: ClosedRange<Int64> = 360...770
  private static let oneSpace: ClosedRange<Int64> = 1400...1900
  private static let leaderMark: ClosedRange<Int64> = 8000...10_000
  private static let leaderSpace: ClosedRange<Int64> = 4000...5000
  private static let heldSpace: ClosedRange<Int64> = 1900...2600
}
