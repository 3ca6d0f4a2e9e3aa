import Glibc
import Synchronization

/// The other end of the board's console: a client that may come, go, be slow or absent.
///
/// Bytes from there are held back while the board has not read many of them. Bytes to there wait in a buffer;
/// when that is full the board waits for a client that reads, but only a moment for one that does not. Bytes
/// that no client reads are lost, as on a board that sends to a port that is not open.
package final class SerialPort: ByteStream, Sendable {
  /// The port as clients see it.
  package protocol Line: Sendable {
    /// Name to open, for people and programs to read.
    var name: String { get }
    /// Becomes readable when clients come or go; -1 for none.
    var watchedDescriptor: Int32 { get }
    /// To be called when the watched descriptor is readable, and before anything else.
    /// - Returns: the descriptor that bytes come from and go to, -1 for none; and whether a client is there.
    func clientChanged() -> (descriptor: Int32, isOpen: Bool)
    /// The descriptor has ended; another client may come.
    func clientHasGone()
    func close()
  }

  private struct State {
    var inbox = ArrivedInput()
    var outbox: [UInt8] = []
    /// How many bytes of the outbox were sent.
    var sent = 0
    var descriptor: Int32 = -1
    var isOpen = false
    /// No client has read for so long that output is dropped until one does.
    var isStalled = false
    var isClosed = false
    var pendingOutput: Int { outbox.count - sent }

    mutating func dropOutput() {
      outbox.removeAll()
      sent = 0
    }
  }

  private static let inboxCapacity = 1 << 18
  private static let outboxCapacity = 1 << 20
  /// How long the board waits for a client that reads nothing, in seconds.
  private static let patience = 1.0

  package let line: any Line
  private let wakeSignal: WakeSignal
  private let state = Mutex(State())
  /// A pipe that wakes the port's thread.
  private let bellOut: Int32
  private let bellIn: Int32

  /// Opens a line for other programs; nothing is heard of them before `start()`.
  /// - Parameter wakeSignal: the board's, for bytes that arrive.
  package convenience init(_ address: SerialAddress, wakeSignal: WakeSignal) throws(SerialLineError) {
    let line: any Line =
      switch address {
      case .pseudoTerminal(let link): try PseudoTerminal(link: link)
      case .socket(let port): try SerialSocket(port: port)
      }
    self.init(line, wakeSignal: wakeSignal)
  }

  init(_ line: any Line, wakeSignal: WakeSignal) {
    self.line = line
    self.wakeSignal = wakeSignal
    var ends: [Int32] = [-1, -1]
    if pipe(&ends) == 0 {
      for end in ends {
        _ = fcntl(end, F_SETFL, O_NONBLOCK)
        _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      }
    }
    (bellOut, bellIn) = (ends[0], ends[1])
  }

  /// - Throws: `ThreadStartError`.
  package func start() throws(ThreadStartError) {
    changeClient()
    try startHostThread(name: "serial") { [self] in while serve() {} }
  }

  /// Sends what is left to a client that reads, and gives the port up.
  package func close() {
    waitForRoom(below: 1, patience: 0.3)
    state.withLock { $0.isClosed = true }
    ring()
    line.close()
  }

  private func ring() {
    var byte: UInt8 = 1
    _ = Glibc.write(bellIn, &byte, 1)
  }

  // MARK: The board's side

  package func poll(_ wanted: PollEvents) -> PollEvents {
    state.withLock { $0.inbox.isReadable ? wanted.intersection(.readable) : [] }
  }

  package func read(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
    let (count, wasFull) = state.withLock { state in
      let wasFull = state.inbox.bytes.count >= Self.inboxCapacity
      return (state.inbox.take(into: buffer), wasFull)
    }
    if wasFull { ring() }
    return count
  }

  package func write(_ bytes: UnsafeRawBufferPointer) -> Int? {
    send(Array(bytes))
    return bytes.count
  }

  /// Sends bytes to the client; on the board's thread.
  package func send(_ bytes: [UInt8]) {
    let (hasRest, isFull) = state.withLock { state in
      guard state.descriptor >= 0 else { return (false, false) }
      let wasEmpty = state.pendingOutput == 0
      if state.isStalled && !wasEmpty { return (false, false) }
      state.outbox += bytes
      if wasEmpty { Self.drain(&state) }
      if state.pendingOutput > 0, state.isStalled || !state.isOpen { state.dropOutput() }
      return (wasEmpty && state.pendingOutput > 0, state.pendingOutput >= Self.outboxCapacity)
    }
    if hasRest { ring() }
    if isFull { waitForRoom(below: Self.outboxCapacity / 2, patience: Self.patience) }
  }

  /// Waits until the client has read enough, as long as it reads at all.
  private func waitForRoom(below limit: Int, patience: Double) {
    var last = Int.max
    var waited = 0.0
    while true {
      let left = state.withLock { $0.descriptor >= 0 && !$0.isStalled ? $0.pendingOutput : 0 }
      guard left >= limit else { return }
      waited = left < last ? 0 : waited + 0.002
      last = left
      if waited > patience {
        return state.withLock { state in
          state.isStalled = true
          state.dropOutput()
        }
      }
      usleep(2_000)
    }
  }

  /// Sends as much as the descriptor takes.
  private static func drain(_ state: inout State) {
    while state.pendingOutput > 0 {
      let count = state.outbox[state.sent...].withUnsafeBytes {
        Glibc.write(state.descriptor, $0.baseAddress, min($0.count, 1 << 16))
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { break }
      state.isStalled = false
      state.sent += count
    }
    if state.pendingOutput == 0 {
      state.outbox.removeAll(keepingCapacity: state.outbox.count < 1 << 16)
      state.sent = 0
    } else if state.sent > 1 << 16 {
      state.outbox.removeFirst(state.sent)
      state.sent = 0
    }
  }

  // MARK: The port's thread

  /// - Returns: false when the port was given up.
  private func serve() -> Bool {
    let (descriptor, wantsInput, hasOutput, isClosed) = state.withLock {
      ($0.descriptor, $0.inbox.bytes.count < Self.inboxCapacity, $0.pendingOutput > 0, $0.isClosed)
    }
    if isClosed { return false }
    let events = Int16((wantsInput ? POLLIN : 0) | (hasOutput ? POLLOUT : 0))
    var watched = [
      pollfd(fd: bellOut, events: Int16(POLLIN), revents: 0),
      pollfd(fd: line.watchedDescriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: descriptor, events: events, revents: 0),
    ]
    guard Glibc.poll(&watched, 3, -1) >= 0 else { return errno == EINTR }
    if watched[0].revents != 0 {
      var bytes = [UInt8](repeating: 0, count: 64)
      _ = Glibc.read(bellOut, &bytes, bytes.count)
    }
    if watched[2].revents & Int16(POLLOUT) != 0 { state.withLock { Self.drain(&$0) } }
    // A client that has gone makes room for the next one, once all that it had sent is taken in.
    var isDrained = true
    if watched[2].revents & Int16(POLLIN | POLLHUP | POLLERR) != 0 { isDrained = receive(descriptor) }
    if watched[1].revents != 0 && isDrained { changeClient() }
    return true
  }

  private func changeClient() {
    let (descriptor, isOpen) = line.clientChanged()
    state.withLock { state in
      // Bytes that the last client did not read are not for the next one.
      if descriptor != state.descriptor || !isOpen { state.dropOutput() }
      state.descriptor = descriptor
      state.isOpen = isOpen
      state.isStalled = false
    }
  }

  /// - Returns: whether nothing more is there.
  private func receive(_ descriptor: Int32) -> Bool {
    var chunk = [UInt8](repeating: 0, count: 1 << 14)
    while true {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count > 0 {
        let waiting = state.withLock { state in
          state.inbox.bytes += chunk[..<count]
          // A client that sends is there, whether that was noticed or not.
          state.isOpen = true
          return state.inbox.bytes.count
        }
        wakeSignal.wake()
        if waiting >= Self.inboxCapacity { return false }
      } else if count < 0 && errno == EINTR {
        continue
      } else if count < 0 && errno == EAGAIN {
        return true
      } else {
        line.clientHasGone()
        changeClient()
        return true
      }
    }
  }
}
