import Glibc
import MicroPython
import Timebase

/// A socket of the firmware: a non-blocking socket of the host on a loopback address. Waiting is done in board time.
final class BoardSocket: NativeStream {
  let isDatagram: Bool
  /// How long an operation waits: nil for ever, zero not at all.
  var timeout: Interval?

  /// -1 once closed.
  private(set) var descriptor: Int32
  private(set) var isListening = false
  private var isBound = false
  private var isConnected = false
  private let network: LoopbackNetwork

  /// - Throws: `OSError` when the host has no socket to give.
  init(isDatagram: Bool, _ network: LoopbackNetwork, _ vm: Interpreter) throws(Raised) {
    self.isDatagram = isDatagram
    self.network = network
    let kind = Int32(isDatagram ? SOCK_DGRAM.rawValue : SOCK_STREAM.rawValue)
    let flags = Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    descriptor = socket(AF_INET, kind | flags, 0)
    guard descriptor >= 0 else { throw vm.osError(Int(errno)) }
    network.add(self)
  }

  private init(accepted descriptor: Int32, _ network: LoopbackNetwork) {
    isDatagram = false
    self.descriptor = descriptor
    self.network = network
    isBound = true
    isConnected = true
    network.add(self)
  }

  deinit { closeDescriptor() }

  private func closeDescriptor() {
    guard descriptor >= 0 else { return }
    network.remove(self)
    Glibc.close(descriptor)
    descriptor = -1
  }

  // MARK: Who may be at the other end

  /// 0 while it has none.
  var localPort: UInt16 {
    let answer = SocketAddress.filled { getsockname(descriptor, $0, $1) }
    return answer.result == 0 ? answer.address.port : 0
  }

  /// Whether a program of the host, rather than this firmware, may send something here.
  func isReachable(beside ownPorts: Set<UInt16>) -> Bool {
    if isListening || isDatagram && isBound { return true }
    guard isConnected else { return false }
    let answer = SocketAddress.filled { getpeername(descriptor, $0, $1) }
    return answer.result == 0 && !ownPorts.contains(answer.address.port)
  }

  // MARK: Connections

  func bind(_ address: SocketAddress, _ vm: Interpreter) throws(Raised) {
    try check(address.withNative { Glibc.bind(descriptor, $0, $1) }, vm)
    isBound = true
  }

  /// Binds to a loopback port of the host's choice what would otherwise listen to the whole world.
  private func bindSomewhere(_ vm: Interpreter) throws(Raised) {
    if !isBound { try bind(SocketAddress(host: SocketAddress.loopback, port: 0), vm) }
  }

  func listen(_ backlog: Int, _ vm: Interpreter) throws(Raised) {
    try bindSomewhere(vm)
    try check(Glibc.listen(descriptor, Int32(clamping: max(0, backlog))), vm)
    isListening = true
  }

  func accept(_ vm: Interpreter) throws(Raised) -> (socket: BoardSocket, peer: SocketAddress) {
    var peer = SocketAddress(host: 0, port: 0)
    let accepted = try complete(Int16(POLLIN), vm) {
      let answer = SocketAddress.filled { Glibc.accept(descriptor, $0, $1) }
      peer = answer.address
      return Int(answer.result)
    }
    // An accepted socket has none of the listening one's flags.
    _ = fcntl(Int32(accepted), F_SETFL, O_NONBLOCK)
    _ = fcntl(Int32(accepted), F_SETFD, FD_CLOEXEC)
    return (BoardSocket(accepted: Int32(accepted), network), peer)
  }

