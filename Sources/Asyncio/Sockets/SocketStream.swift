import Glibc
import Timebase

/// A connected socket as tasks read and write it.
final class SocketStream: ByteStream {
  private let socket: HostSocket
  /// The peer's address.
  let peer: SocketAddress

  init(_ socket: HostSocket, peer: SocketAddress) {
    self.socket = socket
    self.peer = peer
  }

  /// Bytes from outside make no event of the board's.
  var needsTickPolling: Bool { true }

  func poll(_ wanted: PollEvents) -> PollEvents {
    // The operation itself reports to the waiting task that the socket is closed.
    guard socket.descriptor >= 0 else { return wanted }
    return socket.readiness(wanted)
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int? {
    try unlessBlocked { () throws(SocketError) in try socket.receive(into: buffer) }
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws -> Int? {
    try unlessBlocked { () throws(SocketError) in try socket.send(bytes) }
  }

  func close() { socket.close() }

  private func unlessBlocked(_ operation: () throws(SocketError) -> Int) throws(SocketError) -> Int? {
    do throws(SocketError) { return try operation() } catch {
      if error.number == EAGAIN { return nil }
      throw error
    }
  }
}

/// A socket that tasks wait for until somebody connects to it or it is connected.
final class PendingSocket: Pollable {
  let socket: HostSocket

  init(_ socket: HostSocket) { self.socket = socket }

  var needsTickPolling: Bool { true }

  func poll(_ wanted: PollEvents) -> PollEvents { socket.readiness(wanted) }
}

extension HostSocket {
  /// The host's answer in MicroPython's numbers, which are the same.
  fileprivate func readiness(_ wanted: PollEvents) -> PollEvents {
    var events: Int16 = 0
    if wanted.contains(.readable) { events |= Int16(POLLIN) }
    if wanted.contains(.writable) { events |= Int16(POLLOUT) }
    return PollEvents(rawValue: UInt8(truncatingIfNeeded: readiness(events)))
  }
}
