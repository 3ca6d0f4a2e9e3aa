/// A MicroPython value in one trivial 64-bit word; copying it costs nothing but the copy.
///
/// | low bits | meaning |
/// |---|---|
/// | `…1` | small integer, 63 bits, in the upper bits |
/// | `…10` | float: the double's bits rotated so that the exponents 2^-255…2^256 fit (Ruby's "flonum") |
/// | `…100` | the singletons below |
/// | `…000` | address of a heap object, or `unbound` when zero |
///
/// Every single-precision float but the infinities, NaN and -0.0 is immediate, and so are almost all doubles;
/// the rest live in preallocated or heap objects. Low-bit tags were chosen over NaN-boxing because integer
/// code, which firmware is full of, then needs no unpacking: additions work on the tagged words themselves.
public struct Value: Hashable, Sendable {
  public var bits: UInt64

  @inlinable @inline(__always) public init(bits: UInt64) { self.bits = bits }

  /// No value: an unassigned local, an absent argument, the end of an iteration.
  @inlinable public static var unbound: Value { Value(bits: 0) }
  @inlinable public static var none: Value { Value(bits: 0x04) }
  @inlinable public static var `false`: Value { Value(bits: 0x0c) }
  @inlinable public static var `true`: Value { Value(bits: 0x14) }
  @inlinable public static var ellipsis: Value { Value(bits: 0x1c) }
  @inlinable public static var notImplemented: Value { Value(bits: 0x24) }
  /// Marks a deleted slot in hash tables; never visible to programs.
  static var tombstone: Value { Value(bits: 0x2c) }

  @inlinable @inline(__always) public init(_ flag: Bool) { bits = flag ? 0x14 : 0x0c }

  @inlinable @inline(__always) public var isUnbound: Bool { bits == 0 }
  @inlinable @inline(__always) public var isNone: Bool { bits == 0x04 }
  @inlinable @inline(__always) public var isBool: Bool { bits == 0x0c || bits == 0x14 }
  /// Truth of a bool, None or small integer.
  @inline(__always) var isTriviallyTrue: Bool { bits != 0x0c && bits != 0x04 && bits != 0x01 }
  @inlinable @inline(__always) public var isObject: Bool { bits & 7 == 0 && bits != 0 }
}

// MARK: Small integers

extension Value {
  /// The range of immediate integers.
  public static let smallIntRange = (-1 << 62)...((1 << 62) - 1)
  /// Integers that a board holds without its heap (31 bits); beyond, they count as heap objects.
  @inline(__always) static func fitsBoardWord(_ taggedBits: UInt64) -> Bool {
    // A 31-bit integer with its tag is a sign-extended 32-bit number.
    Int64(Int32(truncatingIfNeeded: Int64(bitPattern: taggedBits))) == Int64(bitPattern: taggedBits)
  }

  @inlinable @inline(__always) public var isSmallInt: Bool { bits & 1 != 0 }
  /// The integer; only meaningful when `isSmallInt`.
  @inlinable @inline(__always) public var smallInt: Int { Int(Int64(bitPattern: bits) &>> 1) }
  /// Precondition: `smallIntRange` contains `integer`.
  @inlinable @inline(__always) public init(smallInt integer: Int) {
    bits = UInt64(bitPattern: Int64(integer) &<< 1) | 1
  }
}

// MARK: Floats

extension Value {
  @inlinable @inline(__always) public var isImmediateFloat: Bool { bits & 3 == 2 }

  /// The immediate form of `double`, or nil when it needs a heap object.
  @inline(__always) static func immediate(_ double: Double) -> Value? {
    let pattern = double.bitPattern
    let exponent = (pattern &>> 60) & 7
    if (exponent &- 3) <= 1 && pattern != 0x3000_0000_0000_0000 {
      return Value(bits: ((pattern &<< 3 | pattern &>> 61) & ~3) | 2)
    }
    return pattern == 0 ? Value(bits: 0x8000_0000_0000_0002) : nil
  }

  /// The float; only meaningful when `isImmediateFloat`.
  @inlinable @inline(__always) public var immediateFloat: Double {
    if bits == 0x8000_0000_0000_0002 { return 0 }
    let rotated = (2 &- (bits &>> 63)) | (bits & ~3)
    return Double(bitPattern: rotated &>> 3 | rotated &<< 61)
  }
}
