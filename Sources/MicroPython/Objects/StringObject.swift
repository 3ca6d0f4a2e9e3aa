/// `str` and `bytes`: bytes (UTF-8 for `str`) that follow the fixed part in the same allocation.
package struct StringObject {
  var header: ObjectHeader
  var byteCount: Int
  /// Number of characters; equal to `byteCount` for ASCII and for `bytes`.
  var characterCount: Int
  /// MicroPython's 16-bit djb2 hash, never 0.
  var hash: Int
}

/// A `str`.
package struct StringHandle: ObjectHandle {
  package typealias Layout = StringObject
  package static let kind = ObjectKind.string
  package let pointer: UnsafeMutablePointer<StringObject>
  @inline(__always) package init(pointer: UnsafeMutablePointer<StringObject>) { self.pointer = pointer }

  @inline(__always) package var byteCount: Int { pointer.pointee.byteCount }
  @inline(__always) package var characterCount: Int { pointer.pointee.characterCount }
  @inline(__always) package var isASCII: Bool { byteCount == characterCount }
  @inline(__always) package var hash: Int { pointer.pointee.hash }
  @inline(__always) package var isInterned: Bool {
    header.pointee.flags & ObjectHeader.internedFlag != 0
  }
  /// The UTF-8 bytes, valid while the string is reachable.
  @inline(__always) package var utf8: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: StringHandle.bytes(of: pointer), count: byteCount)
  }
  /// Whether these are its bytes.
  @inline(__always) func hasBytes(_ other: UnsafeBufferPointer<UInt8>) -> Bool {
    guard byteCount == other.count else { return false }
    let own = StringHandle.bytes(of: pointer)
    var index = 0
    while index < other.count {
      if own[index] != other[index] { return false }
      index &+= 1
    }
    return true
  }
  package var text: String { String(decoding: utf8, as: UTF8.self) }
  package var bytes: [UInt8] { Array(utf8) }

  @inline(__always) static func bytes(of pointer: UnsafeMutablePointer<StringObject>)
    -> UnsafeMutablePointer<UInt8>
  {
    UnsafeMutableRawPointer(pointer + 1).assumingMemoryBound(to: UInt8.self)
  }

  /// MicroPython's string hash (djb2 with exclusive or, 16 bits, never 0); it decides the order of dicts.
  static func hash(of bytes: some Sequence<UInt8>) -> Int {
    var hash: UInt64 = 5381
    for byte in bytes { hash = (hash &* 33) ^ UInt64(byte) }
    let masked = Int(hash & 0xffff)
    return masked == 0 ? 1 : masked
  }
}

/// A `bytes`.
package struct BytesHandle: ObjectHandle {
  package typealias Layout = StringObject
  package static let kind = ObjectKind.bytes
  package let pointer: UnsafeMutablePointer<StringObject>
  @inline(__always) package init(pointer: UnsafeMutablePointer<StringObject>) { self.pointer = pointer }

  @inline(__always) package var count: Int { pointer.pointee.byteCount }
  @inline(__always) package var hash: Int { pointer.pointee.hash }
  @inline(__always) package var contents: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: StringHandle.bytes(of: pointer), count: count)
  }
  package var bytes: [UInt8] { Array(contents) }
}
