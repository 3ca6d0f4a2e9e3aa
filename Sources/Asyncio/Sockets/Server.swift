import Diagnostics

/// Takes connections and runs a function for each of them as a task (`asyncio.Server`).
@Firmware
public final class Server {
  /// The listening address; the port is the host's choice if 0 was asked for.
  public nonisolated let address: SocketAddress
  private let task: FirmwareTask<Void>

  fileprivate init(address: SocketAddress, task: FirmwareTask<Void>) {
    self.address = address
    self.task = task
  }

  /// Takes no more connections; open ones go on.
  public func close() throws(SchedulerError) { try task.cancel() }

  /// Waits until it takes no more connections (`wait_closed`).
  /// - Throws: `CancelledError` of the waiting task.
  public func waitClosed() async throws {
    do {
      try await task.value
    } catch is CancelledError where task.isDone {
      // That is how it ends.
    }
  }
}

/// Listens on a loopback address of the host and runs `serve` as a task for each connection (`asyncio.start_server`).
///
/// The connection is closed by `StreamWriter.close()`, or when neither reader nor writer is referred to any more.
/// - Parameters:
///   - host: `localhost` or an address such as `127.0.0.1`; the empty text and `0.0.0.0` mean the same.
///   - port: 0 for one that is free.
///   - backlog: how many may wait to be taken.
/// - Throws: `SocketError`, `EADDRINUSE` if another program listens there.
@Firmware
public func startServer(
  _ host: String, _ port: Int, backlog: Int = 5, file: StaticString = #fileID, line: UInt = #line,
  _ serve: @escaping @Firmware (StreamReader, StreamWriter) async throws -> Void
) async throws -> Server {
  var address = try SocketAddress(host, port, listens: true)
  let socket = try HostSocket(isDatagram: false, try runningScheduler().network)
  try socket.reuseAddress()
  try socket.bind(address)
  try socket.listen(backlog)
  address.port = socket.localPort
  let line = SourceLine(file, line)
  let task = createService(name: "server", at: line) {
    defer { socket.close() }
    let pending = PendingSocket(socket)
    while true {
      try await suspend(for: pending, .readable, at: line)
      // A peer that has gone in the meantime is no reason to stop.
      guard let (accepted, peer) = try? socket.accept() else { continue }
      let stream = SocketStream(accepted, peer: peer)
      createTask(name: "connection", at: line) { try await serve(StreamReader(stream), StreamWriter(stream)) }
    }
  }
  // As in MicroPython, the caller gives way once; after that the server waits.
  try await sleepMs(0, at: line)
  return Server(address: address, task: task)
}
