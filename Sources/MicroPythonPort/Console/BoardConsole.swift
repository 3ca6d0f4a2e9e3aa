import MicroPython
import Timebase

/// The board's console: bytes that arrive from the other end of a serial line, and bytes that go there.
///
/// It outlives resets, as the line does. Belongs to the board's thread; the other end may live on any.
public final class BoardConsole: ByteStream, ExternalSource {
  /// The most bytes that are taken in before anybody reads them. More waits at the other end, which is held
  /// back as by USB.
  private static let capacity = 1 << 20

  let clock: Clock
  private let line: any ByteStream
  private let send: ([UInt8]) -> Void
  private var received: [UInt8] = []
  /// How many bytes of `received` were read.
  private var readCount = 0
  private var chunk = [UInt8](repeating: 0, count: 4096)
  private var gathered: [UInt8] = []
  /// When firmware asked in vain for something to read.
  private var askedInVain = Instant(nanoseconds: -1_000_000_000)
  private var isWaiting = false
  private var earlyInterrupt: Clock.EventID?
  /// Whether output goes to the other end; false while firmware has detached it (`os.dupterm(None, 1)`).
  var sendsItself = true
  /// Take a copy of the output, and give input that arrives elsewhere, while firmware has put the console on
  /// other streams too.
  var copied: (([UInt8]) -> Void)?
  var copiedInput: CopiedInput?
  typealias CopiedInput = () throws(Raised) -> [UInt8]
  /// Whether the other end has gone for good.
  private(set) var hasEnded = false

  /// The byte that interrupts the program that runs: it is taken out of the input. `nil` for none, as at a
  /// prompt. One that had come before the program began interrupts it if it has not ended, or read it, a
  /// moment later: it may have been meant for the prompt behind it.
  var interruptByte: UInt8? { didSet { scheduleEarlyInterrupt() } }
  /// Called when `interruptByte` has arrived.
  var interrupted: (() -> Void)?

  /// - Parameters:
  ///   - line: line that bytes arrive on. It wakes the clock when some come; an end of file there is final.
  ///   - send: takes the output to the other end, and may wait a moment for it, but not for ever.
  public init(clock: Clock, line: any ByteStream, send: @escaping ([UInt8]) -> Void) {
    self.clock = clock
    self.line = line
    self.send = send
    clock.externalSources.join(self)
  }

  deinit { clock.externalSources.leave(self) }

  // MARK: Output

  /// Sends a text: each line feed as carriage return and line feed, even behind a carriage return.
  func write(text: [UInt8]) {
    write(bytes: Self.lines(text))
  }

  /// A text as a terminal wants it.
  static func lines(_ text: [UInt8]) -> [UInt8] {
    guard text.contains(UInt8(ascii: "\n")) else { return text }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count + 16)
    for byte in text {
      if byte == UInt8(ascii: "\n") { bytes.append(UInt8(ascii: "\r")) }
      bytes.append(byte)
    }
    return bytes
  }

  /// Sends bytes as they are.
  func write(bytes: [UInt8]) {
    if gathered.isEmpty { return put(bytes) }
    gathered += bytes
    flush()
  }

  func write(_ text: String) { write(bytes: Array(text.utf8)) }

  /// Sends bytes together with those that follow, at the latest when the console waits for input.
  func gather(_ bytes: [UInt8]) {
    gathered += bytes
    if gathered.count >= 4096 { flush() }
  }

  func gather(_ text: String) { gather(Array(text.utf8)) }

  func flush() {
    guard !gathered.isEmpty else { return }
    let bytes = gathered
    gathered.removeAll(keepingCapacity: true)
    put(bytes)
  }

  private func put(_ bytes: [UInt8]) {
    if sendsItself { send(bytes) }
    copied?(bytes)
  }

  // MARK: Input

  private var hasInput: Bool { readCount < received.count }

  public var isAtEnd: Bool { hasEnded && !hasInput }

  /// The next byte; waits for it while timers, handlers and scheduled calls run.
  /// - Returns: nil when the other end has gone for good.
  func readByte(_ vm: Interpreter) throws(Raised) -> UInt8? {
    if !hasInput { try waitForInput(vm) }
    guard hasInput else { return nil }
    defer { take(1) }
    return received[readCount]
  }

  /// Waits until there is something to read, or nobody to send it any more. Board time passes as the host's
  /// meanwhile, independent of the board's own speed.
  func waitForInput(_ vm: Interpreter) throws(Raised) {
    flush()
    takeArrivals()
    isWaiting = true
    defer { isWaiting = false }
    while !hasInput && !hasEnded {
      if let copiedInput {
        received += try copiedInput()
        if hasInput { return }
      }
      try vm.live(until: clock.now + (copiedInput == nil ? .seconds(1) : .milliseconds(1)))
      takeArrivals()
    }
  }

  private func take(_ count: Int) {
    readCount += count
    if readCount == received.count {
      received.removeAll(keepingCapacity: true)
      readCount = 0
    }
  }

  public func poll(_ wanted: PollEvents) -> PollEvents {
    takeArrivals()
    if hasInput || hasEnded { return wanted }
    askedInVain = clock.now
    return wanted.subtracting(.readable)
  }

  public func read(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
    takeArrivals()
    guard hasInput else { return hasEnded ? 0 : nil }
    let count = min(buffer.count, received.count - readCount)
    buffer.copyBytes(from: received[readCount..<readCount + count])
    take(count)
    return count
  }

  public func write(_ bytes: UnsafeRawBufferPointer) -> Int? {
    write(bytes: Array(bytes))
    return bytes.count
  }

  // MARK: Arrivals

  /// Takes in the bytes that have arrived.
  public func takeArrivals() {
    if readCount > 1 << 16 {
      received.removeFirst(readCount)
      readCount = 0
    }
    while !hasEnded, received.count - readCount < Self.capacity {
      guard let count = chunk.withUnsafeMutableBytes({ (try? line.read(into: $0)) ?? nil }) else { return }
      if count == 0 {
        hasEnded = true
        return
      }
      let start = received.count
      received += chunk[..<count]
      if let interruptByte { takeOut(interruptByte, from: start) }
    }
  }

  private func scheduleEarlyInterrupt() {
    if let earlyInterrupt { clock.cancel(earlyInterrupt) }
    earlyInterrupt = nil
    guard let interruptByte, received[readCount...].contains(interruptByte) else { return }
    earlyInterrupt = clock.schedule(at: clock.now + .milliseconds(10)) { [weak self] in
      guard let self else { return }
      earlyInterrupt = nil
      takeOut(interruptByte, from: readCount)
    }
  }

  /// The bytes before and behind it stay: they were typed for the next reader.
  private func takeOut(_ interrupt: UInt8, from start: Int) {
    guard received[start...].contains(interrupt) else { return }
    let kept = received[start...].filter { $0 != interrupt }
    received.replaceSubrange(start..., with: kept)
    interrupted?()
  }

  /// Somebody may type at any time.
  public var mayStimulate: Bool { !hasEnded }

  /// While the board waits for something to arrive, or asks for it again and again, waits take as long on the
  /// host as on the board: a peer that answers there lives in the host's time.
  public var mayAnswer: Bool {
    !hasEnded && (isWaiting || clock.now - askedInVain <= .milliseconds(1))
  }
}
