import Asyncio
import Machine
import Timebase

/// A stream of bytes between two boards over an I2C bus and two more lines (`asi2c` of micropython-async, whose ends understand it). One end
/// controls the bus, the other is its target and begins each exchange:
///
///     let link = try I2CLink(.target, on: board.i2c(1), own: board.pins["Y11"], remote: board.pins["X6"])
///     try await link.ready()
///     let (reader, writer) = (StreamReader(link.stream), StreamWriter(link.stream))
///
/// Ten times a second the target raises its line; both then exchange a header of two bytes and what they have to send, each piece
/// with a handshake on the two lines. A header is the length of what follows, the lower byte first; its highest bit asks the other end
/// to send nothing, because what came before has not been read.
@Firmware
public final class I2CLink {
  /// Which end of the bus it is.
  public enum End: Sendable {
    /// Drives the clock (`Responder`).
    case controller
    /// Is addressed, and says when (`Initiator`).
    case target
  }

  /// Reasons for which a link ends.
  public enum Failure: Error, Hashable, CustomStringConvertible {
    case noAnswer
    case incomplete
    case tooLong(Int)
    case ended

    public var description: String {
      switch self {
      case .noAnswer: "the other end of an I2C link has not answered for a second"
      case .incomplete: "the other end of an I2C link has taken or sent less than was agreed"
      case .tooLong(let count):
        "the other end of an I2C link wants to send \(count) bytes at once; there is room for \(LinkBuffer.longest)"
      case .ended: "the I2C link has ended"
      }
    }
  }

  /// Bytes from and for the other end.
  public var stream: any ByteStream { buffer }
  /// The error that has ended it.
  public var failure: (any Error)? { life.failure }

  private let buffer = LinkBuffer()
  private let bus: I2CController
  private let own: Pin
  private let remote: Pin
  private let target: LinkTarget?
  private let life = LinkLife()
  /// Edges of the other end's line that have not been waited for: it may have the next one before a task comes to look at it. Of two edges
  /// that follow each other closely the interrupt line tells one.
  private let edges = HandlerBox<[(level: Level, time: Instant)]>([])
  private let changed = ThreadSafeFlag()
  /// The level of the other end's line that was waited for last, and since when it is known.
  private var known = (level: Level.low, since: Instant.powerOn)

  private static let address = 0x12
  /// Between exchanges.
  private static let pollMs = 100
  /// So that the other end has set up what it wants to send, or wants to take.
  private static let setUpMs = 1
  private static let patienceMs = 1000
  private static let holdOff: UInt8 = 0x80

  /// Sets the bus and the two lines up, and begins to look for the other end.
  /// - Parameters:
  ///   - own: the line that this end drives, `remote` of the other one.
  ///   - remote: the other end's line, whose interrupt it takes.
  ///   - frequency: Hz, of the controller's clock.
  /// - Throws: `ExternalInterruptError` if another pin has the interrupt line.
  public init(
    _ end: End, on bus: I2CController, own: Pin, remote: Pin, frequency: Int = 400_000,
    file: StaticString = #fileID, line: UInt = #line
  ) throws(ExternalInterruptError) {
    self.bus = bus
    self.own = own
    self.remote = remote
    target = end == .target ? LinkTarget(address: UInt8(Self.address)) : nil
    own.configure(.outputPushPull, level: .high, file: file, line: line)
    remote.configure(.input, pull: .up, file: file, line: line)
    let (edges, changed) = (edges, changed)
    try remote.irq(.risingOrFalling, file: file, line: line) { interrupt in
      if let level = interrupt.level { edges.withLock { $0.append((level, interrupt.time)) } }
      changed.set(eventIsKept: true)
    }
    if let target { bus.listen(target) } else { bus.start(frequency: frequency) }
    life.start(
      name: "I2CLink", file: file, line: line, run: { try await self.run() }, letGo: { self.letGo() })
  }

  /// Waits until both ends have found each other.
  /// - Throws: what has ended the link; `CancelledError`.
  public func ready() async throws { try await life.ready() }

  /// Lets go of the other end; readers find the end of the stream.
  public func end() throws(SchedulerError) {
    letGo()
    try life.end(with: Failure.ended)
  }

  private func letGo() {
    buffer.end()
    try? remote.setInterrupt(.risingOrFalling, nil)
    own.high()
  }

  private func run() async throws {
    own.low()
    while remote.level == .high { try await changed.wait() }
    known = (.low, try boardTime())
    buffer.setPeer(isReady: true)
    life.synchronise()
    // The other end looks for this one every 100 ms.
    try await sleepMs(2 * Self.pollMs)
    while true {
      if let target {
        try await exchange(as: target)
        try await sleepMs(Self.pollMs)
      } else {
        try await next(.high)
        try await exchangeAsController()
      }
    }
  }

