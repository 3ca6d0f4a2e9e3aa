import Asyncio
import Glibc
import MicroPython
import Timebase

/// A socket of the firmware. Waiting is done in board time; refusals and their errors are those of boards
/// with lwIP (extmod/modlwip.c), whose errors differ from the host's.
final class BoardSocket: NativeStream {
  /// How long an operation waits: nil for ever, zero not at all.
  var timeout: Interval?

  private let socket: HostSocket
  private let clock: Clock

  /// - Throws: `OSError` when the host has no socket to give.
  init(isDatagram: Bool, _ network: LoopbackNetwork, _ vm: Interpreter) throws(Raised) {
    do throws(SocketError) {
      socket = try HostSocket(isDatagram: isDatagram, network)
    } catch {
      throw vm.osError(error)
    }
    clock = network.clock
  }

  private init(accepted socket: HostSocket, from listener: BoardSocket) {
    self.socket = socket
    clock = listener.clock
    timeout = listener.timeout
    state = .connected
  }

  var isClosed: Bool { socket.descriptor < 0 }

  /// The state of a stream socket; datagram sockets stay new.
  private enum State: Equatable {
    case new, listening, connecting, connected
    /// The connection came to nothing or broke; reported once.
    case failed(Int32)
    /// The peer has reset the connection and the firmware knows.
    case reset
    /// The error has been reported; nothing can be done with the socket any more.
    case dead
  }
  private var state = State.new

  /// The number that lwIP and its driver have for an error of the host: a connection that is refused is one that the peer
  /// resets.
  private static func boardError(_ error: SocketError) -> Int32 {
    [ECONNREFUSED, EPIPE].contains(error.number) ? ECONNRESET : error.number
  }

  /// Takes note of how an attempt to connect has ended, if it has.
  private func followConnecting() {
    guard state == .connecting, socket.readiness(Int16(POLLOUT)) != 0 else { return }
    do throws(SocketError) {
      try socket.finishConnecting()
      state = .connected
    } catch {
      state = .failed(Self.boardError(error))
    }
  }

  private func error(_ number: Int32, _ vm: Interpreter) -> Raised { vm.osError(Int(number)) }

  /// The board's text for a socket.
  var text: String {
    let number =
      switch state {
      case .new: 0
      case .listening: 1
      case .connecting: 2
      case .connected: 3
      case .reset: 5
      case .failed, .dead: -17
      }
    let milliseconds = timeout.map { UInt32(clamping: $0.milliseconds) } ?? UInt32.max
    let incoming = socket.isDatagram ? "0" : "0 off=0"
    return "<socket state=\(isClosed ? -17 : number) timeout=\(milliseconds) incoming=\(incoming)>"
  }

  // MARK: Connections

  func bind(_ address: SocketAddress, _ vm: Interpreter) throws(Raised) {
    try now(vm) { () throws(SocketError) in try socket.bind(address) }
  }

  func listen(_ backlog: Int, _ vm: Interpreter) throws(Raised) {
    if socket.isDatagram { throw error(EOPNOTSUPP, vm) }
    guard state == .new || state == .listening else { throw error(ENOTCONN, vm) }
    try now(vm) { () throws(SocketError) in try socket.listen(backlog) }
    state = .listening
  }

  func accept(_ vm: Interpreter) throws(Raised) -> (socket: BoardSocket, peer: SocketAddress) {
    if socket.isDatagram { throw error(EOPNOTSUPP, vm) }
    guard state == .listening else { throw error(EINVAL, vm) }
    let (accepted, peer) = try complete(Int16(POLLIN), vm) { () throws(SocketError) in try socket.accept() }
    return (BoardSocket(accepted: accepted, from: self), peer)
  }

  /// Connects; a non-blocking socket returns `EINPROGRESS`, as on a board, even when the host was quick.
  func connect(_ address: SocketAddress, _ vm: Interpreter) throws(Raised) {
    if socket.isDatagram {
      _ = try now(vm) { () throws(SocketError) in try socket.connect(address) }
      return
    }
    followConnecting()
    switch state {
    case .new: break
    case .connected: throw error(EISCONN, vm)
    case .failed, .dead: throw error(EBADF, vm)
    case .listening, .connecting, .reset: throw error(EALREADY, vm)
    }
    do throws(SocketError) {
      _ = try socket.connect(address)
      state = .connecting
    } catch {
      state = .failed(Self.boardError(error))
    }
    if timeout == .zero { throw error(EINPROGRESS, vm) }
    if state == .connecting {
      guard try waitUntilReady(Int16(POLLOUT), vm) else { throw error(ETIMEDOUT, vm) }
      followConnecting()
    }
    if case .failed(let number) = state { throw error(number, vm) }
  }

  func setOption(_ level: Int32, _ option: Int32, _ value: Int32, _ vm: Interpreter) throws(Raised) {
    try now(vm) { () throws(SocketError) in try socket.setOption(level, option, value) }
  }

  // MARK: Data

  func receive(upTo count: Int, _ vm: Interpreter) throws(Raised) -> (bytes: [UInt8], from: SocketAddress) {
    if try isAtEnd(vm) { return ([], SocketAddress(host: 0, port: 0)) }
    var bytes = [UInt8](repeating: 0, count: count)
    var sender = SocketAddress(host: 0, port: 0)
    let received = try complete(Int16(POLLIN), vm) { () throws(SocketError) in
      try bytes.withUnsafeMutableBytes { room in
        Result { () throws(SocketError) in try socket.receive(into: room, from: &sender) }
      }.get()
    }
    return (Array(bytes.prefix(received)), sender)
  }

