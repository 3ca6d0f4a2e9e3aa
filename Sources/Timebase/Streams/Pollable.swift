/// Events to ask a stream about, and its answer; the bits of MicroPython's `select` module.
public struct PollEvents: OptionSet, Sendable, Hashable {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  public static let readable = PollEvents(rawValue: 1)
  public static let writable = PollEvents(rawValue: 4)
  public static let error = PollEvents(rawValue: 8)
  public static let hangUp = PollEvents(rawValue: 16)
}

/// Something a task can wait for by being asked once per scheduler pass whether it is ready.
public protocol Pollable: AnyObject {
  /// Those of `wanted` that are true now, and errors whether wanted or not. Must not block. An error it
  /// throws ends the run, as an exception in a Python `ioctl` does.
  func poll(_ wanted: PollEvents) throws -> PollEvents

  /// Whether readiness can change without a clock event or `Clock.wake()`. An idle board's processor wakes at
  /// every 1 ms system tick and asks all streams again; streams that answer false are asked only after an
  /// event or a wake, as nothing else changes them.
  var needsTickPolling: Bool { get }

  /// Two streams of one identity count as one: it can have one reader and one writer.
  var pollIdentity: ObjectIdentifier { get }
}

extension Pollable {
  public var needsTickPolling: Bool { false }
  public var pollIdentity: ObjectIdentifier { ObjectIdentifier(self) }
}