  /// Waits until the other end's line takes a level.
  /// - Throws: `Failure.noAnswer` after a second.
  private func wait(for level: Level) async throws {
    do {
      try await withTimeout(milliseconds: Self.patienceMs) { try await self.next(level) }
    } catch is TimeoutError { throw Failure.noAnswer }
  }

  /// - Parameter level: the other one than was waited for last.
  private func next(_ level: Level) async throws {
    while true {
      while let edge = edges.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) {
        // The level has said so before.
        if edge.time <= known.since { continue }
        if edge.level != level {
          // It has been there, and gone again: the edge between them was not told.
          edges.withLock { $0.insert(edge, at: 0) }
          known = (level, edge.time - .nanoseconds(1))
        } else {
          known = (level, edge.time)
        }
        return
      }
      if remote.level == level {
        known = (level, try boardTime())
        return
      }
      try await changed.wait()
    }
  }

  private func header(of piece: [UInt8]) -> [UInt8] {
    [UInt8(piece.count & 0xFF), UInt8(piece.count >> 8) | (buffer.hasIncoming ? Self.holdOff : 0)]
  }

  /// - Returns: how many bytes follow.
  private func length(in header: [UInt8]) throws -> Int {
    buffer.setPeer(isReady: header[1] & Self.holdOff == 0)
    let count = Int(header[0]) | Int(header[1] & ~Self.holdOff) << 8
    guard count <= LinkBuffer.longest else { throw Failure.tooLong(count) }
    return count
  }

  // MARK: The target's half

  private func exchange(as target: LinkTarget) async throws {
    let piece = buffer.outgoing
    try await offer(header(of: piece), target)
    if !piece.isEmpty {
      try await offer(piece, target)
      buffer.sent()
    }
    let count = try length(in: try await accept(2, target))
    if count > 0 { buffer.receive(try await accept(count, target)) }
  }

  /// Has the controller read bytes.
  private func offer(_ bytes: [UInt8], _ target: LinkTarget) async throws {
    target.offer(bytes)
    own.high()
    try await wait(for: .high)
    own.low()
    try await wait(for: .low)
    guard target.isDone else { throw Failure.incomplete }
  }

  /// Lets the controller, which asks for it, write bytes.
  private func accept(_ count: Int, _ target: LinkTarget) async throws -> [UInt8] {
    try await wait(for: .high)
    target.expect(count)
    own.high()
    try await wait(for: .low)
    own.low()
    guard target.isDone else { throw Failure.incomplete }
    return target.received
  }

  // MARK: The controller's half

  private func exchangeAsController() async throws {
    let count = try length(in: try await read(2))
    if count > 0 {
      try await wait(for: .high)
      buffer.receive(try await read(count))
    }
    let piece = buffer.outgoing
    try await write(header(of: piece))
    guard !piece.isEmpty else { return }
    try await write(piece)
    buffer.sent()
  }

  /// Reads what the target, which has raised its line, offers.
  private func read(_ count: Int) async throws -> [UInt8] {
    try await sleepMs(Self.setUpMs)
    let bytes = try bus.read(from: Self.address, count: count)
    own.high()
    try await wait(for: .low)
    own.low()
    return bytes
  }

  private func write(_ bytes: [UInt8]) async throws {
    // A target that looks at the line again and again has to see the low before.
    try await sleepMs(Self.setUpMs)
    own.high()
    try await wait(for: .high)
    try await sleepMs(Self.setUpMs)
    guard try bus.write(to: Self.address, bytes) == bytes.count else { throw Failure.incomplete }
    own.low()
    try await wait(for: .low)
  }
}

/// The target of a link on its bus: gives bytes that were offered and takes as many as are expected. Belongs to the board's thread.
private final class LinkTarget: I2CTarget {
  private(set) var received: [UInt8] = []
  private let address: UInt8
  private var offered: [UInt8] = []
  private var position = 0
  private var expected = 0

  init(address: UInt8) { self.address = address }

  /// Whether everything that was offered has been read, and all that is expected was written.
  var isDone: Bool { position == offered.count && received.count == expected }

  func offer(_ bytes: [UInt8]) { (offered, position, received, expected) = (bytes, 0, [], 0) }

  func expect(_ count: Int) { (offered, position, received, expected) = ([], 0, [], count) }

  func start(address: UInt8, isRead: Bool) -> Bool {
    address == self.address && (isRead ? position < offered.count : received.count < expected)
  }

  func read() -> UInt8 {
    guard position < offered.count else { return 0xFF }
    position += 1
    return offered[position - 1]
  }

  func write(_ byte: UInt8) -> Bool {
    guard received.count < expected else { return false }
    received.append(byte)
    return true
  }
}
