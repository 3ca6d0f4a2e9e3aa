import Asyncio
import Glibc
import MicroPython
import Timebase

/// A socket of the firmware. Waiting is done in board time.
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

  private init(_ socket: HostSocket, _ clock: Clock) {
    self.socket = socket
    self.clock = clock
  }

  var isClosed: Bool { socket.descriptor < 0 }

  // MARK: Connections

  func bind(_ address: SocketAddress, _ vm: Interpreter) throws(Raised) {
    try now(vm) { () throws(SocketError) in try socket.bind(address) }
  }

  func listen(_ backlog: Int, _ vm: Interpreter) throws(Raised) {
    try now(vm) { () throws(SocketError) in try socket.listen(backlog) }
  }

  func accept(_ vm: Interpreter) throws(Raised) -> (socket: BoardSocket, peer: SocketAddress) {
    let (accepted, peer) = try complete(Int16(POLLIN), vm) { () throws(SocketError) in try socket.accept() }
    return (BoardSocket(accepted, clock), peer)
  }

  /// Connects; a non-blocking socket says `EINPROGRESS`, as on a board, even when the host was quick.
  func connect(_ address: SocketAddress, _ vm: Interpreter) throws(Raised) {
    let isConnected = try now(vm) { () throws(SocketError) in try socket.connect(address) }
    if socket.isDatagram { return }
    if timeout == .zero { throw vm.osError(Int(EINPROGRESS)) }
    guard !isConnected else { return }
    guard try waitUntilReady(Int16(POLLOUT), vm) else { throw vm.osError(Int(ETIMEDOUT)) }
    try now(vm) { () throws(SocketError) in try socket.finishConnecting() }
  }

  func setOption(_ level: Int32, _ option: Int32, _ value: Int32, _ vm: Interpreter) throws(Raised) {
    try now(vm) { () throws(SocketError) in try socket.setOption(level, option, value) }
  }

  // MARK: Data

  func receive(upTo count: Int, _ vm: Interpreter) throws(Raised) -> (bytes: [UInt8], from: SocketAddress) {
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
    try complete(Int16(POLLOUT), vm) { () throws(SocketError) in
      try bytes.withUnsafeBytes { data in
        Result { () throws(SocketError) in try socket.send(data, to: address) }
      }.get()
    }
  }

  func read(into buffer: UnsafeMutableRawBufferPointer, _ vm: Interpreter) throws(Raised) -> StreamResult {
    try transfer(Int16(POLLIN), vm) { () throws(SocketError) in try socket.receive(into: buffer) }
  }

  func write(_ bytes: UnsafeRawBufferPointer, _ vm: Interpreter) throws(Raised) -> StreamResult {
    try transfer(Int16(POLLOUT), vm) { () throws(SocketError) in try socket.send(bytes) }
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
      do throws(SocketError) { return .success(try operation()) } catch { failure = error }
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
      _ = clock.idle(until: end.map { min($0, tick) } ?? tick)
      try vm.safePoint()
      if clock.isPoweredOff { throw vm.halt() }
    }
  }
}
