import CGPIOD
import Glibc
import Machine
import Synchronization
import Timebase

/// A serial port of this machine behind a UART: `/dev/serial0`, or another device file that the board file
/// names.
final class SerialDeviceFile: HostSerialPort {
  private let path: String
  /// -1 while it is closed.
  private var descriptor: Int32 = -1
  private var reader: SerialReader?

  init(path: String) { self.path = path }

  deinit { close() }

  func open(_ settings: UARTSettings, input: HostSerialInput) throws(HostPinError) {
    close()
    let descriptor = Glibc.open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw refusal(errno) }
    do throws(HostPinError) {
      try claim(descriptor)
      try configure(descriptor, settings)
      reader = try SerialReader(descriptor, input: input) { [path] in Self.gone(path, $0) }
      self.descriptor = descriptor
    } catch {
      Glibc.close(descriptor)
      throw error
    }
  }

  /// The lock finds programs that keep to it, as minicom and pyserial's `exclusive`; the claim keeps others out from now on.
  private func claim(_ descriptor: Int32) throws(HostPinError) {
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { throw refusal(EBUSY) }
    let status = cgpiod_serial_claim(descriptor)
    guard status == 0 else { throw refusal(status) }
  }

  private func configure(_ descriptor: Int32, _ settings: UARTSettings) throws(HostPinError) {
    let parity: cgpiod_parity =
      switch settings.parity {
      case .even: cgpiod_even_parity
      case .odd: cgpiod_odd_parity
      case nil: cgpiod_no_parity
      }
    var wanted = cgpiod_serial_settings(
      baud_rate: UInt32(clamping: settings.baudRate), bits: UInt32(clamping: settings.bits), parity: parity,
      two_stop_bits: settings.stopBits == 2, flow_control: settings.usesRTS || settings.usesCTS)
    let status = cgpiod_serial_configure(descriptor, &wanted)
    guard status == 0 else { throw refusal(status) }
  }

  func write(_ bytes: [UInt8]) throws(HostPinError) -> Int {
    let count = Glibc.write(descriptor, bytes, bytes.count)
    if count >= 0 { return count }
    guard errno == EAGAIN || errno == EINTR else { throw Self.gone(path, errno) }
    return 0
  }

  var unsentCount: Int { descriptor < 0 ? 0 : Int(cgpiod_serial_unsent(descriptor)) }

  func sendBreak() throws(HostPinError) {
    let status = cgpiod_serial_break(descriptor)
    guard status == 0 else { throw Self.gone(path, status) }
  }

  func close() {
    guard descriptor >= 0 else { return }
    reader?.stop()
    reader = nil
    cgpiod_serial_unclaim(descriptor)
    Glibc.close(descriptor)
    descriptor = -1
  }

  private func refusal(_ number: Int32) -> HostPinError {
    DeviceRefusal(
      path: path, kind: "serial port",
      remedy: "switch it on in raspi-config (Interface Options, Serial Port)", key: "uarts: device",
      whenBusy:
        "end what has it open; a login shell on it is switched off in raspi-config (Interface Options, Serial Port)",
      whenUnfit: "that baud rate, or those bits, parity and stop bits", whenOther: "a serial port"
    ).error(number)
  }

  private static func gone(_ path: String, _ number: Int32) -> HostPinError {
    HostPinError(errorNumber: number, "\(path): \(SystemError(number: number))")
  }
}

/// Reads a serial port on a thread of its own, which a pipe ends.
///
/// It and the board's thread share two descriptors, which stay as they are until the thread has ended.
private final class SerialReader: Sendable {
  private let descriptor: Int32
  private let stopRead: Int32
  private let stopWrite: Int32
  /// Signalled when the thread no longer uses a descriptor, which orders that before they are closed.
  private let ended = HostSemaphore()

  init(
    _ descriptor: Int32, input: HostSerialInput, failure: @escaping @Sendable (Int32) -> HostPinError
  ) throws(HostPinError) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw failure(errno) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    self.descriptor = descriptor
    (stopRead, stopWrite) = (ends[0], ends[1])
    do throws(ThreadStartError) {
      try startHostThread(name: "serial port") { [self] in
        if let number = read(into: input) { input.fail(failure(number)) }
        ended.signal()
      }
    } catch {
      closePipe()
      throw failure(error.status)
    }
  }

  /// - Returns: the error that ended it, `nil` for `stop()`.
  private func read(into input: HostSerialInput) -> Int32? {
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      var waits = [
        pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
        pollfd(fd: stopRead, events: Int16(POLLIN), revents: 0),
      ]
      guard poll(&waits, 2, -1) > 0 else {
        if errno == EINTR { continue }
        return errno
      }
      if waits[1].revents != 0 { return nil }
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count > 0 {
        input.enter(Array(buffer.prefix(count)))
      } else if count == 0 || (errno != EAGAIN && errno != EINTR) {
        // A port that was pulled out, or the other end of a pseudo-terminal that was closed.
        return count == 0 ? EIO : errno
      }
    }
  }

  /// Ends the thread and waits for that.
  func stop() {
    var byte: UInt8 = 1
    _ = write(stopWrite, &byte, 1)
    ended.wait()
    closePipe()
  }

  private func closePipe() {
    Glibc.close(stopRead)
    Glibc.close(stopWrite)
  }
}
