/// First in, first out, in a ring that grows and never shrinks: putting and taking allocates nothing once it has its
/// size.
@usableFromInline
struct FIFO<Element> {
  @usableFromInline var slots: [Element?] = []
  @usableFromInline var head = 0
  @usableFromInline var count = 0

  @inlinable init() {}

  @inlinable var isEmpty: Bool { count == 0 }
  @inlinable var first: Element? { count == 0 ? nil : slots[head] }

  @inlinable mutating func append(_ element: Element) {
    if count == slots.count { grow() }
    var index = head + count
    if index >= slots.count { index -= slots.count }
    slots[index] = element
    count += 1
  }

  @inlinable mutating func popFirst() -> Element? {
    guard count > 0 else { return nil }
    let element = slots[head].take()
    head = head + 1 == slots.count ? 0 : head + 1
    count -= 1
    return element
  }

  @usableFromInline mutating func grow() {
    var larger: [Element?] = []
    larger.reserveCapacity(max(8, slots.count * 2))
    for index in 0..<count { larger.append(slots[(head + index) % slots.count].take()) }
    while larger.count < larger.capacity { larger.append(nil) }
    slots = larger
    head = 0
  }
}
