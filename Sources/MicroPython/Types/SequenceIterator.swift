/// The iterators that `iter` makes of built-in sequences, dicts, sets and objects with `__getitem__`.
extension Interpreter {
  func installSequenceIterators() {
    let info = heap.types.iterator.info
    info.iterate = { (_, value) throws(Raised) in value }
    info.next = { (vm, value) throws(Raised) in try vm.nextOfSequenceIterator(value) }
  }

  /// The next item of an iterator of kind `sequenceIterator` or `rangeIterator`, or `unbound` at its end.
  ///
  /// The source may change meanwhile; its present length decides.
  package func nextOfSequenceIterator(_ value: Value) throws(Raised) -> Value {
    if value.isKind(.rangeIterator) { return nextOfRange(value.address(as: RangeIteratorObject.self)) }
    let iterator = SequenceIteratorHandle(unchecked: value).pointer
    let source = iterator.pointee.source
    let index = iterator.pointee.index
    switch source.kind {
    case .list:
      let list = ListHandle(unchecked: source)
      guard index < list.count else { return .unbound }
      iterator.pointee.index = index + 1
      return list[index]
    case .tuple:
      let tuple = TupleHandle(unchecked: source)
      guard index < tuple.count else { return .unbound }
      iterator.pointee.index = index + 1
      return tuple[index]
    case .string: return nextCharacter(iterator, StringHandle(unchecked: source))
    case .bytes:
      let bytes = BytesHandle(unchecked: source)
      guard index < bytes.count else { return .unbound }
      iterator.pointee.index = index + 1
      return Value(smallInt: Int(bytes.contents[index]))
    case .array:
      guard index < ArrayHandle(unchecked: source).count, let getItem = type(of: source).info.getItem else {
        return .unbound
      }
      iterator.pointee.index = index + 1
      return try getItem(self, source, Value(smallInt: index))
    case .dict: return nextEntry(iterator, DictHandle(unchecked: source))
    case .set: return nextElement(iterator, SetHandle(unchecked: source))
    default: return try nextByGetItem(iterator)
    }
  }

  private func nextOfRange(_ iterator: UnsafeMutablePointer<RangeIteratorObject>) -> Value {
    let next = iterator.pointee.next
    let step = iterator.pointee.step
    guard step > 0 ? next < iterator.pointee.stop : next > iterator.pointee.stop else { return .unbound }
    iterator.pointee.next = next &+ step
    return heap.int(next)
  }

  /// The index counts bytes.
  private func nextCharacter(
    _ iterator: UnsafeMutablePointer<SequenceIteratorObject>, _ string: StringHandle
  ) -> Value {
    let start = iterator.pointee.index
    let utf8 = string.utf8
    guard start < utf8.count else { return .unbound }
    var end = start + 1
    while end < utf8.count, utf8[end] & 0xc0 == 0x80 { end += 1 }
    iterator.pointee.index = end
    let character = UnsafeBufferPointer(rebasing: utf8[start..<end])
    // Single characters are names on the board too.
    return heap.intern(utf8: character)
  }

  private func nextEntry(_ iterator: UnsafeMutablePointer<SequenceIteratorObject>, _ dict: DictHandle)
    -> Value
  {
    var index = iterator.pointee.index
    while index < dict.slotCount {
      if let entry = dict.entry(at: index) {
        iterator.pointee.index = index + 1
        switch iterator.pointee.mode {
        case DictView.Mode.keys.rawValue: return entry.key
        case DictView.Mode.values.rawValue: return entry.value
        default:
          let pair = heap.tuple(count: 2)
          pair[0] = entry.key
          pair[1] = entry.value
          return pair.value
        }
      }
      index += 1
    }
    // An iterator at the end stays behind the last one that it gave, so it goes on when something comes to be there.
    return .unbound
  }

  private func nextElement(_ iterator: UnsafeMutablePointer<SequenceIteratorObject>, _ set: SetHandle)
    -> Value
  {
    var index = iterator.pointee.index
    while index < set.slotCount {
      if let element = set.element(at: index) {
        iterator.pointee.index = index + 1
        return element
      }
      index += 1
    }
    // An iterator at the end stays behind the last one that it gave, so it goes on when something comes to be there.
    return .unbound
  }

  /// The old protocol: `__getitem__(0)`, `__getitem__(1)` … until it raises `IndexError` or `StopIteration`.
  private func nextByGetItem(_ iterator: UnsafeMutablePointer<SequenceIteratorObject>) throws(Raised) -> Value
  {
    do {
      let item = try getItem(iterator.pointee.source, Value(smallInt: iterator.pointee.index))
      iterator.pointee.index += 1
      return item
    } catch {
      let raised = type(of: error.exception)
      if raised == exceptionType(.indexError) || raised == exceptionType(.stopIteration) { return .unbound }
      throw error
    }
  }
}
