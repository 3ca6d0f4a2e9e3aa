/// A slice applied to a sequence: where to start, where to stop and the step, all within the sequence.
package struct BoundSlice: Equatable {
  package var start: Int
  package var stop: Int
  package var step: Int

  /// The items that a step of 1 takes; empty when the slice ends before it starts.
  package var range: Range<Int> { start..<max(start, stop) }
}

extension Interpreter {
  /// The position that `index` means in `sequence`, counted from its end when negative.
  ///
  /// - Parameter clamps: brings the index into `0...count`, as the bounds of `list.index` are.
  /// - Throws: `IndexError` outside the sequence, `TypeError` for anything but an integer.
  @inline(__always)
  package func position(_ index: Value, in sequence: Value, count: Int, clamps: Bool = false) throws(Raised)
    -> Int
  {
    if index.isSmallInt {
      let position = index.smallInt
      let fromStart = position < 0 ? position + count : position
      if fromStart >= 0 && fromStart < count { return fromStart }
    }
    return try positionSlowly(index, in: sequence, count: count, clamps: clamps)
  }

  @inline(never)
  private func positionSlowly(_ index: Value, in sequence: Value, count: Int, clamps: Bool) throws(Raised)
    -> Int
  {
    guard var position = try integerIfAny(index) else {
      let kinds = (type(of: sequence).name, type(of: index).name)
      throw error(.typeError, "\(kinds.0) indices must be integers, not \(kinds.1)")
    }
    if position < 0 { position += count }
    if clamps { return min(max(position, 0), count) }
    if position < 0 || position >= count {
      throw error(.indexError, "\(type(of: sequence).name) index out of range")
    }
    return position
  }

  /// Returns `value` as an integer, or nil if it is not one (a float is not).
  package func integerIfAny(_ value: Value) throws(Raised) -> Int? {
    if value.isSmallInt { return try int(value) }
    if value.isBool { return value == .true ? 1 : 0 }
    switch value.kind {
    case .bigInt: return try int(value)
    case .instance:
      guard let convert = try findAttribute(value, heap.intern("__int__")) else {
        let part = native(of: value)
        return part.isKind(.instance) ? nil : try integerIfAny(part)
      }
      let integer = try call(convert)
      // As in `unary`.
      guard integer.isSmallInt || integer.isKind(.bigInt) else { throw error(.typeError) }
      return try int(integer)
    default: return nil
    }
  }

  /// The bounds of `slice` in a sequence of `count` items, missing and negative ones filled in.
  package func bounds(of slice: SliceHandle, count: Int) throws(Raised) -> BoundSlice {
    let step = slice.step.isNone ? 1 : try int(slice.step)
    if step == 0 { throw error(.valueError, "slice step can't be zero") }
    // With a negative step, -1 stands for "before the first item".
    let lowest = step > 0 ? 0 : -1
    let highest = step > 0 ? count : count - 1
    let start = try bound(slice.start, lowest, highest, count) ?? (step > 0 ? lowest : highest)
    let stop = try bound(slice.stop, lowest, highest, count) ?? (step > 0 ? highest : lowest)
    return BoundSlice(start: start, stop: stop, step: step)
  }

  private func bound(_ value: Value, _ lowest: Int, _ highest: Int, _ count: Int) throws(Raised) -> Int? {
    if value.isNone { return nil }
    let index = try int(value)
    return min(max(index < 0 ? index + count : index, lowest), highest)
  }

  func positions(of slice: BoundSlice) -> StrideTo<Int> {
    stride(from: slice.start, to: slice.stop, by: slice.step)
  }
}
