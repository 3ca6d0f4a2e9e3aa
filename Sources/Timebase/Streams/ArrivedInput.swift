/// Bytes that have arrived from outside and wait for the board.
package struct ArrivedInput {
  package var bytes: [UInt8] = []
  /// Nothing more comes.
  package var hasEnded = false

  package init() {}

  /// Whether all has been taken and nothing more comes.
  package var isAtEnd: Bool { bytes.isEmpty && hasEnded }
  /// Whether a read would not wait.
  package var isReadable: Bool { !bytes.isEmpty || hasEnded }

  /// Takes what fits; nil where a read would wait, 0 at the end.
  package mutating func take(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
    guard !bytes.isEmpty else { return hasEnded ? 0 : nil }
    let count = min(buffer.count, bytes.count)
    buffer.copyBytes(from: bytes[..<count])
    bytes.removeFirst(count)
    return count
  }
}
