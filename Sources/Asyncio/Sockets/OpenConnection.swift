import Diagnostics

/// Connects to a server on a loopback address of the host (`asyncio.open_connection`).
///
/// The connection is closed by `StreamWriter.close()`, or when neither reader nor writer is referred to any more. While it
/// waits for another program, virtual time passes as fast as the host's.
/// - Parameters:
///   - host: `localhost` or an address such as `127.0.0.1`.
///   - port: of the server.
/// - Throws: `SocketError`, `ECONNREFUSED` if nobody listens there; `CancelledError`.
@Firmware
public func openConnection(
  _ host: String, _ port: Int, file: StaticString = #fileID, line: UInt = #line
) async throws -> (reader: StreamReader, writer: StreamWriter) {
  let address = try SocketAddress(host, port, listens: false)
  let socket = try HostSocket(isDatagram: false, try runningScheduler().network)
  _ = try socket.connect(address)
  let pending = PendingSocket(socket)
  try await suspend(for: pending, .writable, at: SourceLine(file, line))
  try socket.finishConnecting()
  let stream = SocketStream(socket, peer: address)
  return (StreamReader(stream), StreamWriter(stream))
}
