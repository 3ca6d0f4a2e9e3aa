/// `collections.deque`: a ring of a fixed size, as in MicroPython.
final class Deque: ValueHolding {
  private var ring: [Value]
  private var first = 0
  private(set) var count = 0
  /// Whether appending to a full deque is an error rather than dropping the item at the other end.
  let refusesOverflow: Bool

  init(capacity: Int, refusesOverflow: Bool) {
    ring = Array(repeating: .unbound, count: capacity)
    self.refusesOverflow = refusesOverflow
  }

  var isFull: Bool { count == ring.count }

  private func slot(_ index: Int) -> Int {
    let position = first + index
    return position < ring.count ? position : position - ring.count
  }

  /// Precondition: `index` is in `0..<count`.
  subscript(index: Int) -> Value {
    get { ring[slot(index)] }
    set { ring[slot(index)] = newValue }
  }

  func append(_ value: Value) {
    if ring.isEmpty { return }
    if isFull { _ = popFirst() }
    ring[slot(count)] = value
    count += 1
  }

  func prepend(_ value: Value) {
    if ring.isEmpty { return }
    if isFull { _ = popLast() }
    first = first == 0 ? ring.count - 1 : first - 1
    ring[first] = value
    count += 1
  }

  func popFirst() -> Value? {
    guard count > 0 else { return nil }
    let value = ring[first]
    ring[first] = .unbound
    first = slot(1)
    count -= 1
    return value
  }

  func popLast() -> Value? {
    guard count > 0 else { return nil }
    count -= 1
    let value = ring[slot(count)]
    ring[slot(count)] = .unbound
    return value
  }

  func visitValues(_ visit: (Value) -> Void) {
    for index in 0..<count { visit(self[index]) }
  }
}

/// Goes through a deque; ends when it is at the deque's present end.
private final class DequeIterator: ValueHolding {
  let source: Value
  let deque: Deque
  var index = 0

  init(_ source: Value, _ deque: Deque) {
    self.source = source
    self.deque = deque
  }

  func visitValues(_ visit: (Value) -> Void) { visit(source) }
}

extension Interpreter {
  func makeDequeType() -> TypeHandle {
    let type = heap.type("deque")
    let iterator = heap.type("iterator")
    iterator.info.iterate = { _, value in value }
    iterator.info.next = { (vm, value) throws(Raised) in
      try vm.passTime(vm.costs.iteration)
      guard let state = NativeHandle(value)?.payload as? DequeIterator, state.index < state.deque.count else {
        return .unbound
      }
      state.index += 1
      return state.deque[state.index - 1]
    }
    type.info.make = { (vm, type, args) throws(Raised) in
      try vm.require(args, 2...3)
      let capacity = try vm.int(args[1])
      if capacity < 0 { throw vm.error(.valueError, arguments: []) }
      try vm.requireMemory(capacity)
      let flags = args.count > 2 ? try vm.int(args[2]) : 0
      let deque = Deque(capacity: capacity, refusesOverflow: flags & 1 != 0)
      let value = vm.heap.native(type, deque, boardBytes: 24 + (capacity + 1) * Heap.boardWord)
      let mark = vm.hold(value)
      defer { vm.release(mark) }
      try vm.forEach(args[0]) { item throws(Raised) in try vm.append(item, to: deque) }
      return value
    }
    type.info.unary = { (vm, operation, value) throws(Raised) in
      let deque = try vm.deque(value)
      switch operation {
      case .bool: return Value(deque.count > 0)
      case .length: return Value(smallInt: deque.count)
      default: return .unbound
      }
    }
    type.info.getItem = { (vm, value, index) throws(Raised) in
      let deque = try vm.deque(value)
      return deque[try vm.position(index, in: value, count: deque.count)]
    }
    type.info.setItem = { (vm, value, index, item) throws(Raised) in
      let deque = try vm.deque(value)
      deque[try vm.position(index, in: value, count: deque.count)] = item
    }
    type.info.iterate = { (vm, value) throws(Raised) in
      vm.heap.native(iterator, DequeIterator(value, try vm.deque(value)))
    }
    define(type) { builder in
      builder.method("append", 1...1) { vm, args throws(Raised) in
        try vm.append(args[1], to: try vm.deque(args[0]))
        return .none
      }
      builder.method("appendleft", 1...1) { vm, args throws(Raised) in
        let deque = try vm.deque(args[0])
        if deque.refusesOverflow, deque.isFull { throw vm.error(.indexError, "full") }
        deque.prepend(args[1])
        return .none
      }
      builder.method("extend", 1...1) { vm, args throws(Raised) in
        let deque = try vm.deque(args[0])
        // A deque that is extended by itself grows meanwhile, and drops what it began with.
        let items = try args[1] == args[0] ? vm.heap.list(vm.collect(args[1])) : args[1]
        try vm.forEach(items) { item throws(Raised) in try vm.append(item, to: deque) }
        return .none
      }
      builder.method("pop", 0...0) { vm, args throws(Raised) in
        guard let item = try vm.deque(args[0]).popLast() else { throw vm.error(.indexError, "empty") }
        return item
      }
      builder.method("popleft", 0...0) { vm, args throws(Raised) in
        guard let item = try vm.deque(args[0]).popFirst() else { throw vm.error(.indexError, "empty") }
        return item
      }
    }
    return type
  }

  private func deque(_ value: Value) throws(Raised) -> Deque {
    guard let deque = NativeHandle(native(of: value))?.payload as? Deque else {
      throw wrongReceiver()
    }
    return deque
  }

  private func append(_ item: Value, to deque: Deque) throws(Raised) {
    if deque.refusesOverflow, deque.isFull { throw error(.indexError, "full") }
    deque.append(item)
  }
}
