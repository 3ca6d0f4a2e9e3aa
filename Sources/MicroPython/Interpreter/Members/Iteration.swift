/// Iteration: `iter`, `next`, and walks over whole iterables.
extension Interpreter {
  /// `iter(value)`.
  package func iterate(_ value: Value) throws(Raised) -> Value {
    if value.isObject {
      switch value.header.pointee.kind {
      case .generator, .rangeIterator, .sequenceIterator: return value
      case .list, .tuple, .string, .bytes, .dict, .array: return heap.sequenceIterator(over: value)
      case .range:
        let range = RangeHandle(unchecked: value)
        return heap.rangeIterator(range.start, range.stop, range.step)
      case .instance:
        let instance = InstanceHandle(unchecked: value)
        let method = classMember(names.iter, of: instance.type)
        if !method.isUnbound && !(method.isKind(.nativeFunction) && !instance.native.isUnbound) {
          return try callSpecial(method, on: value)
        }
        let hasItems = !classMember(names.getitem, of: instance.type).isUnbound
        // An exception is the one built-in base that has no items of its own.
        if !instance.native.isUnbound, !instance.native.isKind(.exception) {
          return try iterate(instance.native)
        }
        if hasItems { return heap.sequenceIterator(over: value) }
      default:
        let info = type(of: value).info
        if let slot = info.iterate { return try slot(self, value) }
        if info.next != nil || info.step != nil { return value }
      }
    }
    throw error(.typeError, "'\(type(of: value).name)' object isn't iterable")
  }

  /// The iterator of a loop. On the board it lies on the stack, so that loops over built-in objects run while the
  /// heap is locked.
  func iterateInLoop(_ value: Value) throws(Raised) -> Value {
    guard heap.lockDepth != 0 else { return try iterate(value) }
    if let instance = InstanceHandle(value), classMember(names.iter, of: instance.type).isKind(.function) {
      return try iterate(value)
    }
    let depth = heap.lockDepth
    heap.lockDepth = 0
    defer { heap.lockDepth = depth }
    return try iterate(value)
  }

  /// The next item, or nil at the end. A collection that falls due meanwhile waits, because the caller may hold
  /// values that the heap does not know.
  package func next(_ iterator: Value) throws(Raised) -> Value? {
    state.pointee.pinDepth += 1
    defer { unpin() }
    let value = try nextOrUnbound(iterator)
    return value.isUnbound ? nil : value
  }

  /// The next item, or `unbound` at the end.
  ///
  /// Every step of a built-in through an iterator is taken here. It takes board time, so that events happen,
  /// Ctrl-C and the end of the power take effect however long the iterator goes on, and garbage is collected
  /// when memory is used up: a caller in a loop has to hold what it keeps (`hold`).
  func nextOrUnbound(_ iterator: Value) throws(Raised) -> Value {
    guard iterator.isObject else { throw notAnIterator(iterator) }
    if _slowPath(state.pointee.needsAttention) { try collectInBuiltIn() }
    switch iterator.header.pointee.kind {
    case .rangeIterator:
      try passTime(costs.iteration)
      let range = iterator.address(as: RangeIteratorObject.self)
      let next = range.pointee.next
      guard range.pointee.step > 0 ? next < range.pointee.stop : next > range.pointee.stop else {
        return .unbound
      }
      range.pointee.next = next + range.pointee.step
      return heap.int(next)
    case .sequenceIterator:
      try passTime(costs.iteration)
      return try nextOfSequenceIterator(iterator)
    case .generator:
      try passTime(0)
      let generator = GeneratorHandle(unchecked: iterator)
      switch try resume(generator) {
      case .yielded(let value): return value
      case .returned(let value):
        stopValue = value
        return .unbound
      }
    case .instance:
      try passTime(0)
      let method = classMember(names.next, of: InstanceHandle(unchecked: iterator).type)
      guard !method.isUnbound else { throw notAnIterator(iterator) }
      do throws(Raised) {
        return try callSpecial(method, on: iterator)
      } catch {
        guard isException(error.exception, .stopIteration) else { throw error }
        stopValue = stopIterationValue(error.exception)
        return .unbound
      }
    default:
      let info = type(of: iterator).info
      if let slot = info.next {
        // An iterator over an iterator over an iterator …
        guard state.pointee.iterationDepth < 100 else { throw recursionError() }
        try passTime(0)
        state.pointee.iterationDepth += 1
        defer { state.pointee.iterationDepth -= 1 }
        return try slot(self, iterator)
      }
      if let step = info.step {
        switch try step(self, iterator, .none) {
        case .finished: return .unbound
        case .parked: return .none
        case .yielded(let value): return value
        }
      }
      throw notAnIterator(iterator)
    }
  }

  private func notAnIterator(_ value: Value) -> Raised {
    error(.typeError, "'\(type(of: value).name)' object isn't an iterator")
  }

  /// Calls `body` with every item of an iterable, see `nextOrUnbound`.
  package func forEach(_ iterable: Value, _ body: (Value) throws(Raised) -> Void) throws(Raised) {
    try forEachItem(of: try iterate(iterable), body)
  }

  /// Calls `body` with every item that an iterator gives. Values that `body` holds are released at the end.
  @inline(__always)
  func forEachItem(of iterator: Value, _ body: (Value) throws(Raised) -> Void) throws(Raised) {
    let mark = hold(iterator)
    defer { release(mark) }
    while true {
      let item = try nextOrUnbound(iterator)
      if item.isUnbound { return }
      try body(item)
    }
  }

  /// The first item of an iterable for which `condition` holds, or `unbound`.
  func firstItem(
    of iterable: Value, where condition: (Value) throws(Raised) -> Bool
  ) throws(Raised) -> Value {
    let iterator = try iterateInLoop(iterable)
    let mark = hold(iterator)
    defer { release(mark) }
    while true {
      let item = try nextOrUnbound(iterator)
      if item.isUnbound { return item }
      if try condition(item) { return item }
    }
  }

  /// Every item of an iterable, at most `limit` of them.
  package func collect(_ iterable: Value, atMost limit: Int = .max) throws(Raised) -> [Value] {
    if limit == .max, let tuple = TupleHandle(iterable) { return Array(tuple.items) }
    if limit == .max, let list = ListHandle(iterable) { return Array(list.items) }
    let iterator = try iterateInLoop(iterable)
    let mark = hold(iterator)
    defer { release(mark) }
    while temporaryRoots.count - mark <= limit {
      let item = try nextOrUnbound(iterator)
      if item.isUnbound { break }
      // An endless iterator must not fill the host's memory.
      let count = temporaryRoots.count - mark
      if count & 1023 == 0 { try requireMemory(count) }
      temporaryRoots.append(item)
    }
    return Array(temporaryRoots[(mark + 1)...])
  }
}
