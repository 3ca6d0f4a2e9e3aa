import Timebase

/// The sockets that firmware has open.
///
/// In virtual time a wait takes no wall time, and other programs would never come to answer. So while one of them could
/// send something to an open socket, waits take as long on the host as on the board. Sockets that are connected among
/// themselves leave time as it is.
package final class LoopbackNetwork: ExternalSource {
  package let clock: Clock
  private struct Entry {
    weak var socket: HostSocket?
  }
  private var entries: [ObjectIdentifier: Entry] = [:]

  package init(clock: Clock) { self.clock = clock }

  deinit { clock.externalSources.leave(self) }

  func add(_ socket: HostSocket) {
    clock.externalSources.join(self)
    entries[ObjectIdentifier(socket)] = Entry(socket: socket)
  }

  func remove(_ socket: HostSocket) {
    entries[ObjectIdentifier(socket)] = nil
    if entries.isEmpty { clock.externalSources.leave(self) }
  }

  /// Whether another program could send something.
  package var mayAnswer: Bool {
    let sockets = entries.values.compactMap(\.socket)
    let ports = Set(sockets.map(\.localPort))
    return sockets.contains { $0.isReachable(beside: ports) }
  }
}
