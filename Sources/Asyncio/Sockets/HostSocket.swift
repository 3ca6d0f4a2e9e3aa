import Glibc

/// A non-blocking socket of the host on a loopback address; the basis of the sockets of firmware in any
/// language.
///
/// Nothing here waits: a call that the host would have to wait for throws `EAGAIN`.
package final class HostSocket {
  package let isDatagram: Bool
  /// -1 once closed.
  package private(set) var descriptor: Int32
  private var isListening = false
  private var isBound = false
  package private(set) var isConnected = false
  private let network: LoopbackNetwork

  /// - Throws: the host's error when it has no socket to give.
  package init(isDatagram: Bool, _ network: LoopbackNetwork) throws(SocketError) {
    self.isDatagram = isDatagram
    self.network = network
    let kind = Int32(isDatagram ? SOCK_DGRAM.rawValue : SOCK_STREAM.rawValue)
    let flags = Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    descriptor = socket(AF_INET, kind | flags, 0)
    guard descriptor >= 0 else { throw SocketError(errno) }
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

  deinit { close() }

  package func close() {
    guard descriptor >= 0 else { return }
    network.remove(self)
    Glibc.close(descriptor)
    descriptor = -1
  }

  // MARK: The other end

  /// 0 while it has none.
  package var localPort: UInt16 {
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

  package func bind(_ address: SocketAddress) throws(SocketError) {
    _ = try check { address.withNative { Int(Glibc.bind(descriptor, $0, $1)) } }
    isBound = true
  }

  /// Binds to a loopback port of the host's choice what would otherwise listen to the whole world.
  private func bindSomewhere() throws(SocketError) {
    if !isBound { try bind(SocketAddress(host: SocketAddress.loopback, port: 0)) }
  }

  package func listen(_ backlog: Int) throws(SocketError) {
    try bindSomewhere()
    _ = try check { Int(Glibc.listen(descriptor, Int32(clamping: max(0, backlog)))) }
    isListening = true
  }

  package func accept() throws(SocketError) -> (socket: HostSocket, peer: SocketAddress) {
    var peer = SocketAddress(host: 0, port: 0)
    let accepted = Int32(
      try check {
        let answer = SocketAddress.filled { Glibc.accept(descriptor, $0, $1) }
        peer = answer.address
        return Int(answer.result)
      })
    // An accepted socket has none of the listening one's flags.
    _ = fcntl(accepted, F_SETFL, O_NONBLOCK)
    _ = fcntl(accepted, F_SETFD, FD_CLOEXEC)
    return (HostSocket(accepted: accepted, network), peer)
  }

  /// - Returns: whether it is connected already; if not, it is when it can be written to, or
  ///   `finishConnecting` throws the reason.
  package func connect(_ address: SocketAddress) throws(SocketError) -> Bool {
    let result = address.withNative { Glibc.connect(descriptor, $0, $1) }
    let number = errno
    isConnected = true
    isBound = true
    if result != 0 && (isDatagram || number != EINPROGRESS) { throw SocketError(number) }
    return result == 0
  }

  /// - Throws: why the host could not connect, if so.
  package func finishConnecting() throws(SocketError) {
    var failure: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    _ = try check { Int(getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &failure, &length)) }
    if failure != 0 { throw SocketError(failure) }
  }

  /// Lets it listen where a connection of an earlier run is not quite forgotten yet.
  func reuseAddress() throws(SocketError) { try setOption(SOL_SOCKET, SO_REUSEADDR, 1) }

  package func setOption(_ level: Int32, _ option: Int32, _ value: Int32) throws(SocketError) {
    var value = value
    _ = try check { Int(setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))) }
  }

  // MARK: Data

  package func receive(into room: UnsafeMutableRawBufferPointer) throws(SocketError) -> Int {
    try check { recv(descriptor, room.baseAddress, room.count, 0) }
  }

  package func receive(
    into room: UnsafeMutableRawBufferPointer, from sender: inout SocketAddress
  ) throws(SocketError) -> Int {
    try check {
      let answer = SocketAddress.filled { recvfrom(descriptor, room.baseAddress, room.count, 0, $0, $1) }
      sender = answer.address
      return answer.result
    }
  }

  /// Sends as much as goes at once.
  package func send(
    _ data: UnsafeRawBufferPointer, to address: SocketAddress? = nil
  ) throws(SocketError) -> Int {
    if isDatagram && !isConnected { try bindSomewhere() }
    return try check {
      guard let address else {
        return Glibc.send(descriptor, data.baseAddress, data.count, Int32(MSG_NOSIGNAL))
      }
      return address.withNative {
        sendto(descriptor, data.baseAddress, data.count, Int32(MSG_NOSIGNAL), $0, $1)
      }
    }
  }

  /// Returns those of `events` (and errors and hang-ups, which come unasked) that the host's `poll` finds, in
  /// its numbers.
  package func readiness(_ events: Int16) -> Int16 {
    var query = pollfd(fd: descriptor, events: events, revents: 0)
    return Glibc.poll(&query, 1, 0) > 0 ? query.revents : 0
  }

  private func check(_ operation: () -> Int) throws(SocketError) -> Int {
    while true {
      let result = operation()
      if result >= 0 { return result }
      if errno != EINTR { throw SocketError(errno) }
    }
  }
}
