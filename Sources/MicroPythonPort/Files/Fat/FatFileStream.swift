import MicroPython

/// A file of a FAT volume as firmware reads and writes it.
final class FatFileStream: NativeStream, ValueHolding {
  let isText: Bool
  private let file: FatOpenFile

  init(_ file: FatOpenFile, isText: Bool) {
    self.file = file
    self.isText = isText
  }

  deinit { if file.isOpen { file.volume.drop(file) } }

  func visitValues(_ visit: (Value) -> Void) { file.volume.visitValues(visit) }

  func read(into buffer: UnsafeMutableRawBufferPointer, _ vm: Interpreter) throws(Raised) -> StreamResult {
    .done(try file.read(into: buffer))
  }

  func write(_ bytes: UnsafeRawBufferPointer, _ vm: Interpreter) throws(Raised) -> StreamResult {
    try file.write(bytes)
    return .done(bytes.count)
  }

  func seek(to offset: Int, from origin: Int, _ vm: Interpreter) throws(Raised) -> StreamResult {
    .done(try file.seek(to: offset, from: origin))
  }

  func control(_ request: Int, _ argument: Int, _ vm: Interpreter) throws(Raised) -> StreamResult {
    switch request {
    case StreamRequest.flush: try file.flush()
    case StreamRequest.close: try file.close()
    default: return .failed(.einval)
    }
    return .done(0)
  }
}
