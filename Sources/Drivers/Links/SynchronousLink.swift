import Asyncio
import Machine
import Timebase

/// Messages between two boards over four wires: a clock and a line of data each way (`SynCom` of micropython-async in its string mode, which
/// understands it).
///
///     let link = try SynchronousLink(.initiator, clockIn: …, clockOut: …, dataIn: …, dataOut: …)
///     try await link.ready()
///     try link.send("hello")
///     let answer = try await link.receive()
///
/// The ends take turns: whoever sees the other's clock change reads a bit, puts its own next one out and changes its own clock. Characters
/// have seven bits, the lowest first; a message ends with a zero, and zeros are sent while there is none. The first byte, of eight bits,
/// is 0x9D both ways.
@Firmware
public final class SynchronousLink {
  public enum Role: Sendable {
    /// Changes its clock first.
    case initiator
    case passive
  }

  public enum Failure: Error, Hashable, CustomStringConvertible {
    /// No bit has come for longer than the time-out.
    case noAnswer
    /// Only characters 1 to 127 can be sent.
    case notASCII(String)
    case ended

    public var description: String {
      switch self {
      case .noAnswer: "the other end of a synchronous link does not answer any more"
      case .notASCII(let text):
        "\"\(text)\" has a character that a synchronous link cannot send: 1 to 127 can"
      case .ended: "the synchronous link has ended"
      }
    }
  }

  /// The error that has ended it.
  public var failure: (any Error)? { life.failure }

  private let role: Role
  private let clockIn: Pin
  private let clockOut: Pin
  private let dataIn: Pin
  private let dataOut: Pin
  private let timeout: Interval?
  /// The next level of its own clock is high.
  private var isPhaseHigh = false
  private var outgoing: [[UInt8]] = []
  private var incoming: [String] = []
  /// Set when a message has come, or the link has ended.
  private let news = Event()
  private let life = LinkLife()
  private let changed = ThreadSafeFlag()

  private static let bitsOfCharacter = 7
  private static let synchronisation: UInt16 = 0x9D
  /// The least time for a bit at each end, as on a board: ends that answer in no time would exchange bits without end at one instant.
  private static let bitTime = Duration.microseconds(50)

  /// Sets the pins up, and begins to look for the other end.
  /// - Parameters:
  ///   - clockIn: the other end's clock, whose interrupt it takes.
  ///   - timeout: how long it waits for a bit once both ends have found each other; `nil` for ever.
  /// - Throws: `ExternalInterruptError` if another pin has the interrupt line.
  public init(
    _ role: Role, clockIn: Pin, clockOut: Pin, dataIn: Pin, dataOut: Pin, timeout: Interval? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) throws(ExternalInterruptError) {
    self.role = role
    (self.clockIn, self.clockOut, self.dataIn, self.dataOut) = (clockIn, clockOut, dataIn, dataOut)
    self.timeout = timeout
    for pin in [clockOut, dataOut] { pin.configure(.outputPushPull, level: .low, file: file, line: line) }
    for pin in [clockIn, dataIn] { pin.configure(.input, pull: .down, file: file, line: line) }
    let changed = changed
    try clockIn.irq(.risingOrFalling, file: file, line: line) { _ in changed.set(eventIsKept: true) }
    life.start(
      name: "SynchronousLink", file: file, line: line, run: { try await self.run() },
      letGo: { self.letGo() })
  }

  /// Waits until both ends have found each other.
  /// - Throws: what has ended the link; `CancelledError`.
  public func ready() async throws { try await life.ready() }

  /// Sends a message behind those that wait.
  /// - Throws: `Failure.notASCII`, and what has ended the link.
  public func send(_ message: String) throws {
    if let failure { throw failure }
    let bytes = Array(message.utf8)
    guard bytes.allSatisfy({ (1...127).contains($0) }) else { throw Failure.notASCII(message) }
    if !bytes.isEmpty { outgoing.append(bytes) }
  }

  /// Waits for the next message.
  /// - Throws: what has ended the link; `CancelledError`.
  public func receive() async throws -> String {
    while incoming.isEmpty {
      if let failure { throw failure }
      news.clear()
      try await news.wait()
    }
    return incoming.removeFirst()
  }

  /// Lets go of the other end.
  public func end() throws(SchedulerError) {
    letGo()
    try life.end(with: Failure.ended)
  }

  private func letGo() {
    news.set()
    try? clockIn.setInterrupt(.risingOrFalling, nil)
    dataOut.low()
    clockOut.low()
  }

  private func run() async throws {
    var word = Self.synchronisation
    if role == .initiator {
      dataOut.level = word & 1 == 1 ? .high : .low
      word >>= 1
      isPhaseHigh = true
      clockOut.high()
    }
    var heard: UInt16 = 0
    while heard != Self.synchronisation {
      heard = (heard | (try await exchange(bit: word & 1, within: nil)) << 8) >> 1
      word >>= 1
    }
    life.synchronise()
    var message: [UInt8] = []
    /// The rest of a message that is being sent, with its zero.
    var rest: ArraySlice<UInt8> = []
    var pending: UInt16 = 0
    while true {
      if rest.isEmpty, !outgoing.isEmpty { rest = outgoing.removeFirst()[...] + [0] }
      let character = try await exchange(UInt16(rest.popFirst() ?? 0), &pending)
      if character != 0 {
        message.append(character)
      } else if !message.isEmpty {
        incoming.append(String(decoding: message, as: UTF8.self))
        news.set()
        message = []
      }
    }
  }

  /// Sends a character and receives one. What the passive end hears is a bit behind, as the initiator has put its first bit out in
  /// advance.
  /// - Parameter pending: the passive end's bits of the character that has not ended.
  private func exchange(_ character: UInt16, _ pending: inout UInt16) async throws -> UInt8 {
    var rest = character
    var bits = role == .passive ? pending : 0
    var result: UInt16 = 0
    for number in 0..<Self.bitsOfCharacter {
      bits =
        (bits | (try await exchange(bit: rest & 1, within: timeout)) << UInt16(Self.bitsOfCharacter)) >> 1
      rest >>= 1
      guard role == .passive, number == 0 else { continue }
      (result, bits) = (bits, 0)
    }
    if role == .initiator { return UInt8(truncatingIfNeeded: bits) }
    pending = bits
    return UInt8(truncatingIfNeeded: result)
  }

  /// Waits for the other end's clock; reads its bit, puts one out and changes its own clock.
  private func exchange(bit: UInt16, within limit: Interval?) async throws -> UInt16 {
    let awaited: Level = (role == .initiator) == isPhaseHigh ? .high : .low
    if clockIn.level != awaited { try await wait(for: awaited, within: limit) }
    try busyWait(Self.bitTime)
    let heard: UInt16 = dataIn.level == .high ? 1 : 0
    dataOut.level = bit == 1 ? .high : .low
    isPhaseHigh.toggle()
    clockOut.level = isPhaseHigh ? .high : .low
    // Other tasks have their turn after each bit.
    try await sleepMs(0)
    return heard
  }

  private func wait(for level: Level, within limit: Interval?) async throws {
    guard let limit else {
      while clockIn.level != level { try await changed.wait() }
      return
    }
    do {
      try await withTimeout(milliseconds: Int(limit.milliseconds)) {
        while self.clockIn.level != level { try await self.changed.wait() }
      }
    } catch is TimeoutError { throw Failure.noAnswer }
  }
}
