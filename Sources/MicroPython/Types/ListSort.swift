/// `list.sort` and `sorted`: MicroPython's quicksort, step by step, because it is not stable and so the order of
/// equal items shows how it works.
///
/// Facts (py/objlist.c): the last item is the pivot; the key function is called again for each comparison; the
/// smaller part is sorted first.
struct ListSort {
  private let vm: Interpreter
  private let list: ListHandle
  /// `unbound` to compare the items themselves.
  private let key: Value
  /// The result of `<` that keeps an item on its side of the pivot.
  private let wanted: Bool

  /// Sorts in place; `arguments` are the keywords `key` and `reverse`.
  static func sort(_ list: ListHandle, _ arguments: Arguments, _ vm: Interpreter) throws(Raised) {
    let options = try vm.parse(arguments, positional: [], required: 0, keywordOnly: ["key", "reverse"])
    let isReversed = options[1].isUnbound ? false : try vm.isTrue(options[1])
    let sort = ListSort(
      vm: vm, list: list, key: options[0].isNone ? .unbound : options[0], wanted: !isReversed)
    let mark = vm.hold(list.value)
    defer { vm.release(mark) }
    try sort.sort(after: -1, through: list.count - 1)
  }

  /// Sorts the items behind `first` up to `last`.
  private func sort(after first: Int, through last: Int) throws(Raised) {
    var first = first
    var last = last
    while last - first > 1 {
      // In order already, a list takes as many rounds as it has items.
      try vm.passTime(Int64(last - first) * vm.costs.iteration)
      var low = first
      var high = last
      // Other values that are compared are in the list, or only their key is at hand.
      let pivot = try keyed(item(last))
      let mark = vm.hold(pivot)
      defer { vm.release(mark) }
      while true {
        repeat { low += 1 } while try low < high ? isOrdered(keyed(item(low)), pivot) : false
        repeat { high -= 1 } while try low < high ? isOrdered(pivot, keyed(item(high))) : false
        if low >= high { break }
        try swap(low, high)
      }
      try swap(low, last)
      if high - first < last - low {
        try sort(after: first, through: high)
        first = low
      } else {
        try sort(after: low, through: last)
        last = high
      }
    }
  }

  /// Comparing may run firmware code that shortens the list.
  private func item(_ index: Int) throws(Raised) -> Value {
    guard index >= 0, index < list.count else { throw vm.error(.valueError, "list modified during sort") }
    return list[index]
  }

  private func swap(_ left: Int, _ right: Int) throws(Raised) {
    let moved = try item(left)
    list[left] = try item(right)
    list[right] = moved
  }

  private func keyed(_ item: Value) throws(Raised) -> Value {
    key.isUnbound ? item : try vm.callUnpinned(key, count: 1) { $0[0] = item }
  }

  private func isOrdered(_ left: Value, _ right: Value) throws(Raised) -> Bool {
    if left.isSmallInt && right.isSmallInt { return (left.smallInt < right.smallInt) == wanted }
    return try vm.isLess(left, right) == wanted
  }
}