  /// Connects; a non-blocking socket says `EINPROGRESS`, as on a board, even when the host was quick.
  func connect(_ address: SocketAddress, _ vm: Interpreter) throws(Raised) {
    let result = address.withNative { Glibc.connect(descriptor, $0, $1) }
    isConnected = true
    isBound = true
    if isDatagram { return try check(result, vm) }
    if result != 0 && errno != EINPROGRESS { throw vm.osError(Int(errno)) }
    if timeout == .zero { throw vm.osError(Int(EINPROGRESS)) }
    guard result != 0 else { return }
    guard try waitUntilReady(Int16(POLLOUT), vm) else { throw vm.osError(Int(ETIMEDOUT)) }
    var failure: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    try check(getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &failure, &length), vm)
    if failure != 0 { throw vm.osError(Int(failure)) }
  }

  func setOption(_ level: Int32, _ option: Int32, _ value: Int32, _ vm: Interpreter) throws(Raised) {
    var value = value
    try check(setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size)), vm)
  }

  // MARK: Data

  func receive(upTo count: Int, _ vm: Interpreter) throws(Raised) -> (bytes: [UInt8], from: SocketAddress) {
    var bytes = [UInt8](repeating: 0, count: count)
    var sender = SocketAddress(host: 0, port: 0)
    let received = try complete(Int16(POLLIN), vm) {
      bytes.withUnsafeMutableBytes { room in
        let answer = SocketAddress.filled { recvfrom(descriptor, room.baseAddress, room.count, 0, $0, $1) }
        sender = answer.address
        return answer.result
      }
    }
    return (Array(bytes.prefix(received)), sender)
  }

  /// Sends as much as goes at once.
  func send(_ bytes: [UInt8], to address: SocketAddress? = nil, _ vm: Interpreter) throws(Raised) -> Int {
    if isDatagram && !isConnected { try bindSomewhere(vm) }
    return try complete(Int16(POLLOUT), vm) {
      bytes.withUnsafeBytes { data in
        guard let address else {
          return Glibc.send(descriptor, data.baseAddress, data.count, Int32(MSG_NOSIGNAL))
        }
        return address.withNative {
          Glibc.sendto(descriptor, data.baseAddress, data.count, Int32(MSG_NOSIGNAL), $0, $1)
        }
      }
    }
  }

  func read(into buffer: UnsafeMutableRawBufferPointer, _ vm: Interpreter) throws(Raised) -> StreamResult {
    try attempt(Int16(POLLIN), vm) { recv(descriptor, buffer.baseAddress, buffer.count, 0) }
  }

  func write(_ bytes: UnsafeRawBufferPointer, _ vm: Interpreter) throws(Raised) -> StreamResult {
    try attempt(Int16(POLLOUT), vm) {
      Glibc.send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
    }
  }

  func control(_ request: Int, _ argument: Int, _ vm: Interpreter) throws(Raised) -> StreamResult {
    switch request {
    case StreamRequest.poll: return .done(readiness(argument))
    case StreamRequest.flush: return .done(0)
    case StreamRequest.close:
      closeDescriptor()
      return .done(0)
    default: return .failed(Int(EINVAL))
    }
  }

  /// The flags of `select.poll`, of which errors, hang-ups and a closed socket come unasked.
  private func readiness(_ wanted: Int) -> Int {
    guard descriptor >= 0 else { return StreamRequest.closed }
    var query = pollfd(fd: descriptor, events: 0, revents: 0)
    if wanted & StreamRequest.readable != 0 { query.events |= Int16(POLLIN) }
    if wanted & StreamRequest.writable != 0 { query.events |= Int16(POLLOUT) }
    guard poll(&query, 1, 0) > 0 else { return 0 }
    // The host's numbers are MicroPython's.
    return Int(query.revents)
  }

  // MARK: Waiting

  private func check(_ result: Int32, _ vm: Interpreter) throws(Raised) {
    if result != 0 { throw vm.osError(Int(errno)) }
  }

  /// Repeats an operation that the host would have to wait for, until it succeeds.
  /// - Throws: `OSError`, also for `EAGAIN` and `ETIMEDOUT`.
  private func complete(_ event: Int16, _ vm: Interpreter, _ operation: () -> Int) throws(Raised) -> Int {
    switch try attempt(event, vm, operation) {
    case .done(let count): return count
    case .failed(let number): throw vm.osError(number)
    }
  }

  private func attempt(_ event: Int16, _ vm: Interpreter, _ operation: () -> Int) throws(Raised)
    -> StreamResult
  {
    while true {
      let result = operation()
      if result >= 0 { return .done(result) }
      let number = errno
      if number == EINTR { continue }
      guard number == EAGAIN, timeout != .zero else { return .failed(Int(number)) }
      guard try waitUntilReady(event, vm) else { return .failed(Int(ETIMEDOUT)) }
    }
  }

  /// Lets board time pass until the host's socket is ready; false when the time-out is over.
  private func waitUntilReady(_ event: Int16, _ vm: Interpreter) throws(Raised) -> Bool {
    let clock = network.clock
    let end = timeout.map { clock.now + $0 }
    while true {
      var query = pollfd(fd: descriptor, events: event, revents: 0)
      if poll(&query, 1, 0) != 0 { return true }
      if let end, clock.now >= end { return false }
      let tick = Instant(nanoseconds: 0) + .milliseconds(clock.now.milliseconds + 1)
      _ = clock.idle(until: end.map { min($0, tick) } ?? tick)
      try vm.safePoint()
      if clock.isPoweredOff { throw vm.halt() }
    }
  }
}
