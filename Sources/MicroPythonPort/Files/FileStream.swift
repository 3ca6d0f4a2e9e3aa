import Glibc
import MicroPython

/// An open file of the board's file system.
final class FileStream: NativeStream {
  let isText: Bool
  /// -1 once closed.
  private var descriptor: Int32

  init(descriptor: Int32, isText: Bool) {
    self.descriptor = descriptor
    self.isText = isText
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  func read(into buffer: UnsafeMutableRawBufferPointer, _ vm: Interpreter) throws(Raised) -> StreamResult {
    outcome(Glibc.read(descriptor, buffer.baseAddress, buffer.count))
  }

  func write(_ bytes: UnsafeRawBufferPointer, _ vm: Interpreter) throws(Raised) -> StreamResult {
    outcome(Glibc.write(descriptor, bytes.baseAddress, bytes.count))
  }

  func seek(to offset: Int, from origin: Int, _ vm: Interpreter) throws(Raised) -> StreamResult {
    outcome(lseek(descriptor, offset, Int32(truncatingIfNeeded: origin)))
  }

  func control(_ request: Int, _ argument: Int, _ vm: Interpreter) throws(Raised) -> StreamResult {
    switch request {
    case StreamRequest.flush: return descriptor >= 0 ? .done(0) : .failed(FatError.invalid)
    case StreamRequest.poll: return .done(argument & (StreamRequest.readable | StreamRequest.writable))
    case StreamRequest.close:
      if descriptor >= 0 { close(descriptor) }
      descriptor = -1
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
