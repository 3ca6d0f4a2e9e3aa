import Glibc
import Synchronization

/// A port of 127.0.0.1 that one client at a time can connect to.
package final class SerialSocket: SerialPort.Line {
  /// `socket://127.0.0.1:PORT`, as pyserial takes it.
  package let name: String
  private let listener: Int32
  private let client = Mutex<Int32>(-1)

  package var watchedDescriptor: Int32 { listener }

  /// - Parameter port: 0 for any that is free.
  init(port: UInt16) throws(SerialLineError) {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var on: Int32 = 1
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isListening = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(listener, address, length) == 0 && listen(listener, 4) == 0
          && getsockname(listener, address, &length) == 0
      }
    }
    self.listener = listener
    guard isListening else {
      throw SerialLineError(String(cString: strerror(errno)))
    }
    _ = fcntl(listener, F_SETFL, O_NONBLOCK)
    name = "socket://127.0.0.1:\(UInt16(bigEndian: address.sin_port))"
  }

  package func clientChanged() -> (descriptor: Int32, isOpen: Bool) {
    client.withLock { client in
      while true {
        let new = accept(listener, nil, nil)
        guard new >= 0 else { return (client, client >= 0) }
        _ = fcntl(new, F_SETFL, O_NONBLOCK)
        _ = fcntl(new, F_SETFD, FD_CLOEXEC)
        // A serial port is one client's; a second one is turned away.
        guard client < 0 else {
          Glibc.close(new)
          continue
        }
        var on: Int32 = 1
        setsockopt(new, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        client = new
      }
    }
  }

  package func clientHasGone() {
    client.withLock { client in
      if client >= 0 { Glibc.close(client) }
      client = -1
    }
  }

  package func close() {
    clientHasGone()
    Glibc.close(listener)
  }
}
