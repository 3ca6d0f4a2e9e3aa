/// First in, first out, in a ring that grows and never shrinks: putting and taking allocates nothing once it has its
/// size.
@usableFromInline
package struct FIFO<Element> {
  @usableFromInline package var slots: [Element?] = []
  @usableFromInline package var head = 0
  @usableFromInline package var count = 0

  @inlinable package init() {}

  @inlinable package var isEmpty: Bool { count == 0 }
  @inlinable package var first: Element? { count == 0 ? nil : slots[head] }

  @inlinable package mutating func append(_ element: Element) {
    if count == slots.count { grow() }
    var index = head + count
    if index >= slots.count { index -= slots.count }
    slots[index] = element
    count += 1
  }

  @inlinable package mutating func popFirst() -> Element? {
    guard count > 0 else { return nil }
    let element = slots[head].take()
    head = head + 1 == slots.count ? 0 : head + 1
    count -= 1
    return element
  }

  @inlinable package mutating func grow() {
    var larger: [Element?] = []
    larger.reserveCapacity(max(8, slots.count * 2))
    for index in 0..<count { larger.append(slots[(head + index) % slots.count].take()) }
    while larger.count < larger.capacity { larger.append(nil) }
    slots = larger
    head = 0
  }
}
