import Glibc
import MicroPython

/// An open file of the board's flash.
final class FileStream: NativeStream {
  let isText: Bool
  /// -1 once closed.
  private var descriptor: Int32
  /// The space that a file open for writing takes its bytes from.
  private let space: FlashSpace?
  private let identity: FlashSpace.Identity

  /// - Parameter space: the space that the file's bytes are taken from; nil for a file that is only read.
  init(descriptor: Int32, status: stat, space: FlashSpace?, isText: Bool) {
    self.descriptor = descriptor
    self.isText = isText
    self.space = space
    identity = FlashSpace.Identity(status)
    space?.open(identity, size: Int(status.st_size))
  }

  deinit { closeFile() }

  private func closeFile() {
    guard descriptor >= 0 else { return }
    close(descriptor)
    descriptor = -1
    space?.close(identity)
  }

  func read(into buffer: UnsafeMutableRawBufferPointer, _ vm: Interpreter) throws(Raised) -> StreamResult {
    outcome(Glibc.read(descriptor, buffer.baseAddress, buffer.count))
  }

  /// Writes as much as there is room for. A write for which there is no room at all fails.
  func write(_ bytes: UnsafeRawBufferPointer, _ vm: Interpreter) throws(Raised) -> StreamResult {
    guard let space, descriptor >= 0, bytes.count > 0 else {
      return outcome(Glibc.write(descriptor, bytes.baseAddress, bytes.count))
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return outcome(-1) }
    let size = Int(status.st_size)
    let position = Int(lseek(descriptor, 0, SEEK_CUR))
    let (end, overflows) = position.addingReportingOverflow(bytes.count)
    guard position >= 0, !overflows else { return .failed(FatError.invalid) }
    let allowed = end <= size ? end : space.room(for: identity, size: size, wanted: end)
    guard allowed > position else { return .failed(FatError.noSpace) }
    let written = Glibc.write(descriptor, bytes.baseAddress, min(bytes.count, allowed - position))
    if written > 0 { space.resize(identity, to: max(size, position + written)) }
    return outcome(written)
  }

  func seek(to offset: Int, from origin: Int, _ vm: Interpreter) throws(Raised) -> StreamResult {
    outcome(lseek(descriptor, offset, Int32(truncatingIfNeeded: origin)))
  }

  func control(_ request: Int, _ argument: Int, _ vm: Interpreter) throws(Raised) -> StreamResult {
    switch request {
    case StreamRequest.flush: return descriptor >= 0 ? .done(0) : .failed(FatError.invalid)
    case StreamRequest.poll: return .done(argument & (StreamRequest.readable | StreamRequest.writable))
    case StreamRequest.close:
      closeFile()
      return .done(0)
    default: return .failed(Int(EINVAL))
    }
  }

  /// A file that is closed, or not opened for this, has the errors of the board's file system.
  private func outcome(_ count: Int) -> StreamResult {
    if count >= 0 { return .done(count) }
    if descriptor < 0 { return .failed(FatError.invalid) }
    return .failed(errno == EBADF ? FatError.denied : Int(errno))
  }
}
