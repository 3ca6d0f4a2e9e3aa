/// Instructions that report reads and writes of state that tasks can share to an observer: globals, closure
/// variables, attributes, items and contents of containers. Only compiled in when asked for (`--debug`), so
/// that ordinary code pays nothing.
extension FunctionCompiler {
  private var isWatching: Bool { options.watchesSharedState }

  func watchGlobal(_ name: String, writing source: Int? = nil) {
    guard isWatching else { return }
    if let source {
      emit(.watchGlobalWrite, b: nameIndex(name), c: written(source))
    } else {
      emit(.watchGlobalRead, b: nameIndex(name))
    }
  }

  func watchCell(_ register: Int, writing source: Int? = nil) {
    guard isWatching else { return }
    if let source {
      emit(.watchCellWrite, a: register, c: written(source))
    } else {
      emit(.watchCellRead, a: register)
    }
  }

  func watchAttribute(_ name: String, of object: Int, writing source: Int? = nil) {
    guard isWatching else { return }
    if let source {
      emit(.watchAttributeWrite, a: object, b: nameIndex(name), c: written(source))
    } else {
      emit(.watchAttributeRead, a: object, b: nameIndex(name))
    }
  }

  func watchItem(_ key: Int, of container: Int, writing source: Int? = nil) {
    guard isWatching else { return }
    if let source {
      emit(.watchItemWrite, a: container, b: key, c: written(source))
    } else {
      emit(.watchItemRead, a: container, b: key)
    }
  }

  /// An item whose index is a constant.
  func watchItem(at index: Int, of container: Int) {
    if isWatching { emit(.watchItemIntRead, a: container, c: index) }
  }

  /// Returns the operand for a written value: a register, or that it is new data.
  private func written(_ source: Int) -> Int { assignsNewData ? SharedAccess.newData : source }

  func watchContentRead(of container: Int) {
    if isWatching { emit(.watchContentRead, a: container) }
  }

  /// A call of the method `name`, which stands ready with its receiver behind it.
  func watchMethod(_ name: String, receiver: Int, arguments: [Argument] = []) {
    guard isWatching else { return }
    if Self.readingMethods.contains(name) { emit(.watchContentRead, a: receiver) }
    if Self.writingMethods.contains(name) {
      let isNew = !arguments.isEmpty && !arguments.contains { mayHoldStaleRead($0.value) }
      emit(.watchContentWrite, a: receiver, c: isNew ? SharedAccess.newData : 0)
    }
  }

  /// Methods of built-in containers that look at the content as a whole.
  private static let readingMethods: Set<String> = [
    "copy", "count", "get", "index", "items", "keys", "pop", "popitem", "popleft", "values",
  ]
  /// Methods of built-in containers that change it.
  private static let writingMethods: Set<String> = [
    "add", "append", "appendleft", "clear", "discard", "extend", "insert", "pop", "popitem", "popleft",
    "remove", "reverse", "setdefault", "sort", "update",
  ]
}