  /// Sends as much as goes at once.
  func send(_ bytes: [UInt8], to address: SocketAddress? = nil, _ vm: Interpreter) throws(Raised) -> Int {
    try requireConnection(vm)
    return try complete(Int16(POLLOUT), vm) { () throws(SocketError) in
      try bytes.withUnsafeBytes { data in
        Result { () throws(SocketError) in try socket.send(data, to: address) }
      }.get()
    }
  }

  /// Whether there is nothing to be received any more.
  /// - Throws: `OSError` where nothing can be received, in the order in which lwIP's driver finds out.
  private func isAtEnd(_ vm: Interpreter) throws(Raised) -> Bool {
    guard !socket.isDatagram else { return false }
    followConnecting()
    switch state {
    case .connected: return false
    case .reset: return true
    case .listening: throw error(ENOTCONN, vm)
    case .new, .connecting: throw error(timeout == .zero ? EAGAIN : ENOTCONN, vm)
    case .failed(let number):
      state = number == ECONNRESET ? .reset : .dead
      throw error(number, vm)
    case .dead: throw error(EBADF, vm)
    }
  }

  /// - Throws: `OSError` where nothing can be sent.
  private func requireConnection(_ vm: Interpreter) throws(Raised) {
    guard !socket.isDatagram else { return }
    followConnecting()
    if state == .connecting {
      if timeout == .zero { throw error(EAGAIN, vm) }
      guard try waitUntilReady(Int16(POLLOUT), vm) else { throw error(ETIMEDOUT, vm) }
      followConnecting()
    }
    switch state {
    case .connected, .connecting: return
    case .new, .listening: throw error(ENOTCONN, vm)
    case .failed(let number):
      state = .dead
      throw error(number, vm)
    case .reset: throw error(ECONNRESET, vm)
    case .dead: throw error(EBADF, vm)
    }
  }

  func read(into buffer: UnsafeMutableRawBufferPointer, _ vm: Interpreter) throws(Raised) -> StreamResult {
    if try isAtEnd(vm) { return .done(0) }
    return try transfer(Int16(POLLIN), vm) { () throws(SocketError) in try socket.receive(into: buffer) }
  }

  func write(_ bytes: UnsafeRawBufferPointer, _ vm: Interpreter) throws(Raised) -> StreamResult {
    try requireConnection(vm)
    return try transfer(Int16(POLLOUT), vm) { () throws(SocketError) in try socket.send(bytes) }
  }

  func control(_ request: Int, _ argument: Int, _ vm: Interpreter) throws(Raised) -> StreamResult {
    switch request {
    case StreamRequest.poll: return .done(readiness(argument))
    case StreamRequest.flush: return .done(0)
    case StreamRequest.close:
      socket.close()
      return .done(0)
    default: return .failed(Int(EINVAL))
    }
  }

  /// The flags of `select.poll`, of which errors, hang-ups and a closed socket come unasked.
  private func readiness(_ wanted: Int) -> Int {
    guard !isClosed else { return StreamRequest.closed }
    var events: Int16 = 0
    if wanted & StreamRequest.readable != 0 { events |= Int16(POLLIN) }
    if wanted & StreamRequest.writable != 0 { events |= Int16(POLLOUT) }
    // The host's numbers are MicroPython's.
    return Int(socket.readiness(events))
  }

  // MARK: Waiting

  private func now<Result>(
    _ vm: Interpreter, _ operation: () throws(SocketError) -> Result
  ) throws(Raised) -> Result {
    do throws(SocketError) { return try operation() } catch { throw vm.osError(error) }
  }

  private func transfer(
    _ event: Int16, _ vm: Interpreter, _ operation: () throws(SocketError) -> Int
  ) throws(Raised) -> StreamResult {
    switch try attempt(event, vm, operation) {
    case .success(let count): .done(count)
    case .failure(let error): .failed(Int(error.number))
    }
  }

  /// - Throws: `OSError`, also for `EAGAIN` and `ETIMEDOUT`.
  private func complete<Result>(
    _ event: Int16, _ vm: Interpreter, _ operation: () throws(SocketError) -> Result
  ) throws(Raised) -> Result {
    switch try attempt(event, vm, operation) {
    case .success(let result): return result
    case .failure(let error): throw vm.osError(error)
    }
  }

  /// Repeats an operation that the host would have to wait for, until it ends one way or the other.
  private func attempt<Success>(
    _ event: Int16, _ vm: Interpreter, _ operation: () throws(SocketError) -> Success
  ) throws(Raised) -> Result<Success, SocketError> {
    while true {
      let failure: SocketError
      do throws(SocketError) {
        return .success(try operation())
      } catch {
        failure = SocketError(Self.boardError(error))
        if failure.number == ECONNRESET { state = .reset }
      }
      guard failure.number == EAGAIN, timeout != .zero else { return .failure(failure) }
      guard try waitUntilReady(event, vm) else { return .failure(SocketError(ETIMEDOUT)) }
    }
  }

  /// Lets board time pass until the host's socket is ready; false when the time-out is over.
  private func waitUntilReady(_ event: Int16, _ vm: Interpreter) throws(Raised) -> Bool {
    let end = timeout.map { clock.now + $0 }
    while true {
      if socket.readiness(event) != 0 { return true }
      if let end, clock.now >= end { return false }
      let tick = Instant(nanoseconds: 0) + .milliseconds(clock.now.milliseconds + 1)
      try vm.live(until: end.map { min($0, tick) } ?? tick)
    }
  }
}
