/// A message on a CAN bus (ISO 11898-1, classical base and extended frames).
public struct CANFrame: Sendable, Hashable {
  /// 11 bits, or 29 of an extended frame.
  public var identifier: UInt32
  public var isExtended: Bool
  /// Asks for data instead of bringing some.
  public var isRemote: Bool
  /// At most 8 bytes. Of a remote frame only their number is sent.
  public var data: [UInt8]

  /// Longer data is cut off.
  public init(identifier: UInt32, isExtended: Bool = false, isRemote: Bool = false, data: [UInt8] = []) {
    self.identifier = identifier & (isExtended ? 0x1fff_ffff : 0x7ff)
    self.isExtended = isExtended
    self.isRemote = isRemote
    self.data = Array(data.prefix(8))
  }

  /// The bits that decide who goes first, of which lower goes first.
  var priority: UInt32 {
    let remote: UInt32 = isRemote ? 1 : 0
    if !isExtended { return identifier << 21 | remote << 20 }
    return (identifier >> 18) << 21 | 1 << 20 | 1 << 19 | (identifier & 0x3_ffff) << 1 | remote
  }

  /// The bits on the bus from the start of the frame to the end of its check sum, stuffed; true is recessive.
  var stuffedBits: [Bool] {
    var bits = plainBits
    bits += checkSum(of: bits)
    var stuffed: [Bool] = []
    var run = 0
    for bit in bits {
      run = stuffed.last == bit ? run + 1 : 1
      stuffed.append(bit)
      if run == 5 {
        stuffed.append(!bit)
        run = 1
      }
    }
    return stuffed
  }

  private var plainBits: [Bool] {
    var bits = [false]
    func append(_ value: UInt32, _ count: Int) {
      for index in (0..<count).reversed() { bits.append(value >> index & 1 == 1) }
    }
    if isExtended {
      append(identifier >> 18, 11)
      // In the places of RTR and IDE of a base frame.
      append(0b11, 2)
      append(identifier, 18)
      append(isRemote ? 1 : 0, 1)
      append(0, 2)
    } else {
      append(identifier, 11)
      append(isRemote ? 1 : 0, 1)
      append(0, 2)
    }
    append(UInt32(data.count), 4)
    if !isRemote { for byte in data { append(UInt32(byte), 8) } }
    return bits
  }

  /// x^15 + x^14 + x^10 + x^8 + x^7 + x^4 + x^3 + 1.
  private func checkSum(of bits: [Bool]) -> [Bool] {
    var sum: UInt16 = 0
    for bit in bits {
      let flips = bit != (sum >> 14 & 1 == 1)
      sum = sum << 1 & 0x7fff
      if flips { sum ^= 0x4599 }
    }
    return (0..<15).reversed().map { sum >> $0 & 1 == 1 }
  }
}
