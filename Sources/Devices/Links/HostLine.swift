import Glibc
import Machine
import Timebase

/// A device whose other side programs of this machine open, or that writes a file.
public protocol HostLineDevice: Device {
  /// Name for programs to open: `/dev/pts/3`, `socket://127.0.0.1:8266`; `nil` when there is none.
  var hostLine: String? { get }
  /// Gives it up, with the link to it. A run does so when it ends.
  func closeHostLine()
  /// Why what it heard could not be written to its file; `nil` when it could.
  var failure: String? { get }
}

/// The side of a serial peer on this machine: the destination of received bytes, and the source of sent ones.
enum HostLine {
  case none
  case port(HostLinePort)
  case file(HostLineFile)

  /// - Parameters:
  ///   - text: `none`, `pty`, `pty:LINK`, `tcp:PORT`, `file:PATH`.
  ///   - send: puts bytes on the line; returns when they are out.
  init(_ text: String, clock: Clock, send: @escaping ([UInt8]) -> Instant) throws(DeviceError) {
    if text == "none" {
      self = .none
    } else if text.hasPrefix("file:"), text.count > "file:".count {
      self = .file(try HostLineFile(String(text.dropFirst("file:".count))))
    } else {
      guard let address = try? SerialAddress(parsing: text) else {
        throw DeviceError("to cannot be \"\(text)\": it takes pty, pty:LINK, tcp:PORT or file:PATH")
      }
      do {
        let port = try SerialPort(address, wakeSignal: clock.wakeSignal)
        self = .port(HostLinePort(port, clock: clock, send: send))
      } catch { throw DeviceError("to=\(text): \(error.description)") }
    }
  }

  var name: String? { if case .port(let port) = self { port.name } else { nil } }

  func start() throws(DeviceError) { if case .port(let port) = self { try port.start() } }

  func close() { if case .port(let port) = self { port.close() } }

  var failure: String? { if case .file(let file) = self { file.failure } else { nil } }

  /// Takes what the peer has heard.
  func take(_ byte: UInt8) {
    switch self {
    case .none: break
    case .port(let port): port.take(byte)
    case .file(let file): file.take(byte)
    }
  }
}

/// A pseudo-terminal or a socket. The program that opens it lives in the host's time, so waits of the board
/// take their time.
final class HostLinePort: ExternalSource {
  private let port: SerialPort
  private let clock: Clock
  private let send: ([UInt8]) -> Instant
  private var isStarted = false
  /// Until then the line is busy with what was taken from there; more waits in the port.
  private var busyUntil = Instant.powerOn

  /// As much as is taken at once.
  private static let piece = 256

  init(_ port: SerialPort, clock: Clock, send: @escaping ([UInt8]) -> Instant) {
    self.port = port
    self.clock = clock
    self.send = send
  }

  deinit { close() }

  /// Sends the remaining bytes to the reader, and gives the line up.
  func close() {
    guard isStarted else { return }
    isStarted = false
    clock.externalSources.leave(self)
    port.close()
  }

  var name: String { port.line.name }

  func start() throws(DeviceError) {
    do { try port.start() } catch { throw DeviceError("\(error)") }
    isStarted = true
    clock.externalSources.join(self)
  }

  func take(_ byte: UInt8) { port.send([byte]) }

  // MARK: ExternalSource

  var mayStimulate: Bool { true }
  var mayAnswer: Bool { true }

  func takeArrivals() {
    guard clock.now >= busyUntil else { return }
    var buffer = [UInt8](repeating: 0, count: Self.piece)
    guard let count = buffer.withUnsafeMutableBytes({ port.read(into: $0) }) else { return }
    busyUntil = send(Array(buffer[..<count]))
    clock.schedule(at: busyUntil) { [weak self] in self?.takeArrivals() }
  }
}

/// A file that what a peer hears is written to.
final class HostLineFile {
  /// Why it could not be written: the first time, after which nothing more is.
  private(set) var failure: String?

  private let path: String
  private let descriptor: Int32

  init(_ path: String) throws(DeviceError) {
    self.path = path
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw DeviceError("to=file:\(path): \(String(cString: strerror(errno)))")
    }
  }

  deinit { close(descriptor) }

  /// At once, so that it is there however the run ends.
  func take(_ byte: UInt8) {
    guard failure == nil, let code = HostDescriptor.write([byte], to: descriptor) else { return }
    failure = "to=file:\(path): could not be written: \(String(cString: strerror(code)))"
  }
}
