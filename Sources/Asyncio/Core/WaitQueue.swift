/// Tasks that wait for something, first come first served; the basis of events, locks and the like.
public final class WaitQueue {
  let list: UnsafeMutablePointer<WaitList>

  public convenience init() { self.init(for: .anything) }

  @usableFromInline init(for kind: WaitKind) {
    list = .allocate(capacity: 1)
    list.initialize(to: WaitList(kind: kind))
  }

  deinit {
    // Tasks that still wait can never be woken through this queue; unlinking keeps the nodes from pointing to
    // it.
    list.abandonAll()
    list.pointee.holder?.release()
    list.deallocate()
  }

  public var isEmpty: Bool { list.pointee.first == nil }

  /// The task that has the lock this queue is for, so that locks which wait for each other can be reported;
  /// nil while it is free.
  package var holder: ScheduledTask? {
    get { list.pointee.holder?.takeUnretainedValue() }
    set {
      let old = list.pointee.holder
      list.pointee.holder = newValue.map { Unmanaged.passRetained($0) }
      old?.release()
    }
  }

  /// The task that has waited longest.
  public var first: ScheduledTask? { list.pointee.first?.pointee.owner.takeUnretainedValue() }

  /// Makes the task that has waited longest ready, and returns it.
  @discardableResult
  public func wakeFirst() -> ScheduledTask? {
    guard let node = list.removeFirst() else { return nil }
    node.makeReady()
    return node.pointee.owner.takeUnretainedValue()
  }

  /// Makes all waiting tasks ready, in the order of their coming.
  public func wakeAll() {
    while let node = list.removeFirst() { node.makeReady() }
  }
}
