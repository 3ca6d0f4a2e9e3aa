import MicroPython

/// Completes names at the prompt for the tab key: names of `__main__` and attributes of their objects
/// (`mp_repl_autocomplete`, py/repl.c).
struct NameCompletion {
  let vm: Interpreter

  private static let importPrefix = Array("import ".utf8)
  /// Columns of the list of matches.
  private static let slotWidth = 16
  private static let lineWidth = 64

  /// - Parameter line: up to the cursor.
  func complete(_ line: ArraySlice<UInt8>) -> LineEditor.Completion {
    let chain = line.suffix(
      line.reversed().prefix { InputContinuation.isIdentifier($0) || $0 == UInt8(ascii: ".") }.count)
    let words = chain.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    let word = Array(words.last ?? [])
    guard let object = object(named: words.dropLast()) else { return .nothing }
    let isImport = line.starts(with: Self.importPrefix)
    let names = matches(for: word, among: isImport ? vm.nativeModuleNames : vm.attributeNames(of: object))
    guard let first = names.first else { return completeImport(word, line) }
    let common = names.dropFirst().reduce(first) { Array(zip($0, $1).prefix { $0 == $1 }.map(\.0)) }
    if common.count > word.count { return .insertion(Array(common[word.count...])) }
    return names.count == 1 ? .nothing : .list(list(names))
  }

  /// Returns the object that `a.b.` refers to, beginning in `__main__`; nil when there is no such object.
  private func object(named path: some Sequence<ArraySlice<UInt8>>) -> Value? {
    var object = vm.mainModule
    for name in path {
      do throws(Raised) {
        guard let next = try vm.findAttribute(object, vm.heap.intern(String(decoding: name, as: UTF8.self)))
        else {
          return nil
        }
        object = next
      } catch { return nil }
    }
    return object
  }

  /// Names with an underscore in front are left out until one was typed.
  private func matches(for word: [UInt8], among names: [String]) -> [[UInt8]] {
    names.map { Array($0.utf8) }
      .filter { $0.starts(with: word) && (!word.isEmpty || $0.first != UInt8(ascii: "_")) }
      .sorted { $0.lexicographicallyPrecedes($1) }
  }

  /// The first word of a line may be `import`.
  private func completeImport(_ word: [UInt8], _ line: ArraySlice<UInt8>) -> LineEditor.Completion {
    guard !word.isEmpty, word.count == line.count, Self.importPrefix.starts(with: word) else {
      return .nothing
    }
    return .insertion(Array(Self.importPrefix[word.count...]))
  }

  private func list(_ names: [[UInt8]]) -> [UInt8] {
    var output: [UInt8] = []
    var column = Self.lineWidth
    for name in names {
      var gap = (column + Self.slotWidth - 1) / Self.slotWidth * Self.slotWidth - column
      if gap < 2 { gap += Self.slotWidth }
      if column + gap + name.count <= Self.lineWidth {
        output += [UInt8](repeating: UInt8(ascii: " "), count: gap) + name
        column += gap + name.count
      } else {
        output += Array("\r\n".utf8) + name
        column = name.count
      }
    }
    return output + Array("\r\n".utf8)
  }
}
