import Glibc

/// Lines that come through a descriptor, of bounded length.
public struct RequestLines {
  public enum Line {
    case whole([UInt8])
    /// It was longer than `longest`, and has been left out.
    case tooLong
  }

  /// Longest request, bytes: firmware comes in it as text.
  public static let longest = 16 << 20

  private let descriptor: Int32
  private var pending: [UInt8] = []
  /// Up to where `pending` has no end of a line.
  private var looked = 0
  private var skips = false
  private var isAtEnd = false
  private var chunk = [UInt8](repeating: 0, count: 1 << 16)

  public init(descriptor: Int32 = STDIN_FILENO) { self.descriptor = descriptor }

  /// The next line without its end; nil after the last one.
  public mutating func next() -> Line? {
    while true {
      if let end = pending[looked...].firstIndex(of: 0x0A) {
        let line = Array(pending[..<end])
        pending.removeFirst(end + 1)
        looked = 0
        guard !skips else {
          skips = false
          return .tooLong
        }
        return .whole(line)
      }
      if isAtEnd {
        let rest = pending
        pending = []
        looked = 0
        if skips {
          skips = false
          return .tooLong
        }
        return rest.isEmpty ? nil : .whole(rest)
      }
      looked = pending.count
      if pending.count > Self.longest {
        skips = true
        pending = []
        looked = 0
      }
      let count = read(descriptor, &chunk, chunk.count)
      if count > 0 {
        if skips, !chunk[..<count].contains(0x0A) { continue }
        pending += chunk[..<count]
      } else if count == 0 || errno != EINTR {
        isAtEnd = true
      }
    }
  }
}
