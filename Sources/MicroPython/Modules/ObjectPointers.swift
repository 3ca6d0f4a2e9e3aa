/// Objects as words of the board's memory, for the code `O` of `struct`.
extension Interpreter {
  /// Words of the objects that need no memory: where the board's firmware has them in flash.
  private static let singletons: [(word: UInt32, value: Value)] = [
    (0x0808_0000, .none), (0x0808_0010, .false), (0x0808_0020, .true), (0x0808_0030, .ellipsis),
  ]

  /// A small integer is in the word itself, anything else is an address. The word keeps nothing alive.
  func boardWord(of value: Value) throws(Raised) -> UInt32 {
    if value.isSmallInt, (-1 << 30..<1 << 30).contains(value.smallInt) {
      return UInt32(truncatingIfNeeded: value.smallInt << 1 | 1)
    }
    if let known = Interpreter.singletons.first(where: { $0.value == value }) { return known.word }
    guard value.isObject || value.isImmediateFloat else {
      throw error(
        .valueError, "an integer of more than 31 bits has no address; see `vpyboard docs compatibility`")
    }
    let object = value.isObject ? value : heap.floatObject(value.immediateFloat)
    return UInt32(truncatingIfNeeded: heap.boardAddress(of: object))
  }

  /// - Throws: `ValueError` where no object is, which a board would take for one all the same.
  func object(atBoardWord word: UInt32) throws(Raised) -> Value {
    if word & 1 != 0 { return Value(smallInt: Int(Int32(bitPattern: word) >> 1)) }
    if let known = Interpreter.singletons.first(where: { $0.word == word }) { return known.value }
    guard let object = heap.object(atBoardAddress: Int(word)) else {
      throw error(.valueError, "no object at 0x\(String(word, radix: 16)); see `vpyboard docs compatibility`")
    }
    return object
  }
}
