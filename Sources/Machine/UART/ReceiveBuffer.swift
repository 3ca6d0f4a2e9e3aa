/// Characters that wait to be read: the driver's buffer and, behind it, the last place of the hardware's, which keeps
/// one more when the buffer is full (ports/stm32/uart.c).
struct ReceiveBuffer {
  private var slots: [UInt16]
  private var head = 0
  private var stored = 0
  private var register: UInt16?

  init(capacity: Int) { slots = Array(repeating: 0, count: max(0, capacity)) }

  /// The number that `any()` returns: the register counts only when nothing is in the buffer.
  var count: Int { stored > 0 ? stored : (register == nil ? 0 : 1) }

  /// Whether the next character would be lost.
  var isFull: Bool { register != nil }

  /// - Returns: false when there is no room and the character is lost.
  mutating func append(_ value: UInt16) -> Bool {
    if stored < slots.count {
      slots[(head + stored) % slots.count] = value
      stored += 1
      return true
    }
    guard register == nil else { return false }
    register = value
    return true
  }

  mutating func removeFirst() -> UInt16? {
    guard stored > 0 else {
      defer { register = nil }
      return register
    }
    let value = slots[head]
    head = (head + 1) % slots.count
    stored -= 1
    if let waiting = register {
      register = nil
      _ = append(waiting)
    }
    return value
  }
}
