import Glibc
import Synchronization

/// A pseudo-terminal that programs open as they would a board's serial port.
package final class PseudoTerminal: SerialPort.Line {
  /// `/dev/pts/N`
  package let name: String
  private let master: Int32
  /// Kept open for ever: were it closed with the last client, its settings would be lost, and reading would fail.
  private let slave: Int32
  /// Reports clients that open and close the terminal; -1 where the kernel does not.
  package let watchedDescriptor: Int32
  private let link: String?
  /// How many have it open besides us.
  private let clients = Mutex(0)

  /// `TIOCSPTLCK` and `TIOCGPTN`, which Swift does not see (asm-generic/ioctls.h); `unlockpt` and `ptsname` are made of
  /// them.
  private static let setLock: UInt = 0x4004_5431
  private static let getNumber: UInt = 0x8004_5430

  /// - Parameter link: the name of a symbolic link to be made; one that is there is replaced.
  init(link: String?) throws(SerialLineError) {
    master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var unlocked: Int32 = 0
    var number: Int32 = 0
    guard master >= 0, ioctl(master, Self.setLock, &unlocked) == 0,
      ioctl(master, Self.getNumber, &number) == 0
    else { throw SerialLineError(String(cString: strerror(errno))) }
    name = "/dev/pts/\(number)"
    slave = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC)
    guard slave >= 0 else { throw SerialLineError("\(name): \(String(cString: strerror(errno)))") }
    Self.setRaw(slave)
    _ = fcntl(master, F_SETFL, O_NONBLOCK)
    watchedDescriptor = inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK))
    if watchedDescriptor >= 0 {
      inotify_add_watch(watchedDescriptor, name, UInt32(IN_OPEN | IN_CLOSE_WRITE | IN_CLOSE_NOWRITE))
    }
    self.link = link
    if let link { try Self.makeLink(link, to: name) }
  }

  private static func makeLink(_ link: String, to name: String) throws(SerialLineError) {
    var status = stat()
    // Nothing but a link is replaced.
    if lstat(link, &status) == 0, status.st_mode & S_IFMT == S_IFLNK { unlink(link) }
    guard symlink(name, link) == 0 else {
      throw SerialLineError(String(cString: strerror(errno)))
    }
  }

  /// No echo, no lines, no translation: otherwise the terminal would send the board's own output back to it.
  private static func setRaw(_ descriptor: Int32) {
    var settings = termios()
    guard tcgetattr(descriptor, &settings) == 0 else { return }
    cfmakeraw(&settings)
    tcsetattr(descriptor, TCSANOW, &settings)
  }

  package func clientChanged() -> (descriptor: Int32, isOpen: Bool) {
    guard watchedDescriptor >= 0 else { return (master, true) }
    return clients.withLock { clients in
      let before = clients
      clients = max(0, clients + readChanges())
      // A client may leave settings behind that the next one does not expect.
      if before > 0 && clients == 0 { Self.setRaw(slave) }
      return (master, clients > 0)
    }
  }

  /// How many more have opened the terminal than have closed it since the last call.
  private func readChanges() -> Int {
    var change = 0
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(watchedDescriptor, &buffer, buffer.count)
      guard count > 0 else { return change }
      buffer.withUnsafeBytes { bytes in
        var offset = 0
        let header = MemoryLayout<inotify_event>.size
        while offset + header <= count {
          let event = bytes.loadUnaligned(fromByteOffset: offset, as: inotify_event.self)
          change += event.mask & UInt32(IN_OPEN) != 0 ? 1 : -1
          offset += header + Int(event.len)
        }
      }
    }
  }

  package func clientHasGone() {}

  package func close() {
    guard let link else { return }
    var target = [CChar](repeating: 0, count: 256)
    let count = readlink(link, &target, 255)
    // Somebody else may have put another one in its place.
    if count > 0, String(decoding: target[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self) == name {
      unlink(link)
    }
  }
}
