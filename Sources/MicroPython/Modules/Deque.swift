/// `collections.deque`: a ring of a fixed size, as in MicroPython.
final class Deque: ValueHolding {
  /// One place more than items fit, so that a full ring differs from an empty one.
  private var ring: [Value]
  /// The place of the first item.
  private var first = 0
  /// The place of the next item that is appended; iterators end there.
  private(set) var end = 0
  /// Whether appending to a full deque is an error rather than dropping the item at the other end.
  let refusesOverflow: Bool

  init(capacity: Int, refusesOverflow: Bool) {
    ring = Array(repeating: .unbound, count: capacity + 1)
    self.refusesOverflow = refusesOverflow
  }

  var count: Int { end >= first ? end - first : end - first + ring.count }
  var isFull: Bool { place(after: end) == first }
  var firstPlace: Int { first }

  func place(after place: Int) -> Int { place + 1 == ring.count ? 0 : place + 1 }
  private func place(before place: Int) -> Int { place == 0 ? ring.count - 1 : place - 1 }

  /// Returns the item in a place of the ring; `unbound` for an empty place.
  func item(at place: Int) -> Value { ring[place] }

  private func place(ofIndex index: Int) -> Int {
    let place = first + index
    return place < ring.count ? place : place - ring.count
  }

  /// Precondition: `index` is in `0..<count`.
  subscript(index: Int) -> Value {
    get { ring[place(ofIndex: index)] }
    set { ring[place(ofIndex: index)] = newValue }
  }

  /// The item that is dropped for it stays in its place until something else is put there, as on the board.
  func append(_ value: Value) {
    ring[end] = value
    end = place(after: end)
    if end == first { first = place(after: first) }
  }

  func prepend(_ value: Value) {
    first = place(before: first)
    ring[first] = value
    if end == first { end = place(before: end) }
  }

  func popFirst() -> Value? {
    guard first != end else { return nil }
    let value = ring[first]
    ring[first] = .unbound
    first = place(after: first)
    return value
  }

  func popLast() -> Value? {
    guard first != end else { return nil }
    end = place(before: end)
    let value = ring[end]
    ring[end] = .unbound
    return value
  }

  func visitValues(_ visit: (Value) -> Void) {
    for value in ring where !value.isUnbound { visit(value) }
  }
}

/// Goes through a deque from place to place of the ring, not by index: while items are added and dropped it stays where it
/// is, and it ends at the place of the next item that would be appended, or at one that has been emptied.
private final class DequeIterator: ValueHolding {
  let source: Value
  let deque: Deque
  var place: Int

  init(_ source: Value, _ deque: Deque) {
    self.source = source
    self.deque = deque
    place = deque.firstPlace
  }

  func next() -> Value {
    guard place != deque.end else { return .unbound }
    let item = deque.item(at: place)
    place = deque.place(after: place)
    return item
  }

  func visitValues(_ visit: (Value) -> Void) { visit(source) }
}

/// `collections.deque`
enum DequeClass: PythonClass {
  static let name = "deque"
  static let boardBytes = 24

  static func define(_ type: PythonClassBuilder<Interpreter, Deque>) {
    let objects = type.objects
    type.make(
      .required("iterable", .value), .required("maxlen", .int), .optional("flags", .value)
    ) { call, items, capacity, flags -> Value in
      let vm = call.vm
      if capacity < 0 { throw vm.error(.valueError, arguments: []) }
      try vm.requireMemory(capacity)
      let flags = if let flags { try vm.int(flags) } else { 0 }
      let deque = Deque(capacity: capacity, refusesOverflow: flags & 1 != 0)
      let value = objects.make(deque, boardBytes: boardBytes + (capacity + 1) * Heap.boardWord)
      let mark = vm.hold(value)
      defer { vm.release(mark) }
      try vm.forEach(items) { item throws(Raised) in try append(item, to: deque, vm) }
      return value
    }
    defineMethods(of: type)
    defineSlots(of: type)
  }

  private static func defineMethods(of type: PythonClassBuilder<Interpreter, Deque>) {
    type.fastMethod("append", "x") { (deque, vm, args) throws(Raised) in
      try append(args[0], to: deque, vm)
      return .none
    }
    type.fastMethod("appendleft", "x") { (deque, vm, args) throws(Raised) in
      if deque.refusesOverflow, deque.isFull { throw vm.error(.indexError, "full") }
      deque.prepend(args[0])
      return .none
    }
    type.method("extend", .required("iterable", .value)) { deque, call, given in
      let vm = call.vm
      // A deque that is extended by itself grows meanwhile, and drops its original items.
      let items = try given == call.object ? vm.heap.list(vm.collect(given)) : given
      // The board goes through tuples and lists without an iterator on its heap.
      if items.isKind(.tuple) || items.isKind(.list) {
        for item in try vm.collect(items) { try append(item, to: deque, vm) }
      } else {
        try vm.forEach(items) { item throws(Raised) in try append(item, to: deque, vm) }
      }
    }
    type.fastMethod("pop") { (deque, vm, _) throws(Raised) in
      guard let item = deque.popLast() else { throw vm.error(.indexError, "empty") }
      return item
    }
    type.fastMethod("popleft") { (deque, vm, _) throws(Raised) in
      guard let item = deque.popFirst() else { throw vm.error(.indexError, "empty") }
      return item
    }
  }

  private static func defineSlots(of type: PythonClassBuilder<Interpreter, Deque>) {
    let (objects, iterators) = (type.objects, DequeIteratorClass.make(in: type.vm, host: type.host).objects)
    type.slots.unary = { (vm, operation, value) throws(Raised) in
      let deque = try objects.receiver(of: value)
      switch operation {
      case .bool: return Value(deque.count > 0)
      case .length: return Value(smallInt: deque.count)
      default: return .unbound
      }
    }
    type.slots.getItem = { (vm, value, index) throws(Raised) in
      let deque = try objects.receiver(of: value)
      return deque[try vm.position(index, in: value, count: deque.count)]
    }
    type.slots.setItem = { (vm, value, index, item) throws(Raised) in
      let deque = try objects.receiver(of: value)
      deque[try vm.position(index, in: value, count: deque.count)] = item
    }
    type.slots.iterate = { (vm, value) throws(Raised) in
      iterators.make(DequeIterator(value, try objects.receiver(of: value)))
    }
  }

  private static func append(_ item: Value, to deque: Deque, _ vm: Interpreter) throws(Raised) {
    if deque.refusesOverflow, deque.isFull { throw vm.error(.indexError, "full") }
    deque.append(item)
  }
}

private enum DequeIteratorClass: PythonClass {
  static let name = "iterator"

  static func define(_ type: PythonClassBuilder<Interpreter, DequeIterator>) {
    type.iterator { (iterator, vm) throws(Raised) in
      try vm.passTime(vm.costs.iteration)
      return iterator.next()
    }
  }
}
