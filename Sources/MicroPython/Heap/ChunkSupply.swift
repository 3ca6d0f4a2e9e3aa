#if canImport(Glibc)
  import Glibc
#endif

/// Chunks of memory for objects and their storage, cut from ever larger pieces that are asked of the host.
///
/// A firmware with much memory fills it before anything is collected. Then the host's page faults cost as much as the
/// interpreter itself, unless the memory comes in huge pages.
///
/// Invariant: chunks are given back all at once, by `deallocate`.
struct ChunkSupply {
  static let chunkSize = 16384
  private static let firstPiece = 1 << 18
  private static let largestPiece = 1 << 23

  private var pieces: [UnsafeMutableRawPointer] = []
  private var next: UnsafeMutableRawPointer?
  private var remaining = 0
  private var pieceSize = firstPiece

  /// A chunk, aligned to its size, not initialised.
  mutating func chunk() -> UnsafeMutableRawPointer {
    if remaining == 0 {
      next = HostMemory.allocate(pieceSize, alignment: ChunkSupply.chunkSize)
      remaining = pieceSize
      pieces.append(next.unsafelyUnwrapped)
      pieceSize = min(pieceSize * 2, ChunkSupply.largestPiece)
    }
    let chunk = next.unsafelyUnwrapped
    next = chunk + ChunkSupply.chunkSize
    remaining -= ChunkSupply.chunkSize
    return chunk
  }

  func deallocate() { for piece in pieces { piece.deallocate() } }
}

/// Large pieces of the host's memory.
enum HostMemory {
  private static let hugePage = 1 << 21

  /// Memory that is not initialised, in huge pages if it is large enough and the host has them. It is given back by
  /// `deallocate`, like any other.
  static func allocate(_ byteCount: Int, alignment: Int) -> UnsafeMutableRawPointer {
    guard byteCount >= hugePage else { return .allocate(byteCount: byteCount, alignment: alignment) }
    let memory = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: hugePage)
    #if canImport(Glibc)
      // Only advice: where it is not taken, the memory is as good but slower.
      _ = madvise(memory, byteCount / hugePage * hugePage, MADV_HUGEPAGE)
    #endif
    return memory
  }
}
